"""Sources summed from the beginning of the records to a day: the period's end, with a grain the end of each piece."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from apps.reports.contracts import Measure
from apps.reports.queries.sources.as_of import points_of, rows_of
from apps.reports.queries.sources.dated import OF_ENTRIES, OF_MONEY, OF_SHARES, OF_TRUST, TRUST_COLUMNS, used
from apps.reports.queries.sources.facts import SETTLE_FACTS, TIME_FACTS, Facts
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import ChosenRows, RowShape, by_levels, choose_rows, listed_measures

# All of history is read, so rows are added up by what they carry themselves before anything is joined to them, then by
# key and piece; a piece's figure is the sum of all pieces up to it.
_SUMS = """
WITH points AS (
    SELECT * FROM unnest({buckets}::date[], {days}::date[]) WITH ORDINALITY AS point(bucket, day, place)
), summed AS MATERIALIZED (
    SELECT {keys}r.place, {kinds_again}{columns_again}sum(r.entries) AS entries
    FROM ({rows}) r {joins}
    WHERE {condition}
    GROUP BY {grouped}{kinds_again}r.place
), placed AS (
    SELECT summed.*, points.bucket, points.day FROM summed JOIN points ON points.place >= summed.place
)
{levels}
"""
_ROWS = """
SELECT {carried}width_bucket(r.{placed_on} - 1, {days}::date[]) + 1 AS place,
       {kinds}{columns}{entries} AS entries
FROM {table} r
WHERE r.firm_id = %(firm)s AND {dated} AND {extra}
GROUP BY {carried}{grouped_kinds}width_bucket(r.{placed_on} - 1, {days}::date[])
"""


@dataclass(frozen=True, slots=True)
class ToDateSource:
    """A table and the column that places its rows; the kinds its measures tell apart and the columns they add up.

    facts: sums of the same rows by month. counted: the SQL of how many entries rows stand for.
    """

    table: str
    placed_on: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: RowShape = field(default_factory=RowShape)
    extra: str = "true"
    facts: Facts | None = None
    counted: str = "count(*)"

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, replace(self.shape, day=f"r.{self.placed_on}"))
        kinds, columns = used(self.kinds, measures), used(self.columns, measures)
        buckets, days = points_of(reading)
        rows, values = self._rows(reading, chosen, kinds, columns)
        text = _SUMS.format(
            buckets=reading.value("buckets"),
            days=reading.value("days"),
            keys=chosen.selected,
            rows=rows,
            kinds_again="".join(f"r.{name}, " for name in kinds),
            columns_again="".join(f"sum(r.{name}) AS {name}, " for name in columns),
            joins=chosen.joins,
            condition=chosen.condition,
            grouped=chosen.grouped,
            levels=by_levels(
                reading,
                lambda level: rows_of(level, reading),
                listed_measures(measures),
            ),
        )
        more = {f"{reading.prefix}buckets": buckets, f"{reading.prefix}days": days, **values}
        return Piece(text, {**chosen.values, **more})

    def _rows(
        self, reading: Reading, chosen: ChosenRows, kinds: Mapping[str, str], columns: Mapping[str, str]
    ) -> tuple[str, Mapping[str, Any]]:
        """Return the rows by the points from which on they count: whole months from facts where those can tell."""
        named = " ".join([chosen.joins, chosen.condition, *chosen.keys])
        until = reading.last_of_months()
        fit = self.facts.fit(named, kinds.values(), columns.values(), self.extra) if self.facts and until else None
        plain = {expression for name, expression in kinds.items() if expression == f"r.{name}"}
        carried = sorted(set(re.findall(r"\br\.\w+", named)) - plain)
        last = reading.value("last")
        if fit is None or until is None:
            ledger = f"r.{self.placed_on} <= {last}"
            return self._of_ledger(reading, carried, kinds, columns, ledger), {}
        last_month, last_year = reading.value("last_of_months"), reading.value("last_of_years")
        months = (f"r.month > {last_year} AND r.month <= {last_month}", fit.of_months)
        facts = " UNION ALL ".join(
            _filled(
                reading,
                carried,
                {name: fit.facts[expression] for name, expression in kinds.items()},
                {name: fit.facts[expression] for name, expression in columns.items()},
                table=fit.table,
                placed_on="month",
                dated=dated,
                extra=extra,
                entries="sum(r.entries)",
            )
            for dated, extra in (months, (f"r.month <= {last_year}", fit.of_years))
        )
        # Facts leave out days that are no days of a calendar.
        beyond = (
            f"(r.{self.placed_on} > {last_month} AND r.{self.placed_on} <= {last} OR r.{self.placed_on} = '-infinity')"
        )
        days = self._of_ledger(reading, carried, kinds, columns, beyond)
        values = {"last_of_months": until, "last_of_years": _last_of_years(reading, until)}
        return f"{facts} UNION ALL {days}", {f"{reading.prefix}{name}": value for name, value in values.items()}

    def _of_ledger(
        self,
        reading: Reading,
        carried: Sequence[str],
        kinds: Mapping[str, str],
        columns: Mapping[str, str],
        dated: str,
    ) -> str:
        placed = {"table": self.table, "placed_on": self.placed_on, "extra": self.extra, "entries": self.counted}
        return _filled(reading, carried, kinds, columns, dated=dated, **placed)


def _last_of_years(reading: Reading, until: date) -> date:
    """Return the end of the last calendar year whose days all count from the first point on."""
    _, points = points_of(reading)
    following = min(points[0], until) + timedelta(days=1)
    return date(following.year - 1, 12, 31)


def _filled(
    reading: Reading, carried: Sequence[str], kinds: Mapping[str, str], columns: Mapping[str, str], **parts: str
) -> str:
    return _ROWS.format(
        days=reading.value("days"),
        carried="".join(f"{column}, " for column in carried),
        grouped_kinds="".join(f"{expression}, " for expression in kinds.values()),
        kinds="".join(f"{expression} AS {name}, " for name, expression in kinds.items()),
        columns="".join(f"sum({expression}) AS {name}, " for name, expression in columns.items()),
        **parts,
    )


TIME_TO_DATE = ToDateSource(
    "reports_time",
    "worked_on",
    {"is_hidden": "(r.seconds IS NULL)"},
    {"seconds": "r.seconds"},
    RowShape(currency="", own=OF_ENTRIES),
    extra="r.matter_id IS NOT NULL",
    facts=TIME_FACTS,
)
# Fees that came in on matters.
SETTLED_TO_DATE = ToDateSource(
    "reports_settle",
    "settled_on",
    columns={"net": "r.net"},
    shape=RowShape(payer="r.payer_id", own=OF_SHARES, fee="true"),
    extra="r.kind = 'payment' AND r.item = 'fee' AND r.matter_id IS NOT NULL",
    facts=SETTLE_FACTS,
)
# All that came in (K15), ever.
COLLECTED_TO_DATE = ToDateSource(
    "reports_settle",
    "settled_on",
    columns={"net": "r.net"},
    shape=OF_MONEY,
    extra="r.kind = 'payment' AND r.item IN ('fee', 'expense', 'unreconciled')",
    facts=SETTLE_FACTS,
)
# What is held in trust on the day.
TRUST = ToDateSource("reports_trust", "moved_on", columns=TRUST_COLUMNS, shape=OF_TRUST)
