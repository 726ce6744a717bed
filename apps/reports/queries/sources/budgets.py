"""Matters with a budget: what was agreed on the day, what of it is used by the day, and how fast."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from datetime import date, timedelta

from apps.core.money import UNUSUAL_MINOR_DIGITS
from apps.reports.contracts import FirmCalendar, Grain, Measure
from apps.reports.contracts import Source as Name
from apps.reports.queries.scoping import rows_in
from apps.reports.queries.sources.by_matter import ByMatter, Side
from apps.reports.queries.sources.dated import OF_ENTRIES
from apps.reports.queries.sources.reading import RowKey, piece_of
from apps.reports.queries.sources.rows import RowShape
from apps.reports.queries.sources.to_date import ToDateSource
from apps.reports.queries.sources.trailing import Span, TrailingSource


def _four_full_weeks(day: date, calendar: FirmCalendar) -> tuple[date, date]:
    last = piece_of(day + timedelta(days=1), Grain.WEEK, calendar) - timedelta(days=1)
    return last - timedelta(days=27), last


_UNUSUAL = " ".join(f"WHEN '{code}' THEN {10**digits}" for code, digits in sorted(UNUSUAL_MINOR_DIGITS.items()))
# Every change of a matter's budget, in minor units of today's currency, by what we saw of Clio's: it keeps the present
# one only. Before the first look the budget is taken to have been what it was then.
_CHANGES = f"""(
    SELECT s.matter_id, s.starts_on, c.currency, c.opened_on, b.minor,
           lag(b.minor) OVER (PARTITION BY s.matter_id ORDER BY s.starts_on NULLS FIRST) AS minor_before
    FROM reports_matter_span s
    JOIN reports_matter c ON c.firm_id = s.firm_id AND c.matter_id = s.matter_id
    CROSS JOIN LATERAL (SELECT round(s.budget * CASE c.currency {_UNUSUAL} ELSE 100 END)::bigint AS minor) b
    WHERE s.firm_id = %(firm)s
)"""
# What a budget grew by on which day; from the beginning to a day it adds up to the budget of the day.
_AGREED = f"""(
    SELECT %(firm)s::bigint AS firm_id, x.matter_id, x.currency, greatest(x.opened_on, x.starts_on) AS agreed_on,
           coalesce(x.minor, 0) - coalesce(x.minor_before, 0) AS budget
    FROM {_CHANGES} x
    WHERE x.opened_on IS NOT NULL AND coalesce(x.minor, 0) <> coalesce(x.minor_before, 0)
)"""
# Billable work and, where the budget includes them, expenses, on matters in the work's own currency. A budget is the
# whole matter's, so whoever may see the matter sees all that was used of it, as a sum.
_WORK = """(
    SELECT x.* FROM (
        SELECT firm_id, activity_id, timekeeper_id, matter_id, currency, worked_on, value, true AS is_time
        FROM reports_time WHERE work_class = 'billable'
        UNION ALL
        SELECT firm_id, activity_id, timekeeper_id, matter_id, currency, worked_on, value, false FROM reports_expense
        WHERE work_class = 'billable'
    ) x
    JOIN reports_matter c ON c.firm_id = x.firm_id AND c.matter_id = x.matter_id AND c.currency = x.currency
    WHERE x.is_time OR c.budget_includes_expenses
)"""
# Work uses a budget from the day there is both, until there is no budget any more, when it is taken off again.
_USED = f"""(
    SELECT w.firm_id, w.activity_id, w.timekeeper_id, w.matter_id, w.currency, w.is_time,
           greatest(w.worked_on, x.starts_on) AS worked_on,
           CASE WHEN x.minor IS NULL THEN -w.value ELSE w.value END AS value,
           CASE WHEN x.minor IS NULL THEN -1 ELSE 1 END AS entries
    FROM {_WORK} w JOIN {_CHANGES} x ON x.matter_id = w.matter_id
    WHERE (x.minor IS NULL) <> (x.minor_before IS NULL)
)"""
_BURNT = f"""(
    SELECT w.*
    FROM {_WORK} w
    WHERE EXISTS (SELECT FROM reports_matter_span s
                  WHERE s.firm_id = w.firm_id AND s.matter_id = w.matter_id AND s.budget IS NOT NULL)
)"""
_OF_MATTERS = RowShape(timekeeper="", of_matters=True, own={RowKey.ID: "r.matter_id"})
_OF_WORK = RowShape(timekeeper="", of_matters=True, own=OF_ENTRIES, by_itself=rows_in, fee="r.is_time")
_KINDS, _VALUE = {"is_hidden": "(r.value IS NULL)"}, {"value": "r.value"}
BUDGETS = ToDateSource(_AGREED, "agreed_on", columns={"budget": "r.budget"}, shape=_OF_MATTERS)
# What is taken off again counts against what was put on, so that entries of hidden value leave with their budget too.
BUDGET_USED = ToDateSource(_USED, "worked_on", _KINDS, _VALUE, _OF_WORK, counted="sum(r.entries)")
BUDGET_BURN = TrailingSource(_BURNT, "worked_on", Span("four_full_weeks", _four_full_weeks), _KINDS, _VALUE, _OF_WORK)
_THRESHOLDS = ToDateSource(
    "reports_matter",
    "opened_on",
    columns={"threshold": "r.budget_threshold"},
    shape=_OF_MATTERS,
    extra="r.budget_threshold IS NOT NULL",
)
# The matter's `budget` on the day, what is `used` of it, and the percent at which people are told (NULL: never).
BUDGET_BY_MATTER = ByMatter(
    _OF_MATTERS.without_rows(),
    (
        Side(BUDGETS, Measure("budget", Name.BUDGETS, "coalesce(sum(r.budget), 0)")),
        Side(
            BUDGET_USED,
            Measure("used", Name.BUDGET_USED, "coalesce(sum(r.value), 0)"),
            hidden="sum(r.entries) FILTER (WHERE r.is_hidden)",
        ),
        Side(_THRESHOLDS, Measure("threshold", Name.BUDGETS, "sum(r.threshold)"), may_lack=True),
    ),
)
