"""Sources as of a day: unbilled work and receivables. With a grain they are taken at the end of every piece."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.reports.contracts import Dimension, Measure
from apps.reports.contracts.kept import AgingBasis
from apps.reports.queries.sources.dated import OF_ENTRIES, OF_EXPENSES
from apps.reports.queries.sources.facts import Depth
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, RowKey, piece_of
from apps.reports.queries.sources.rows import ChosenRows, RowShape, by_levels, choose_rows, listed_measures
from apps.reports.rules.periods import move_months

_POINTS = """points AS (SELECT *{known} FROM unnest({buckets}::date[], {days}::date[]) WITH ORDINALITY
                                                 AS point(bucket, day, place))"""
# How much of the 365 days up to a day the firm has a history of (K25).
DAYS_KNOWN = """least(365, day + 1 - least(
    (SELECT min(worked_on) FROM reports_time WHERE firm_id = %(firm)s),
    (SELECT min(worked_on) FROM reports_expense WHERE firm_id = %(firm)s),
    (SELECT min(issued_on) FROM reports_bill WHERE firm_id = %(firm)s))) AS days_known"""
_HIDES_HOURS = "(r.seconds IS NULL AND r.unbilled_as <> 'expenses')"
# An entry is unbilled at the points from its work to its bill. Those of the same key that enter and leave at the same
# points are added up first, so that a long row of points costs little more than one.
_UNBILLED = """
WITH {points}, gathered AS MATERIALIZED (
    SELECT {keys}r.unbilled_as, r.enters, r.leaves, {worked_on}{of_hours}{seconds}sum(r.value) AS value,
           sum(r.entries) AS entries
    FROM (
        SELECT {carried}r.unbilled_as, r.value IS NULL AS is_hidden, {worked_on}{hides_hours}r.enters, r.leaves,
               {seconds}sum(r.value) AS value, count(*) AS entries
        FROM (
            SELECT x.*, width_bucket(x.worked_on - 1, {days}::date[]) + 1 AS enters,
                   coalesce(width_bucket(x.billed_on - 1, {days}::date[]), cardinality({days}::date[])) AS leaves
            FROM (
                SELECT firm_id, activity_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on,
                       billed_on, category_id, NULL AS type, seconds
                FROM reports_time
                WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > {earliest})
                UNION ALL
                SELECT firm_id, activity_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on,
                       billed_on, category_id, type, NULL::numeric AS seconds
                FROM reports_expense
                WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > {earliest})
            ) x
            WHERE x.worked_on <= {last}
        ) r
        WHERE r.enters <= r.leaves
        GROUP BY {carried}r.unbilled_as, r.value IS NULL, {worked_on}{by_hours}r.enters, r.leaves
    ) r {joins}
    WHERE {condition}
    GROUP BY {grouped}r.unbilled_as, r.is_hidden, {worked_on}{of_hours}r.enters, r.leaves
), placed AS MATERIALIZED (
    SELECT g.*, {known}points.bucket, points.day{age}
    FROM gathered g CROSS JOIN LATERAL generate_series(g.enters, g.leaves) AS at(place) JOIN points USING (place)
)
{levels}
"""
# What a bill owes stands from one day to the next. Whether it owes or is overpaid is told by its own balance; what
# is summed are its parts in scope, added up by the points at which they come and go before there is a row per point.
_RECEIVABLE = """
WITH {points}, gathered AS MATERIALIZED (
    SELECT {keys}sign(r.balance) AS balance, r.enters, r.leaves, {carried}sum(r.amount) AS visible,
           sum(r.tax) AS visible_tax, sum(r.interest) AS visible_interest{items}
    FROM (
        SELECT x.*, width_bucket(x.starts_on - 1, {days}::date[]) + 1 AS enters,
               width_bucket(x.ends_before - 1, {days}::date[]) AS leaves
        FROM reports_owed x
        WHERE x.firm_id = %(firm)s AND x.depth = {depth} AND x.ends_before > {earliest} AND x.starts_on <= {last}
    ) r {joins}
    WHERE r.enters <= r.leaves AND {condition}
    GROUP BY {grouped}sign(r.balance), r.enters, r.leaves{carried_groups}
), placed AS MATERIALIZED (
    SELECT g.*, {known}points.bucket, points.day{ages}
    FROM gathered g CROSS JOIN LATERAL generate_series(g.enters, g.leaves) AS at(place) JOIN points USING (place)
)
{levels}
"""


# What is owed of each item of the bill, without tax; credit of a bill that still owes is negative.
_ITEMS = ("fees", "expenses", "unreconciled", "credit")


@dataclass(frozen=True, slots=True)
class UnbilledSource:
    """Entries on no approved bill on the day, added up by what the measures tell apart. `age`: days since the work.

    `seconds`: of time, the rounded ones; `hides_hours`: Clio does not tell them.
    """

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        by_age, by_hours = names("age", measures), names("seconds", measures)
        return _filled(
            _UNBILLED,
            reading,
            chosen,
            measures,
            carried=_carried(chosen, but=("worked_on",) if by_age else ()),
            worked_on="r.worked_on, " if by_age else "",
            age=", points.day - g.worked_on AS age" if by_age else "",
            seconds="sum(r.seconds) AS seconds, " if by_hours else "",
            hides_hours=f"{_HIDES_HOURS} AS hides_hours, " if by_hours else "",
            by_hours=f"{_HIDES_HOURS}, " if by_hours else "",
            of_hours="r.hides_hours, " if by_hours else "",
        )


@dataclass(frozen=True, slots=True)
class ReceivableSource:
    """What approved bills owe: `visible`, the part of it in scope, and the sign of the bill's own `balance`.

    `visible_tax` and `visible_interest` are of that part; so are `visible_fees`, `visible_expenses`,
    `visible_unreconciled` and `visible_credit`, all without tax.
    """

    shape: RowShape

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        items = [item for item in _ITEMS if names(f"visible_{item}", measures)]
        by_issue = reading.calendar.rules.aging_basis is AgingBasis.ISSUED
        aged_from = "r.issued_on" if by_issue else "coalesce(r.due_on, r.issued_on)"
        dates = {"days_past_due": ("aged_from", aged_from), "days_since_issue": ("issued_on", "r.issued_on")}
        ages = {age: dates[age] for age in dates if names(age, measures)}
        by_person = "r.timekeeper_id" in " ".join([chosen.joins, chosen.condition, *chosen.keys])
        return _filled(
            _RECEIVABLE,
            reading,
            chosen,
            measures,
            depth=str((Depth.BOTH if by_person else Depth.MATTER).value),
            carried="".join(f"{expression} AS {name}, " for name, expression in ages.values()),
            carried_groups="".join(f", {expression}" for _, expression in ages.values()),
            ages="".join(f", points.day - g.{name} AS {age}" for age, (name, _) in ages.items()),
            items="".join(f", sum(r.{item}) AS visible_{item}" for item in items),
        )


def _carried(chosen: ChosenRows, but: Sequence[str] = ()) -> str:
    """Return the columns of the rows that joins, condition and keys look at, with a comma behind."""
    named = re.findall(r"\br\.(\w+)", " ".join([chosen.joins, chosen.condition, *chosen.keys]))
    return "".join(f"r.{column}, " for column in sorted(set(named) - set(but)))


def _filled(text: str, reading: Reading, chosen: ChosenRows, measures: Sequence[Measure], **parts: str) -> Piece:
    buckets, days = points_of(reading)
    first_day, known = min(days), names("days_known", measures)
    filled = text.format(
        points=_POINTS.format(
            buckets=reading.value("buckets"), days=reading.value("days"), known=f", {DAYS_KNOWN}" if known else ""
        ),
        known="points.days_known, " if known else "",
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
    """Return the pieces' first days, as they are told, and the days the figures are taken at.

    Where several pieces of an earlier period fall on one of the later, such as 28 and 29 February, the last one tells.
    """
    if reading.grain is None:
        return [reading.last], [reading.last]
    points = dict(zip(starts_of(reading), (last for _, last in reading.ends()), strict=True))
    return list(points), list(points.values())


def starts_of(reading: Reading) -> list[date]:
    """Return the first day of each piece of the period, as it is told: moved to the period it is set beside."""
    if reading.grain is None:
        return [first for first, _ in reading.ends()]
    days, months, grain = timedelta(days=reading.moved_days), reading.moved_months, reading.grain
    return [piece_of(move_months(first + days, months), grain, reading.calendar) for first, _ in reading.ends()]


# Only expenses have a type.
UNBILLED = UnbilledSource(RowShape(own={**OF_ENTRIES, **OF_EXPENSES}, day="r.worked_on", fee="r.type IS NULL"))
RECEIVABLE = ReceivableSource(
    RowShape(payer="r.payer_id", own={RowKey.ID: "r.bill_id", Dimension.BILL: "r.bill_id"}, day="r.issued_on")
)
