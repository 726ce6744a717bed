"""Trust money matter by matter beside what it secures, and ledgers that fell below zero or do not move."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from apps.reports.contracts import Dimension, Measure
from apps.reports.contracts import Source as Name
from apps.reports.queries.scoping import MATTER_JOIN
from apps.reports.queries.sources.as_of import RECEIVABLE, UNBILLED, points_of, rows_of
from apps.reports.queries.sources.dated import OF_TRUST
from apps.reports.queries.sources.matters import STOPS
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures
from apps.reports.queries.sources.to_date import TRUST, ToDateSource

# What matters must hold at least (evergreen), from their opening on.
TRUST_MINIMUMS = ToDateSource(
    "reports_matter",
    "opened_on",
    columns={"minimum": "r.evergreen_minimum"},
    shape=RowShape(timekeeper="", of_matters=True, own={RowKey.ID: "r.matter_id"}),
    extra="r.evergreen_minimum IS NOT NULL",
)
# A matter's client is its own: who pays its bills, or paid into trust, would split the matter.
_SIDES = (
    (replace(TRUST, shape=replace(TRUST.shape, payer="")), Measure("held", Name.TRUST, "coalesce(sum(r.amount), 0)")),
    (TRUST_MINIMUMS, Measure("minimum", Name.TRUST_MINIMUMS, "sum(r.minimum)")),
    (
        UNBILLED,
        Measure(
            "unbilled",
            Name.UNBILLED,
            "coalesce(sum(r.value) FILTER (WHERE r.unbilled_as IN ('fees', 'expenses')), 0)",
        ),
    ),
    (
        replace(RECEIVABLE, shape=replace(RECEIVABLE.shape, payer="")),
        Measure("owed", Name.RECEIVABLE, "coalesce(sum(r.visible) FILTER (WHERE r.balance > 0), 0)"),
    ),
)


@dataclass(frozen=True, slots=True)
class TrustByMatter:
    """One row per matter and key: what is `held` for it, its `minimum` (NULL: none), `unbilled` and `owed`.

    What has no matter is one row, NULL in `matter_id`. Each side is read by its own source, one dimension deeper.
    """

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures over matters."""
        matter = f"k{len(reading.dimensions)}"
        levels = tuple((*(key for key in level if key != BUCKET), matter, *(key for key in level if key == BUCKET))
                       for level in reading.levels)  # fmt: skip
        deeper = replace(reading, dimensions=(*reading.dimensions, Dimension.MATTER), levels=levels)
        pieces = [(source.piece(deeper, [measure]), measure.key) for source, measure in _SIDES]
        listed = "".join(f"{key}, " for key in reading.keys)
        names = [measure.key for _, measure in _SIDES]
        sides = " UNION ALL ".join(
            f"SELECT level, {listed}{matter} AS matter_id, "
            + ", ".join(f"{name}::numeric AS {name}" if name == own else f"NULL::numeric AS {name}" for name in names)
            + f" FROM ({piece.text}) s"
            for piece, own in pieces
        )
        sums = ", ".join(f"sum({name}) AS minimum" if name == "minimum" else f"coalesce(sum({name}), 0) AS {name}"
                         for name in names)  # fmt: skip
        text = f"""
            SELECT level, {listed}{listed_measures(measures)}
            FROM (SELECT level, {listed}matter_id, {sums} FROM ({sides}) sides GROUP BY level, {listed}matter_id) r
            GROUP BY {listed}level
        """
        values = {name: value for piece, _ in pieces for name, value in piece.values.items()}
        return Piece(text, values)


# A ledger's balance stands from one movement to the next. A client's ledger is all its money, matter by matter or not.
_BELOW_ZERO = """
WITH pieces AS (SELECT * FROM unnest({piece_buckets}::date[], {piece_firsts}::date[], {piece_lasts}::date[])
                              AS piece(bucket, piece_first, piece_last)),
moved AS MATERIALIZED (
    SELECT {keys}r.matter_id, coalesce(m.client_id, r.client_id) AS client_id, r.moved_on, sum(r.amount) AS amount
    FROM reports_trust r {joins}
    WHERE r.firm_id = %(firm)s AND r.moved_on <= {last} AND {condition}
    GROUP BY {grouped}r.matter_id, coalesce(m.client_id, r.client_id), r.moved_on
)
{levels}
"""


@dataclass(frozen=True, slots=True)
class TrustBelowZero:
    """Ledgers of matters and of clients below zero on a day of the period: `ledger`, its `owner_id`, its `lowest`."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures over ledgers."""
        chosen = choose_rows(reading, self.shape)
        firsts, lasts = [first for first, _ in reading.ends()], [last for _, last in reading.ends()]
        values = {"piece_buckets": _buckets(reading, firsts), "piece_firsts": firsts, "piece_lasts": lasts}
        text = _BELOW_ZERO.format(
            keys=chosen.selected,
            joins=chosen.joins if MATTER_JOIN in chosen.joins else f"{MATTER_JOIN} {chosen.joins}",
            condition=chosen.condition,
            grouped=chosen.grouped,
            last=reading.value("last"),
            levels=by_levels(reading, lambda level: _ledgers(level, reading), listed_measures(measures)),
            **{name: reading.value(name) for name in values},
        )
        return Piece(text, {**chosen.values, **{f"{reading.prefix}{name}": each for name, each in values.items()}})


def _buckets(reading: Reading, firsts: Sequence[date]) -> list[date]:
    return points_of(reading)[0] if reading.grain else list(firsts)


def _ledgers(level: Level, reading: Reading) -> str:
    """Return the ledgers of a level that fell below zero, each once: where pieces are told apart, once in each."""
    keys = [key for key in level if key != BUCKET]
    parts = []
    for ledger, owner in (("matter", "matter_id"), ("client", "client_id")):
        within = ", ".join([*keys, owner])
        listed = "".join(f"{key}, " for key in keys)
        days = f"""
            SELECT {listed}{owner}, moved_on, sum(amount) AS amount FROM moved WHERE {owner} IS NOT NULL
            GROUP BY {listed}{owner}, moved_on
        """
        stands = f"""
            SELECT {within}, moved_on, sum(amount) OVER (PARTITION BY {within} ORDER BY moved_on) AS balance,
                   lead(moved_on, 1, 'infinity') OVER (PARTITION BY {within} ORDER BY moved_on) AS until
            FROM ({days}) d
        """
        bucket = "pieces.bucket, " if BUCKET in level else ""
        span = "pieces.piece_first, pieces.piece_last" if BUCKET in level else ""
        first, last = span.split(", ") if span else (reading.value("first"), reading.value("last"))
        join = "JOIN pieces ON true" if BUCKET in level else ""
        parts.append(f"""
            SELECT {listed}{bucket}'{ledger}' AS ledger, {owner} AS owner_id, min(balance) AS lowest
            FROM ({stands}) s {join}
            WHERE balance < 0 AND moved_on <= {last} AND until > {first}
            GROUP BY {listed}{bucket}{owner}
        """)
    return " UNION ALL ".join(parts)


_RESTING = """
WITH points AS (SELECT * FROM unnest({buckets}::date[], {days}::date[]) AS point(bucket, day)),
placed AS MATERIALIZED (
    SELECT {keys}points.bucket, points.day, r.matter_id, r.amount, r.moved_on,
           CASE WHEN c.client_id IS NULL THEN r.client_id END AS client_id,
           c.status = 'Closed' AND {stops} <= points.day AS is_closed
    FROM reports_trust r {joins}
    LEFT JOIN reports_matter c ON c.firm_id = r.firm_id AND c.matter_id = r.matter_id
    JOIN points ON r.moved_on <= points.day
    WHERE r.firm_id = %(firm)s AND r.moved_on <= {last} AND {condition}
)
{levels}
"""


@dataclass(frozen=True, slots=True)
class TrustResting:
    """One row per matter, and client where it has none, and key: what is `held`; `is_resting`: nothing moved in 12
    months; `is_closed`: the matter.
    """

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures over matters."""
        chosen = choose_rows(reading, self.shape)
        buckets, days = points_of(reading)
        text = _RESTING.format(
            buckets=reading.value("buckets"),
            days=reading.value("days"),
            keys=chosen.selected,
            stops=STOPS.replace("r.", "c."),
            joins=chosen.joins,
            condition=chosen.condition,
            last=reading.value("last"),
            levels=by_levels(reading, lambda level: _by_matter(level, reading), listed_measures(measures)),
        )
        more = {f"{reading.prefix}buckets": buckets, f"{reading.prefix}days": days}
        return Piece(text, {**chosen.values, **more})


def _by_matter(level: Level, reading: Reading) -> str:
    within = ", ".join([*level, "matter_id", "client_id", "day"])
    flags = "coalesce(bool_or(is_closed), false) AS is_closed"
    resting = "max(moved_on) <= (day - interval '1 year')::date AS is_resting"
    return (
        f"SELECT {within}, sum(amount) AS held, {flags}, {resting} FROM ({rows_of(level, reading)}) p GROUP BY {within}"
    )


TRUST_BY_MATTER = TrustByMatter(OF_TRUST.without_rows())
TRUST_BELOW_ZERO = TrustBelowZero(OF_TRUST.without_rows())
TRUST_RESTING = TrustResting(OF_TRUST.without_rows())
