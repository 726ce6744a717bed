"""Clients as the rows of a source: what each brought over a span of days, who is new, who came back, who is dormant."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.scoping import MATTER_JOIN, matters_in
from apps.reports.queries.sources.as_of import rows_of
from apps.reports.queries.sources.dated import OF_LINES, OF_MONEY
from apps.reports.queries.sources.facts import LINE_FACTS, SETTLE_FACTS, Facts
from apps.reports.queries.sources.matters import OF_MATTERS, STOPS
from apps.reports.queries.sources.over_spans import Placed, over_spans
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import (
    ChosenRows,
    RowShape,
    beside_rows,
    by_levels,
    choose_rows,
    company_join,
    listed_measures,
)
from apps.reports.queries.sources.trailing import CAME_IN, spans_of, stretches_of, twelve_months, year_before

_MONEY = """
WITH placed AS MATERIALIZED ({rows})
{levels}
"""
# A client's first matter is looked for in all that the reader may see, whatever else is asked.
_COMING = """
WITH first_matter AS MATERIALIZED (
    SELECT r.firm_id, r.matter_id, r.opened_on, min(r.opened_on) OVER (PARTITION BY m.client_id) AS first_on,
           row_number() OVER (PARTITION BY m.client_id ORDER BY r.opened_on, r.matter_id) = 1 AS is_first
    FROM reports_matter r {matter_join}
    WHERE r.firm_id = %(firm)s AND m.client_id IS NOT NULL AND r.opened_on IS NOT NULL AND {scope}
), placed AS MATERIALIZED (
    SELECT {keys}{bucket} AS bucket, greatest({piece}, {first}) AS piece_first, m.client_id, r.is_first, r.first_on
    FROM first_matter r {joins}
    WHERE r.opened_on BETWEEN {first} AND {last} AND {condition}
)
{levels}
"""
_DORMANT = """
WITH points AS (
    SELECT * FROM unnest({buckets}::date[], {days}::date[], {firsts}::date[], {lasts}::date[])
                  AS point(bucket, day, span_first, span_last)
), seen AS MATERIALIZED (
    SELECT r.matter_id, m.client_id, r.opened_on, {stops} AS stops_on
    FROM reports_matter r {matter_join}
    WHERE r.firm_id = %(firm)s AND m.client_id IS NOT NULL AND {scope}
), busy AS MATERIALIZED (
    SELECT seen.client_id, points.day FROM seen JOIN points
        ON seen.opened_on <= points.day AND coalesce(seen.stops_on > points.day, true)
    UNION
    SELECT w.client_id, points.day
    FROM (
        SELECT DISTINCT seen.client_id, r.worked_on AS on_day FROM reports_time r JOIN seen USING (matter_id)
        WHERE r.firm_id = %(firm)s AND r.worked_on BETWEEN {earliest} AND {latest}
        UNION
        SELECT seen.client_id, r.worked_on FROM reports_expense r JOIN seen USING (matter_id)
        WHERE r.firm_id = %(firm)s AND r.worked_on BETWEEN {earliest} AND {latest}
        UNION
        SELECT coalesce(m.client_id, r.payer_id), r.issued_on FROM reports_line r {matter_join}
        WHERE r.firm_id = %(firm)s AND r.issued_on BETWEEN {earliest} AND {latest}
          AND (r.matter_id IS NULL OR r.matter_id IN (SELECT matter_id FROM seen))
    ) w JOIN points ON w.on_day BETWEEN points.span_first AND points.span_last
), placed AS MATERIALIZED (
    SELECT {keys}points.bucket, points.day, m.client_id
    FROM reports_matter r {joins} JOIN points ON r.opened_on <= points.day
    WHERE r.firm_id = %(firm)s AND m.client_id IS NOT NULL AND {condition}
      AND NOT EXISTS (SELECT FROM busy WHERE busy.client_id = m.client_id AND busy.day = points.day)
)
{levels}
"""


def of_clients(shape: RowShape) -> RowShape:
    """Return the shape of rows of which a client's are one."""
    client: dict[Dimension | RowKey, str] = {RowKey.ID: shape.expression(Dimension.CLIENT), RowKey.PART: "NULL::text"}
    return replace(shape, own={**(shape.own or {}), **client}, fee="")


@dataclass(frozen=True, slots=True)
class ClientMoney:
    """One row per client and key: `total` over the 12 months, its `place` among those above zero and their `whole`.

    is_twice: a row tells instead whether there was anything in the 12 months (`is_now`) and in the 12 before them
    (`is_before`).
    """

    table: str
    placed_on: str
    shape: RowShape
    extra: str = "true"
    facts: Facts | None = None
    is_twice: bool = False

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures over clients."""
        chosen, client = choose_rows(reading, self.shape), self.shape.expression(RowKey.ID)
        narrowed = replace(
            chosen,
            joins=self._joins(chosen),
            condition=f"{chosen.condition} AND {client} IS NOT NULL",
        )
        before = stretches_of(reading, year_before, is_before=True) if self.is_twice else []
        rows = over_spans(
            reading,
            Placed(self.table, self.placed_on, self.extra, self.facts),
            narrowed,
            {"client_id": client},
            {} if self.is_twice else {"net": "r.net"},
            [*before, *stretches_of(reading, twelve_months)],
            "clients_twice" if self.is_twice else "clients",
        )
        levels = by_levels(reading, lambda level: self.rows(level, reading), listed_measures(measures))
        return Piece(_MONEY.format(rows=rows.text, levels=levels), {**chosen.values, **rows.values})

    def _joins(self, chosen: ChosenRows) -> str:
        joins = chosen.joins if MATTER_JOIN in chosen.joins else f"{MATTER_JOIN} {chosen.joins}"
        is_lacking = "cc." in self.shape.expression(RowKey.ID) and " cc " not in joins
        return f"{joins} {company_join(self.shape)}" if is_lacking else joins

    def rows(self, level: Level, reading: Reading) -> str:
        """Return the query of a level's rows."""
        return _in_years(level, reading) if self.is_twice else _ranked(level, reading)


def _ranked(level: Level, reading: Reading) -> str:
    beside = beside_rows(level, reading)
    within, of_level = ", ".join([*level, "client_id"]), f"PARTITION BY {', '.join(beside)}" if beside else ""
    totals = f"SELECT {within}, sum(net) AS total FROM ({rows_of(level, reading)}) p GROUP BY {within}"
    return (
        f"SELECT *, row_number() OVER ({of_level} ORDER BY total DESC, client_id) AS place, "
        f"sum(total) OVER ({of_level}) AS whole FROM ({totals}) t WHERE total > 0"
    )


def _in_years(level: Level, reading: Reading) -> str:
    within = ", ".join([*level, "client_id"])
    counts = "coalesce(sum(entries) FILTER (WHERE {}), 0) > 0 AS {}"
    flags = ", ".join([counts.format("NOT is_before", "is_now"), counts.format("is_before", "is_before")])
    return f"SELECT {within}, {flags} FROM ({rows_of(level, reading)}) p GROUP BY {within}"


@dataclass(frozen=True, slots=True)
class ComingClients:
    """Matters opened in the period: whether each is its client's first, and when that was; `since`: of the row's piece.

    Clients' matters are looked at within the scope; filters and keys are those of the matter opened.
    """

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums and counts."""
        chosen, test = choose_rows(reading, self.shape), matters_in(reading.scope)
        plain = replace(reading, moved_months=0, moved_days=0)
        text = _COMING.format(
            matter_join=MATTER_JOIN,
            scope=test.condition,
            keys=chosen.selected,
            bucket=reading.bucket_of("r.opened_on"),
            piece=plain.bucket_of("r.opened_on") if reading.grain else reading.value("first"),
            joins=chosen.joins if MATTER_JOIN in chosen.joins else f"{MATTER_JOIN} {chosen.joins}",
            condition=chosen.condition,
            first=reading.value("first"),
            last=reading.value("last"),
            levels=by_levels(reading, lambda level: _since(level, reading), listed_measures(measures)),
        )
        return Piece(text, {**chosen.values, **test.values})


def _since(level: Level, reading: Reading) -> str:
    since = "piece_first" if BUCKET in level else f"{reading.value('first')}::date"
    return f"SELECT placed.*, {since} AS since FROM placed"


@dataclass(frozen=True, slots=True)
class DormantClients:
    """Matters, of any age, of clients that have none open on the day and neither work nor a bill in 12 months."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' counts."""
        chosen, test = choose_rows(reading, self.shape), matters_in(reading.scope)
        named, values = spans_of(reading, twelve_months)
        text = _DORMANT.format(
            stops=STOPS,
            matter_join=MATTER_JOIN,
            scope=test.condition,
            keys=chosen.selected,
            joins=chosen.joins if MATTER_JOIN in chosen.joins else f"{MATTER_JOIN} {chosen.joins}",
            condition=chosen.condition,
            levels=by_levels(reading, lambda level: rows_of(level, reading), listed_measures(measures)),
            **named,
        )
        return Piece(text, {**chosen.values, **test.values, **values})


CLIENTS_COLLECTED = ClientMoney("reports_settle", "settled_on", of_clients(OF_MONEY), extra=CAME_IN, facts=SETTLE_FACTS)
CLIENTS_BILLED = ClientMoney("reports_line", "issued_on", of_clients(OF_LINES), facts=LINE_FACTS)
# Clients with a bill in any currency.
CLIENTS_KEPT = ClientMoney(
    "reports_line", "issued_on", of_clients(replace(OF_LINES, currency="")), facts=LINE_FACTS, is_twice=True
)
COMING_CLIENTS = ComingClients(of_clients(OF_MATTERS))
DORMANT_CLIENTS = DormantClients(of_clients(OF_MATTERS))
