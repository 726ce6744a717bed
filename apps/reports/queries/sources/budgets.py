"""Matters with a budget: what was agreed, what of it is used by the day, and how fast."""

from datetime import date, timedelta

from apps.reports.contracts import FirmCalendar, Grain
from apps.reports.queries.sources.dated import OF_ENTRIES
from apps.reports.queries.sources.reading import RowKey, piece_of
from apps.reports.queries.sources.rows import RowShape
from apps.reports.queries.sources.to_date import ToDateSource
from apps.reports.queries.sources.trailing import Span, TrailingSource


def _four_full_weeks(day: date, calendar: FirmCalendar) -> tuple[date, date]:
    last = piece_of(day + timedelta(days=1), Grain.WEEK, calendar) - timedelta(days=1)
    return last - timedelta(days=27), last


# Billable work and, where the budget includes them, expenses, on matters with a budget in the work's own currency. A
# budget is the whole matter's, so whoever may see the matter sees all that was used of it.
_USED = """(
    SELECT x.firm_id, x.activity_id, x.matter_id, x.currency, x.worked_on, x.value
    FROM (
        SELECT firm_id, activity_id, matter_id, currency, worked_on, value, true AS is_time FROM reports_time
        WHERE work_class = 'billable'
        UNION ALL
        SELECT firm_id, activity_id, matter_id, currency, worked_on, value, false FROM reports_expense
        WHERE work_class = 'billable'
    ) x
    JOIN reports_matter c ON c.firm_id = x.firm_id AND c.matter_id = x.matter_id AND c.currency = x.currency
    WHERE c.budget IS NOT NULL AND (x.is_time OR c.budget_includes_expenses)
)"""
_OF_WORK = RowShape(timekeeper="", of_matters=True, own=OF_ENTRIES)
_KINDS, _VALUE = {"is_hidden": "(r.value IS NULL)"}, {"value": "r.value"}
# Clio keeps no day on which a budget was agreed: it stands from the matter's opening on.
BUDGETS = ToDateSource(
    "reports_matter",
    "opened_on",
    columns={"budget": "r.budget"},
    shape=RowShape(timekeeper="", of_matters=True, own={RowKey.ID: "r.matter_id"}),
    extra="r.budget IS NOT NULL",
)
BUDGET_USED = ToDateSource(_USED, "worked_on", _KINDS, _VALUE, _OF_WORK)
BUDGET_BURN = TrailingSource(
    _USED, "worked_on", Span("four_full_weeks", _four_full_weeks), columns=_VALUE, shape=_OF_WORK
)
