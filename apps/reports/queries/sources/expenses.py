"""Expense entries by the date of the work, and what came back of them (K27)."""

from apps.reports.queries.sources.dated import OF_COSTS, OF_ENTRIES, OF_EXPENSES, OF_SHARES, DatedSource
from apps.reports.queries.sources.rows import RowShape

EXPENSES = DatedSource(
    "reports_expense",
    "worked_on",
    {"is_billable": "(r.work_class = 'billable')", "is_hidden": "(r.value IS NULL)"},
    {"value": "r.value"},
    RowShape(own={**OF_ENTRIES, **OF_EXPENSES}),
)
# What came in on expense entries of a known value, on their own lines, under the entry's own person and matter.
EXPENSES_RECOVERED = DatedSource(
    """(
    SELECT s.firm_id, s.settled_on, s.currency, s.net, s.allocation_id, s.item, s.bill_id, s.line_id, e.worked_on,
           e.timekeeper_id, e.matter_id, e.category_id, s.cost_kind
    FROM reports_settle s JOIN reports_expense e ON e.firm_id = s.firm_id AND e.activity_id = s.activity_id
    WHERE s.kind = 'payment' AND s.item = 'expense' AND e.value IS NOT NULL
)""",
    "worked_on",
    columns={"net": "r.net"},
    shape=RowShape(own={**OF_COSTS, **OF_SHARES}),
    extra="r.settled_on <= {as_of}",
)
