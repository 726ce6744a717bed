"""Sums of ledger rows for one scope, by currency and calendar month: one statement per source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import Bucket, Measure, Period, Source
from apps.reports.queries.scoping import RowTest, people_in, rows_in

# Rows are added up by day and kind first, so that the measures' conditions and the months are worked out on few groups.
# The casts to timestamp spare a look at the time zone, which date_trunc would take for a date.
_DATED = """
SELECT r.currency, date_trunc('month', r.day::timestamp)::date AS month, {sums}
FROM (
    SELECT r.currency, r.{placed_on} AS day, {kinds}, {columns}, count(*) AS entries
    FROM {table} r {join}
    WHERE r.firm_id = %(firm)s AND r.{placed_on} BETWEEN %(first)s AND %(last)s AND {extra} AND {condition}
    GROUP BY r.currency, r.{placed_on}, {groups}
) r
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a dated source lies, the date that places its rows (R2), and what measures may tell apart and add up."""

    table: str
    placed_on: str
    kinds: Mapping[str, str]
    columns: Mapping[str, str]
    extra: str = "true"


_SETTLE_KINDS = {"item": "r.item", "kind": "r.kind"}
_SETTLE_COLUMNS = {"net": "r.net", "taxes": "r.tax + r.secondary_tax"}
_PLACES = {
    Source.BILLED: _Place(
        "reports_line",
        "issued_on",
        {
            "item": "r.item",
            "is_no_charge": "r.is_no_charge",
            "billing_method": "r.billing_method",
            "is_hidden": "r.worked IS NULL",
        },
        {"net": "r.net", "hours": "r.hours", "worked": "r.worked"},
    ),
    Source.INTEREST: _Place("reports_interest", "charged_on", {"item": "text 'interest'"}, {"amount": "r.amount"}),
    Source.SETTLED: _Place("reports_settle", "settled_on", _SETTLE_KINDS, _SETTLE_COLUMNS),
    Source.COHORT: _Place(
        "reports_settle", "issued_on", _SETTLE_KINDS, _SETTLE_COLUMNS, extra="r.settled_on <= %(as_of)s"
    ),
}
# Hours and capacity meet per timekeeper, by month and over the whole: who has no capacity leaves both sides of K3.
_TIME = """
WITH hours AS (
    SELECT date_trunc('month', r.worked_on::timestamp)::date AS month, r.timekeeper_id, r.work_class,
           r.seconds IS NULL AS is_hidden, count(*) AS entries, sum(r.seconds) AS seconds
    FROM reports_time r {join}
    WHERE r.firm_id = %(firm)s AND r.worked_on BETWEEN %(first)s AND %(last)s AND {condition}
    GROUP BY 1, 2, 3, 4
), days AS (
    SELECT day::date AS day, date_trunc('month', day)::date AS month
    FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') day
    WHERE extract(isodow FROM day) < 6
), capacity AS (
    SELECT d.month, r.timekeeper_id, count(*) * %(hours_a_day)s * 3600 AS available
    FROM reports_employment r JOIN days d ON d.day BETWEEN r.starts_on AND coalesce(r.ends_on, 'infinity')
    WHERE r.firm_id = %(firm)s AND {people}
    GROUP BY 1, 2
), rows AS (
    SELECT month, timekeeper_id, work_class, is_hidden, entries, seconds, NULL::numeric AS available FROM hours
    UNION ALL
    SELECT month, timekeeper_id, NULL, false, 0, NULL, available FROM capacity
), placed AS (
    SELECT rows.*, sum(available) OVER (PARTITION BY timekeeper_id, month) > 0 AS has_capacity_in_month,
           sum(available) OVER (PARTITION BY timekeeper_id) > 0 AS has_capacity FROM rows
)
SELECT NULL, r.month, {sums} FROM (SELECT placed.*, has_capacity_in_month AS is_measured FROM placed) r GROUP BY r.month
UNION ALL
SELECT NULL, NULL, {sums} FROM (SELECT placed.*, has_capacity AS is_measured FROM placed) r
"""
_UNBILLED = """
SELECT r.currency, NULL, {sums}
FROM (
    SELECT firm_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on FROM reports_time
    WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > %(last)s)
    UNION ALL
    SELECT firm_id, matter_id, timekeeper_id, currency, unbilled_as, value, worked_on FROM reports_expense
    WHERE firm_id = %(firm)s AND unbilled_as IS NOT NULL AND (billed_on IS NULL OR billed_on > %(last)s)
) r {join}
WHERE r.worked_on <= %(last)s AND {condition}
GROUP BY r.currency
"""
# A bill's own balance decides whether it owes or is overpaid; what is summed are its parts in scope.
_RECEIVABLE = """
WITH open_bill AS (
    SELECT bill_id, currency, principal, payer_id, coalesce(due_on, issued_on) AS aged_from FROM reports_bill
    WHERE firm_id = %(firm)s AND issued_on <= %(last)s AND (closed_on IS NULL OR closed_on > %(last)s)
), part AS (
    {principal}
    UNION ALL
    SELECT i.firm_id, i.bill_id, NULL, i.matter_id, i.payer_id, i.amount
    FROM reports_interest i JOIN open_bill USING (bill_id) WHERE i.firm_id = %(firm)s AND i.charged_on <= %(last)s
    UNION ALL
    SELECT s.firm_id, s.bill_id, s.timekeeper_id, s.matter_id, s.payer_id, -(s.net + s.tax + s.secondary_tax)
    FROM reports_settle s JOIN open_bill USING (bill_id) WHERE s.firm_id = %(firm)s AND s.settled_on <= %(last)s
), bill AS (
    SELECT r.bill_id, sum(r.amount) AS balance, sum(r.amount) FILTER (WHERE {condition}) AS visible FROM part r {join}
    GROUP BY r.bill_id
)
SELECT r.currency, NULL, {sums}
FROM (SELECT o.currency, b.balance, b.visible, %(last)s::date - o.aged_from AS days_past_due
      FROM bill b JOIN open_bill o USING (bill_id) WHERE b.visible IS NOT NULL) r
GROUP BY r.currency
"""
# What a bill's lines owe adds up to its principal, so only a part of the firm needs to look at the lines.
_PRINCIPAL_BY_LINE = """
    SELECT l.firm_id, l.bill_id, l.timekeeper_id, l.matter_id, l.payer_id,
           l.owed_net + l.owed_tax + l.owed_secondary_tax AS amount
    FROM reports_line l JOIN open_bill USING (bill_id) WHERE l.firm_id = %(firm)s
"""
_PRINCIPAL_BY_BILL = """
    SELECT %(firm)s::bigint AS firm_id, bill_id, NULL::bigint AS timekeeper_id, NULL::bigint AS matter_id, payer_id,
           principal AS amount
    FROM open_bill
"""
DAILY_HOURS = 8


def sum_measures(*, scope: Scope, source: Source, measures: Sequence[Measure], period: Period) -> list[Bucket]:
    """Return the measures of one source by currency and month, in minor units and seconds.

    Sources as of a day (unbilled, receivable) are taken at the period's end and have no months; TIME has no currency
    and carries the whole period as a row of its own. COHORT counts money up to the period's `today`.
    """
    days = {"first": period.starts_on, "last": period.ends_on, "as_of": period.today}
    statement, test_values = _statement(scope, source, measures)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"firm": scope.firm_id, **days, **test_values})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    keys = [measure.key for measure in measures]
    return [Bucket(row[0], row[1], dict(zip(keys, row[2:], strict=True))) for row in rows]


def _statement(scope: Scope, source: Source, measures: Sequence[Measure]) -> tuple[str, dict[str, Any]]:
    sums = ", ".join(measure.expression for measure in measures)
    if source is Source.TIME:
        test, people = rows_in(scope), people_in(scope)
        text = _TIME.format(sums=sums, join=test.join, condition=test.condition, people=people.condition)
        offered = scope.kind is not ScopeKind.SUBSET or bool(people.values["people"])
        return text, {**test.values, **people.values, "hours_a_day": DAILY_HOURS, "has_people": offered}
    if source is Source.UNBILLED:
        return _filled(_UNBILLED, rows_in(scope), sums)
    if source is Source.RECEIVABLE:
        principal = _PRINCIPAL_BY_BILL if scope.is_whole_firm else _PRINCIPAL_BY_LINE
        return _filled(_RECEIVABLE, rows_in(scope, payer="r.payer_id"), sums, principal=principal)
    place = _PLACES[source]
    timekeeper = "NULL::bigint" if source is Source.INTEREST else "r.timekeeper_id"
    test = rows_in(scope, timekeeper=timekeeper, payer="r.payer_id")
    return _filled(
        _DATED,
        test,
        sums,
        table=place.table,
        placed_on=place.placed_on,
        extra=place.extra,
        kinds=", ".join(f"{expression} AS {name}" for name, expression in place.kinds.items()),
        columns=", ".join(f"sum({expression}) AS {name}" for name, expression in place.columns.items()),
        groups=", ".join(place.kinds.values()),
    )


def _filled(text: str, test: RowTest, sums: str, **names: str) -> tuple[str, dict[str, Any]]:
    return text.format(sums=sums, join=test.join, condition=test.condition, **names), test.values
