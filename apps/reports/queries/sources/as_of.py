"""Sources as of a day: unbilled work and receivables. With a grain they are taken at the end of every piece."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, piece_of
from apps.reports.queries.sources.rows import ChosenRows, RowShape, by_levels, choose_rows, listed_measures
from apps.reports.rules.periods import add_months

_POINTS = "points AS (SELECT * FROM unnest({buckets}::date[], {days}::date[]) AS point(bucket, day))"
_UNBILLED = """
WITH {points}, placed AS MATERIALIZED (
    SELECT {keys}points.bucket, points.day, r.unbilled_as, r.value, points.day - r.worked_on AS age
    FROM (
        SELECT firm_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on, billed_on FROM reports_time
        WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > {earliest})
        UNION ALL
        SELECT firm_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on, billed_on
        FROM reports_expense
        WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > {earliest})
    ) r
    JOIN points ON r.worked_on <= points.day AND (r.billed_on IS NULL OR r.billed_on > points.day)
    {joins}
    WHERE r.worked_on <= {last} AND {condition}
)
{levels}
"""
# A bill's own balance decides whether it owes or is overpaid; what is summed are its parts in scope.
_RECEIVABLE = """
WITH {points}, open_bill AS (
    SELECT points.bucket, points.day, b.bill_id, b.currency, b.principal, b.payer_id, b.issued_on,
           coalesce(b.due_on, b.issued_on) AS aged_from
    FROM reports_bill b
    JOIN points ON b.issued_on <= points.day AND (b.closed_on IS NULL OR b.closed_on > points.day)
    WHERE b.firm_id = %(firm)s AND b.issued_on <= {last} AND (b.closed_on IS NULL OR b.closed_on > {earliest})
), part AS (
    {principal}
    UNION ALL
    SELECT o.day, i.firm_id, i.bill_id, NULL, i.matter_id, i.payer_id, i.amount
    FROM reports_interest i JOIN open_bill o ON o.bill_id = i.bill_id AND i.charged_on <= o.day
    WHERE i.firm_id = %(firm)s AND i.charged_on <= {last}
    UNION ALL
    SELECT o.day, s.firm_id, s.bill_id, s.timekeeper_id, s.matter_id, s.payer_id, -(s.net + s.tax + s.secondary_tax)
    FROM reports_settle s JOIN open_bill o ON o.bill_id = s.bill_id AND s.settled_on <= o.day
    WHERE s.firm_id = %(firm)s AND s.settled_on <= {last}
), visible AS (
    SELECT {keys}r.day, r.bill_id, sum(r.amount) FILTER (WHERE {condition}) AS visible, sum(r.amount) AS amount
    FROM (SELECT part.*, o.currency FROM part JOIN open_bill o USING (bill_id, day)) r {joins}
    GROUP BY {grouped}r.day, r.bill_id
), placed AS MATERIALIZED (
    SELECT v.*, o.bucket, v.day - o.aged_from AS days_past_due, v.day - o.issued_on AS days_since_issue,
           sum(v.amount) OVER (PARTITION BY v.bill_id, v.day) AS balance
    FROM visible v JOIN open_bill o ON o.bill_id = v.bill_id AND o.day = v.day
)
{levels}
"""
# What a bill's lines owe adds up to its principal: only a part of the firm or a breakdown needs to look at the lines.
_PRINCIPAL_BY_LINE = """
    SELECT o.day, l.firm_id, l.bill_id, l.timekeeper_id, l.matter_id, l.payer_id,
           l.owed_net + l.owed_tax + l.owed_secondary_tax AS amount
    FROM reports_line l JOIN open_bill o USING (bill_id) WHERE l.firm_id = %(firm)s
"""
_PRINCIPAL_BY_BILL = """
    SELECT day, %(firm)s::bigint AS firm_id, bill_id, NULL::bigint AS timekeeper_id, NULL::bigint AS matter_id,
           payer_id, principal AS amount
    FROM open_bill
"""


@dataclass(frozen=True, slots=True)
class UnbilledSource:
    """Entries on no approved bill on the day. `age`: days since the work."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        return _filled(_UNBILLED, reading, choose_rows(reading, self.shape), measures)


@dataclass(frozen=True, slots=True)
class ReceivableSource:
    """What approved bills owe, bill by bill and key by key: `balance` of the bill, `visible` the part of it."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        is_plain = reading.scope.is_whole_firm and not chosen.joins and not _tells_lines_apart(reading)
        principal = _PRINCIPAL_BY_BILL if is_plain else _PRINCIPAL_BY_LINE
        return _filled(_RECEIVABLE, reading, chosen, measures, principal=principal)


def _tells_lines_apart(reading: Reading) -> bool:
    return not {*reading.dimensions, *reading.filters} <= {Dimension.CURRENCY, Dimension.PAYER, Dimension.BILL}


def _filled(text: str, reading: Reading, chosen: ChosenRows, measures: Sequence[Measure], **parts: str) -> Piece:
    buckets, days = points_of(reading)
    first_day = min(days)
    filled = text.format(
        points=_POINTS.format(buckets=reading.value("buckets"), days=reading.value("days")),
        keys=chosen.selected,
        grouped=chosen.grouped,
        joins=chosen.joins,
        condition=chosen.condition,
        first=reading.value("first"),
        last=reading.value("last"),
        earliest=reading.value("earliest"),
        levels=by_levels(
            reading,
            lambda level: rows_of(level, reading),
            listed_measures(measures),
        ),
        **parts,
    )
    more = {"buckets": buckets, "days": days, "earliest": first_day}
    return Piece(filled, {**chosen.values, **{f"{reading.prefix}{name}": value for name, value in more.items()}})


def rows_of(level: Level, reading: Reading) -> str:
    """Return the rows of a level: where pieces are not told apart, those of the last day only."""
    return "SELECT * FROM placed" if BUCKET in level else f"SELECT * FROM placed WHERE day = {reading.value('last')}"


def points_of(reading: Reading) -> tuple[list[date], list[date]]:
    """Return the pieces' first days, as they are told, and the days the figures are taken at."""
    ends = reading.ends()
    if reading.grain is None:
        return [reading.last], [reading.last]
    days = timedelta(days=reading.moved_days)
    starts = [piece_of(first + days, reading.grain, reading.calendar) for first, _ in ends]
    return [_moved(start, reading) for start in starts], [last for _, last in ends]


def _moved(start: date, reading: Reading) -> date:
    return add_months(start, reading.moved_months) if reading.moved_months else start


UNBILLED = UnbilledSource(RowShape())
RECEIVABLE = ReceivableSource(RowShape(payer="r.payer_id", own={Dimension.BILL: "r.bill_id"}))
