"""Sources as they were reported: read from the snapshot of the day they are as of, by the measures of the ledger.

A day without a snapshot has no rows at all; `queries.snapshots` tells which days these are.
"""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources import as_of, matters
from apps.reports.queries.sources.as_of import points_of, rows_of
from apps.reports.queries.sources.dated import OF_ENTRIES, OF_TRUST, DatedSource
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures

# first: of the piece that a day ends.
_POINTS = """points AS (
    SELECT point.* FROM unnest({buckets}::date[], {firsts}::date[], {days}::date[]) AS point(bucket, first, day)
    JOIN reports_snapshot taken ON taken.firm_id = %(firm)s AND taken.day = point.day AND taken.status = 'taken'
)"""
_STOOD = "r.seen_from <= points.day AND (r.seen_until IS NULL OR r.seen_until > points.day)"
_ROWS = """
WITH {points}, placed AS MATERIALIZED (
    SELECT {keys}points.bucket, points.day, {columns}
    FROM {table} r JOIN points ON {stood} {joins}
    WHERE r.firm_id = %(firm)s AND {extra} AND {condition}
)
{levels}
"""
# As in the ledger: the bill's own balance decides whether it owes, and what is summed are its parts in scope.
_RECEIVABLE = """
WITH {points}, visible AS (
    SELECT {keys}points.bucket, points.day, r.bill_id, min(r.issued_on) AS issued_on, min(r.aged_from) AS aged_from,
           sum(r.amount) FILTER (WHERE {condition}) AS visible, sum(r.amount) AS amount,
           sum(r.tax) FILTER (WHERE {condition}) AS visible_tax,
           sum(r.interest) FILTER (WHERE {condition}) AS visible_interest
    FROM reports_snapshot_receivable r JOIN points ON {stood} {joins}
    WHERE r.firm_id = %(firm)s
    GROUP BY {grouped}points.bucket, points.day, r.bill_id
), placed AS MATERIALIZED (
    SELECT v.*, v.day - v.aged_from AS days_past_due, v.day - v.issued_on AS days_since_issue,
           sum(v.amount) OVER (PARTITION BY v.bill_id, v.day) AS balance
    FROM visible v
)
{levels}
"""
_CAME_OR_WENT = """
WITH {points}, placed AS MATERIALIZED (
    SELECT {keys}points.bucket, r.matter_id, 1 AS entries, {lasted} AS lasted
    FROM reports_snapshot_matter r JOIN points ON {stood} AND r.{placed_on} BETWEEN points.first AND points.day {joins}
    WHERE r.firm_id = %(firm)s AND {extra} AND {condition}
), whole AS MATERIALIZED (
    SELECT {keys}NULL::date AS bucket, r.matter_id, 1 AS entries, {lasted} AS lasted
    FROM reports_snapshot_matter r JOIN points ON points.day = {last} AND {stood} {joins}
    WHERE r.firm_id = %(firm)s AND r.{placed_on} BETWEEN {first} AND {last} AND {extra} AND {condition}
)
{levels}
"""
# The status is the snapshot's; what else a matter is broken down by is today's, as everywhere (R6).
_OF_MATTERS = replace(matters.OF_MATTERS, own={RowKey.ID: "r.matter_id", Dimension.STATUS: "r.status"})


def _filled(text: str, reading: Reading, shape: RowShape, measures: Sequence[Measure], **parts: str) -> Piece:
    chosen = choose_rows(reading, shape)
    buckets, days = points_of(reading)
    more = {"buckets": buckets, "days": days, "firsts": [first for first, _ in reading.ends()]}
    rows = _whole_or_pieces if "whole AS" in text else rows_of
    filled = text.format(
        points=_POINTS.format(**{name: reading.value(name) for name in more}),
        stood=_STOOD,
        keys=chosen.selected,
        grouped=chosen.grouped,
        joins=chosen.joins,
        condition=chosen.condition,
        first=reading.value("first"),
        last=reading.value("last"),
        levels=by_levels(reading, lambda level: rows(level, reading), listed_measures(measures)),
        **parts,
    )
    return Piece(filled, {**chosen.values, **{f"{reading.prefix}{name}": value for name, value in more.items()}})


def _whole_or_pieces(level: Level, _: Reading) -> str:
    return f"SELECT * FROM {'placed' if BUCKET in level else 'whole'}"


@dataclass(frozen=True, slots=True)
class KeptSource:
    """Rows of a table of the snapshots, with the columns the measures know from the ledger. extra: of which rows."""

    table: str
    columns: str
    shape: RowShape
    extra: str = "true"

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        parts: Mapping[str, str] = {"table": self.table, "columns": self.columns, "extra": self.extra}
        return _filled(_ROWS, reading, self.shape, measures, **parts)


@dataclass(frozen=True, slots=True)
class KeptReceivable:
    """What bills owed, bill by bill and key by key."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        return _filled(_RECEIVABLE, reading, self.shape, measures)


@dataclass(frozen=True, slots=True)
class KeptMatters:
    """Matters that came or went in a period, as the snapshot of the period's last day knows it; pieces by their own."""

    placed_on: str
    extra: str = "true"
    lasted: str = "NULL::int"
    shape: RowShape = _OF_MATTERS

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums and statistics."""
        parts: Mapping[str, str] = {"placed_on": self.placed_on, "extra": self.extra, "lasted": self.lasted}
        return _filled(_CAME_OR_WENT, reading, self.shape, measures, **parts)


_OF_TIME = "r.unbilled_as <> 'expenses'"
UNBILLED = KeptSource(
    "reports_snapshot_unbilled",
    "r.unbilled_as, r.value, r.seconds, 1 AS entries, points.day - r.worked_on AS age, "
    "r.seconds IS NULL AND r.unbilled_as <> 'expenses' AS hides_hours",
    RowShape(own=OF_ENTRIES, fee=_OF_TIME),
)
RECEIVABLE = KeptReceivable(as_of.RECEIVABLE.shape)
# Balances have no single transactions; what they are shown to be made of are matters.
TRUST = KeptSource(
    "reports_snapshot_trust",
    "r.amount, CASE WHEN r.matter_id IS NOT NULL THEN r.amount END AS of_matters, 1 AS entries",
    replace(OF_TRUST, own={Dimension.BANK_ACCOUNT: "r.bank_account_id", RowKey.ID: "r.matter_id"}),
)
MATTERS = KeptSource(
    "reports_snapshot_matter",
    f"r.matter_id, points.day - r.opened_on AS age, r.opened_on <= points.day "
    f"AND coalesce({matters.STOPS} > points.day, true) AS is_open, "
    "CASE WHEN r.stage_since <= points.day THEN points.day - r.stage_since END AS in_stage",
    _OF_MATTERS,
    extra="r.opened_on <= points.day",
)
MATTERS_OPENED = KeptMatters("opened_on")
MATTERS_CLOSED = KeptMatters("closed_on", "r.status = 'Closed'", matters.LASTED)
# What left work in progress, on the day of the first snapshot without it.
WIP_LEFT = DatedSource(
    "reports_snapshot_unbilled",
    "seen_until",
    {"left_as": "r.left_as", "unbilled_as": "r.unbilled_as", "is_hidden": "(r.value IS NULL)"},
    {"value": "r.value", "became": "r.became"},
    RowShape(
        fee=_OF_TIME,
        own={
            **OF_ENTRIES,
            Dimension.FEE_EXPENSE: "CASE r.unbilled_as WHEN 'expenses' THEN 'expense' ELSE 'fee' END",
        },
    ),
)
