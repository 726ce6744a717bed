"""Trust requests that were not paid on a day, with their age."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.reports.contracts import Measure
from apps.reports.queries.sources.as_of import points_of, rows_of
from apps.reports.queries.sources.reading import Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures

_OPEN = """
WITH points AS (SELECT * FROM unnest({buckets}::date[], {days}::date[]) AS point(bucket, day)),
placed AS MATERIALIZED (
    SELECT {keys}points.bucket, points.day, r.bill_id, sum(r.amount) AS open, points.day - r.issued_on AS age
    FROM reports_trust_request r JOIN points ON r.happened_on <= points.day {joins}
    WHERE r.firm_id = %(firm)s AND {condition}
    GROUP BY {grouped}points.bucket, points.day, r.bill_id, r.issued_on
    HAVING sum(r.amount) > 0
)
{levels}
"""


@dataclass(frozen=True, slots=True)
class TrustRequested:
    """One row per request still `open` on the day, by that amount, with its `age` in days since issue."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures over requests."""
        chosen = choose_rows(reading, self.shape)
        buckets, days = points_of(reading)
        text = _OPEN.format(
            buckets=reading.value("buckets"),
            days=reading.value("days"),
            keys=chosen.selected,
            joins=chosen.joins,
            condition=chosen.condition,
            grouped=chosen.grouped,
            levels=by_levels(reading, lambda level: rows_of(level, reading), listed_measures(measures)),
        )
        more = {f"{reading.prefix}buckets": buckets, f"{reading.prefix}days": days}
        return Piece(text, {**chosen.values, **more})


TRUST_REQUESTED = TrustRequested(
    RowShape(timekeeper="", payer="r.payer_id", of_matters=True, own={RowKey.ID: "r.bill_id"})
)
