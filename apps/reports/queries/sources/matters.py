"""Matters themselves: opened and closed by their own dates, and how they stand on a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.reports.contracts import Measure
from apps.reports.queries.sources.apart import ApartSource
from apps.reports.queries.sources.as_of import points_of, rows_of
from apps.reports.queries.sources.dated import OF_SHARES, DatedSource
from apps.reports.queries.sources.reading import Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures

OF_MATTERS = RowShape(timekeeper="", currency="", of_matters=True, own={RowKey.ID: "r.matter_id"})
# The day from which on a matter is no longer open. Without the date its status asks for it never was (K34).
STOPS = """CASE r.status WHEN 'Closed' THEN coalesce(r.closed_on, '-infinity')
                       WHEN 'Pending' THEN coalesce(r.pending_on, '-infinity') END"""
# Closed before it was opened: it counts as closed, but lasted nothing that could be told.
LASTED = "CASE WHEN r.closed_on >= r.opened_on THEN r.closed_on - r.opened_on END"
_STANDING = """
WITH points AS (SELECT * FROM unnest({buckets}::date[], {days}::date[]) AS point(bucket, day)),
placed AS MATERIALIZED (
    SELECT {keys}points.bucket, points.day, r.matter_id, points.day - r.opened_on AS age,
           coalesce({stops} > points.day, true) AS is_open,
           CASE WHEN r.stage_since <= points.day THEN points.day - r.stage_since END AS in_stage
    FROM reports_matter r JOIN points ON r.opened_on <= points.day {joins}
    WHERE r.firm_id = %(firm)s AND {condition}
)
{levels}
"""


@dataclass(frozen=True, slots=True)
class MattersSource:
    """Every matter opened by the day: `is_open` then, its `age` in days, and the days it has been `in_stage`."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums and statistics."""
        chosen = choose_rows(reading, self.shape)
        buckets, days = points_of(reading)
        text = _STANDING.format(
            buckets=reading.value("buckets"),
            days=reading.value("days"),
            keys=chosen.selected,
            stops=STOPS,
            joins=chosen.joins,
            condition=chosen.condition,
            levels=by_levels(reading, lambda level: rows_of(level, reading), listed_measures(measures)),
        )
        more = {f"{reading.prefix}buckets": buckets, f"{reading.prefix}days": days}
        return Piece(text, {**chosen.values, **more})


MATTERS = MattersSource(OF_MATTERS)
MATTERS_OPENED = DatedSource("reports_matter", "opened_on", shape=OF_MATTERS)
MATTERS_CLOSED = ApartSource(
    "reports_matter",
    "closed_on",
    {"matter_id": "r.matter_id", "lasted": LASTED},
    OF_MATTERS,
    extra="r.status = 'Closed'",
)
# What closed matters brought in fees from their beginning up to today, on the day they were closed.
CLOSED_MATTERS_FEES = DatedSource(
    """(
    SELECT s.firm_id, s.matter_id, s.timekeeper_id, s.currency, s.net, s.settled_on, s.allocation_id, s.item, s.bill_id,
           s.line_id, c.closed_on
    FROM reports_settle s JOIN reports_matter c ON c.firm_id = s.firm_id AND c.matter_id = s.matter_id
    WHERE c.status = 'Closed' AND s.kind = 'payment' AND s.item = 'fee'
)""",
    "closed_on",
    columns={"net": "r.net"},
    shape=RowShape(of_matters=True, own=OF_SHARES, fee="true"),
    extra="r.settled_on <= {as_of}",
)
