"""Trust money matter by matter beside what it secures, and ledgers that fell below zero or do not move."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.reports.contracts import Dimension, Measure
from apps.reports.contracts import Source as Name
from apps.reports.queries.scoping import MATTER_JOIN
from apps.reports.queries.sources.as_of import RECEIVABLE, UNBILLED, points_of, rows_of, starts_of
from apps.reports.queries.sources.by_matter import ByMatter, Side
from apps.reports.queries.sources.dated import OF_TRUST
from apps.reports.queries.sources.matters import STOPS
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape, beside_rows, by_levels, choose_rows, listed_measures
from apps.reports.queries.sources.to_date import TRUST, ToDateSource

# A ledger of trust money is a matter's, or of money without a matter a client's.
LEDGER_ID = "coalesce(r.matter_id, r.client_id)"
_LEDGERS: Mapping[Dimension | RowKey, str] = {
    RowKey.ID: LEDGER_ID,
    RowKey.PART: "CASE WHEN r.matter_id IS NOT NULL THEN 'matter' WHEN r.client_id IS NOT NULL THEN 'client' END",
}
# What matters must hold at least (evergreen), from their opening on.
TRUST_MINIMUMS = ToDateSource(
    "reports_matter",
    "opened_on",
    columns={"minimum": "r.evergreen_minimum"},
    shape=RowShape(timekeeper="", of_matters=True, own={RowKey.ID: "r.matter_id"}),
    extra="r.evergreen_minimum IS NOT NULL",
)
_WORK = "r.unbilled_as IN ('fees', 'expenses')"
# A matter's client is its own: who pays its bills, or paid into trust, would split the matter.
_SIDES = (
    Side(
        replace(TRUST, shape=replace(TRUST.shape, payer="")),
        Measure("held", Name.TRUST, "coalesce(sum(r.amount), 0)"),
    ),
    Side(TRUST_MINIMUMS, Measure("minimum", Name.TRUST_MINIMUMS, "sum(r.minimum)"), may_lack=True),
    Side(
        UNBILLED,
        Measure("unbilled", Name.UNBILLED, f"coalesce(sum(r.value) FILTER (WHERE {_WORK}), 0)"),
        hidden=f"sum(r.entries) FILTER (WHERE {_WORK} AND r.value IS NULL)",
    ),
    Side(
        replace(RECEIVABLE, shape=replace(RECEIVABLE.shape, payer="")),
        Measure("owed", Name.RECEIVABLE, "coalesce(sum(r.visible) FILTER (WHERE r.balance > 0), 0)"),
    ),
)


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
        values = {"piece_buckets": starts_of(reading), "piece_firsts": firsts, "piece_lasts": lasts}
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


def _ledgers(level: Level, reading: Reading) -> str:
    """Return the ledgers of a level that fell below zero, each once: where pieces are told apart, once in each."""
    keys = [key for key in beside_rows(level, reading) if key != BUCKET]
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
            SELECT {listed}{bucket}{_rows_of_ledger(reading, ledger, owner)}'{ledger}' AS ledger, {owner} AS owner_id,
                   min(balance) AS lowest
            FROM ({stands}) s {join}
            WHERE balance < 0 AND moved_on <= {last} AND until > {first}
            GROUP BY {listed}{bucket}{owner}
        """)
    return " UNION ALL ".join(parts)


def _rows_of_ledger(reading: Reading, ledger: str, owner: str) -> str:
    """Return the keys that tell ledgers from one another, where they are asked for."""
    own = {RowKey.ID: owner, RowKey.PART: f"'{ledger}'::text"}
    keys = enumerate(reading.dimensions)
    return "".join(f"{own[each]} AS k{place}, " for place, each in keys if isinstance(each, RowKey))


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


# What is `held` for a matter, its `minimum` (NULL: none), `unbilled` and `owed`.
TRUST_BY_MATTER = ByMatter(OF_TRUST.without_rows(), _SIDES)
OF_LEDGERS = replace(OF_TRUST, own={**(OF_TRUST.own or {}), **_LEDGERS})
TRUST_BELOW_ZERO = TrustBelowZero(OF_LEDGERS)
TRUST_RESTING = TrustResting(OF_LEDGERS)
