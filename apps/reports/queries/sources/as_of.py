"""Sources as of a day: unbilled work and receivables. With a grain they are taken at the end of every piece."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.reports.contracts import Dimension, Measure
from apps.reports.contracts.kept import AgingBasis
from apps.reports.queries.sources.dated import OF_ENTRIES, OF_EXPENSES
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, RowKey, piece_of
from apps.reports.queries.sources.rows import ChosenRows, RowShape, by_levels, choose_rows, listed_measures
from apps.reports.rules.periods import add_months

_POINTS = """points AS (SELECT *{known} FROM unnest({buckets}::date[], {days}::date[]) WITH ORDINALITY
                                                 AS point(bucket, day, place))"""
# How much of the 365 days up to a day the firm has a history of (K25).
DAYS_KNOWN = """least(365, day + 1 - least(
    (SELECT min(worked_on) FROM reports_time WHERE firm_id = %(firm)s),
    (SELECT min(worked_on) FROM reports_expense WHERE firm_id = %(firm)s),
    (SELECT min(issued_on) FROM reports_bill WHERE firm_id = %(firm)s))) AS days_known"""
# An entry is unbilled at the points from its work to its bill. Those of the same key that enter and leave at the same
# points are added up first, so that a long row of points costs little more than one.
_UNBILLED = """
WITH {points}, gathered AS MATERIALIZED (
    SELECT {keys}r.unbilled_as, r.enters, r.leaves, {worked_on}sum(r.value) AS value, sum(r.entries) AS entries
    FROM (
        SELECT {carried}r.unbilled_as, r.value IS NULL AS is_hidden, {worked_on}r.enters, r.leaves,
               sum(r.value) AS value, count(*) AS entries
        FROM (
            SELECT x.*, width_bucket(x.worked_on - 1, {days}::date[]) + 1 AS enters,
                   coalesce(width_bucket(x.billed_on - 1, {days}::date[]), cardinality({days}::date[])) AS leaves
            FROM (
                SELECT firm_id, activity_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on,
                       billed_on, category_id, NULL AS type
                FROM reports_time
                WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > {earliest})
                UNION ALL
                SELECT firm_id, activity_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on,
                       billed_on, category_id, type
                FROM reports_expense
                WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > {earliest})
            ) x
            WHERE x.worked_on <= {last}
        ) r
        WHERE r.enters <= r.leaves
        GROUP BY {carried}r.unbilled_as, r.value IS NULL, {worked_on}r.enters, r.leaves
    ) r {joins}
    WHERE {condition}
    GROUP BY {grouped}r.unbilled_as, r.is_hidden, {worked_on}r.enters, r.leaves
), placed AS MATERIALIZED (
    SELECT g.*, {known}points.bucket, points.day{age}
    FROM gathered g CROSS JOIN LATERAL generate_series(g.enters, g.leaves) AS at(place) JOIN points USING (place)
)
{levels}
"""
# A bill's own balance decides whether it owes or is overpaid; what is summed are its parts in scope. They are added up
# by what the keys tell apart, and by the first point that sees them, before each point of an open bill takes its own.
_RECEIVABLE = """
WITH {points}, open_bill AS (
    SELECT points.bucket, points.day, points.place, {known}b.bill_id, b.currency, b.principal, b.payer_id, b.issued_on,
           {aged_from} AS aged_from
    FROM reports_bill b
    JOIN points ON b.issued_on <= points.day AND (b.closed_on IS NULL OR b.closed_on > points.day)
    WHERE b.firm_id = %(firm)s AND b.issued_on <= {last} AND (b.closed_on IS NULL OR b.closed_on > {earliest})
), part AS MATERIALIZED (
    SELECT {carried}r.bill_id, r.place, sum(r.amount) AS amount, sum(r.tax) AS tax, sum(r.interest) AS interest
    FROM (
        {principal}
        UNION ALL
        SELECT i.firm_id, i.bill_id, NULL, i.matter_id, i.payer_id, i.amount, 0, i.amount,
               width_bucket(i.charged_on - 1, {days}::date[]) + 1
        FROM reports_interest i
        WHERE i.firm_id = %(firm)s AND i.charged_on <= {last} AND i.bill_id IN (SELECT bill_id FROM open_bill)
        UNION ALL
        SELECT s.firm_id, s.bill_id, s.timekeeper_id, s.matter_id, s.payer_id, -(s.net + s.tax + s.secondary_tax),
               -(s.tax + s.secondary_tax), CASE WHEN s.item = 'interest' THEN -s.net ELSE 0 END,
               width_bucket(s.settled_on - 1, {days}::date[]) + 1
        FROM reports_settle s
        WHERE s.firm_id = %(firm)s AND s.settled_on <= {last} AND s.bill_id IN (SELECT bill_id FROM open_bill)
    ) r
    GROUP BY {carried}r.bill_id, r.place
), visible AS (
    SELECT {keys}r.day, r.bill_id, sum(r.amount) FILTER (WHERE {condition}) AS visible, sum(r.amount) AS amount,
           sum(r.tax) FILTER (WHERE {condition}) AS visible_tax,
           sum(r.interest) FILTER (WHERE {condition}) AS visible_interest
    FROM (SELECT part.*, o.currency, o.day FROM part
          JOIN open_bill o ON o.bill_id = part.bill_id AND o.place >= part.place) r {joins}
    GROUP BY {grouped}r.day, r.bill_id
), placed AS MATERIALIZED (
    SELECT v.*, o.bucket, {known_of_bill}v.day - o.aged_from AS days_past_due, v.day - o.issued_on AS days_since_issue,
           sum(v.amount) OVER (PARTITION BY v.bill_id, v.day) AS balance
    FROM visible v JOIN open_bill o ON o.bill_id = v.bill_id AND o.day = v.day
)
{levels}
"""
# What a bill's lines owe adds up to its principal: only a part of the firm or a breakdown needs to look at the lines.
_PRINCIPAL_BY_LINE = """
        SELECT l.firm_id, l.bill_id, l.timekeeper_id, l.matter_id, l.payer_id,
               l.owed_net + l.owed_tax + l.owed_secondary_tax AS amount, l.owed_tax + l.owed_secondary_tax AS tax,
               0::bigint AS interest, 1 AS place
        FROM reports_line l WHERE l.firm_id = %(firm)s AND l.bill_id IN (SELECT bill_id FROM open_bill)
"""
_PRINCIPAL_BY_BILL = """
        SELECT %(firm)s::bigint AS firm_id, bill_id, NULL::bigint AS timekeeper_id, NULL::bigint AS matter_id,
               payer_id, principal AS amount, NULL::bigint AS tax, 0::bigint AS interest, 1 AS place
        FROM (SELECT DISTINCT bill_id, payer_id, principal FROM open_bill) o
"""


@dataclass(frozen=True, slots=True)
class UnbilledSource:
    """Entries on no approved bill on the day, added up by what the measures tell apart. `age`: days since the work."""

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        by_age = names("age", measures)
        return _filled(
            _UNBILLED,
            reading,
            chosen,
            measures,
            carried=_carried(chosen),
            worked_on="r.worked_on, " if by_age else "",
            age=", points.day - g.worked_on AS age" if by_age else "",
        )


@dataclass(frozen=True, slots=True)
class ReceivableSource:
    """What approved bills owe, bill by bill and key by key: `balance` of the bill, `visible` the part of it.

    `visible_tax` and `visible_interest` are of that part.
    """

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        is_plain = reading.scope.is_whole_firm and not chosen.joins and not _tells_lines_apart(reading)
        is_plain = is_plain and not names("visible_tax", measures)
        principal = _PRINCIPAL_BY_BILL if is_plain else _PRINCIPAL_BY_LINE
        by_issue = reading.calendar.rules.aging_basis is AgingBasis.ISSUED
        aged_from = "b.issued_on" if by_issue else "coalesce(b.due_on, b.issued_on)"
        return _filled(
            _RECEIVABLE,
            reading,
            chosen,
            measures,
            carried=_carried(chosen, but=("bill_id", "currency", "day")),
            principal=principal,
            aged_from=aged_from,
        )


def _carried(chosen: ChosenRows, but: Sequence[str] = ()) -> str:
    """Return the columns of the rows that joins, condition and keys look at, with a comma behind."""
    named = re.findall(r"\br\.(\w+)", " ".join([chosen.joins, chosen.condition, *chosen.keys]))
    return "".join(f"r.{column}, " for column in sorted(set(named) - set(but)))


def _tells_lines_apart(reading: Reading) -> bool:
    return not {*reading.dimensions, *reading.filters} <= {Dimension.CURRENCY, Dimension.PAYER, Dimension.BILL, *RowKey}


def _filled(text: str, reading: Reading, chosen: ChosenRows, measures: Sequence[Measure], **parts: str) -> Piece:
    buckets, days = points_of(reading)
    first_day, known = min(days), names("days_known", measures)
    filled = text.format(
        points=_POINTS.format(
            buckets=reading.value("buckets"), days=reading.value("days"), known=f", {DAYS_KNOWN}" if known else ""
        ),
        known="points.days_known, " if known else "",
        known_of_bill="o.days_known, " if known else "",
        keys=chosen.selected,
        grouped=chosen.grouped,
        joins=chosen.joins,
        condition=chosen.condition,
        first=reading.value("first"),
        last=reading.value("last"),
        days=reading.value("days"),
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


def names(column: str, measures: Sequence[Measure]) -> bool:
    """Tell whether any of the measures looks at a column."""
    return any(f"r.{column}" in measure.expression for measure in measures)


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


UNBILLED = UnbilledSource(RowShape(own={**OF_ENTRIES, **OF_EXPENSES}))
RECEIVABLE = ReceivableSource(RowShape(payer="r.payer_id", own={RowKey.ID: "r.bill_id", Dimension.BILL: "r.bill_id"}))
