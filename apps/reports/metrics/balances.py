"""K22 to K24: unbilled work, receivables, their age. All as of a day."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import BALANCE, TIME_LIKE


def _unbilled(key: str, kind: str) -> Measure:
    return Measure(key, Source.UNBILLED, f"coalesce(sum(r.value) FILTER (WHERE r.unbilled_as = '{kind}'), 0)")


def _owing(key: str, condition: str) -> Measure:
    expression = f"coalesce(sum(r.visible) FILTER (WHERE r.balance > 0 AND {condition}), 0)"
    return Measure(key, Source.RECEIVABLE, expression)


UNBILLED_FEES = _unbilled("unbilled_fees", "fees")
UNBILLED_EXPENSES = _unbilled("unbilled_expenses", "expenses")
UNBILLED_CONTINGENCY = _unbilled("unbilled_contingency_fees", "contingency_fees")
RECEIVABLE = _owing("receivable", "true")
OVERPAID = Measure("overpaid", Source.RECEIVABLE, "coalesce(-sum(r.visible) FILTER (WHERE r.balance < 0), 0)")
AGED = {
    "current": _owing("aged_current", "r.days_past_due <= 0"),
    "days_1_30": _owing("aged_30", "r.days_past_due BETWEEN 1 AND 30"),
    "days_31_60": _owing("aged_60", "r.days_past_due BETWEEN 31 AND 60"),
    "days_61_90": _owing("aged_90", "r.days_past_due BETWEEN 61 AND 90"),
    "days_91_plus": _owing("aged_older", "r.days_past_due > 90"),
}

WORK_IN_PROGRESS = Metric(
    key="K22",
    name="unbilled",
    title="Work in progress",
    question="What is earned but not invoiced?",
    formula="value of billable entries dated up to the day and on no approved bill issued up to it",
    date_basis="as of the period's end, by the date of the work",
    dims=TIME_LIKE,
    definition="Unbilled time and expenses; work on drafts and on bills awaiting approval is inside.",
    excludes=(
        "Entries without a matter, on non-billable matters, and time on contingency matters. "
        "Contingency fees stand apart."
    ),
    items={
        "fees": total(UNBILLED_FEES, unit=Unit.MONEY),
        "expenses": total(UNBILLED_EXPENSES, unit=Unit.MONEY),
        "total": total(UNBILLED_FEES, UNBILLED_EXPENSES, unit=Unit.MONEY),
        "contingency_fees": total(UNBILLED_CONTINGENCY, unit=Unit.MONEY),
    },
    has_months=False,
)
ACCOUNTS_RECEIVABLE = Metric(
    key="K23",
    name="receivable",
    title="Accounts receivable",
    question="What is owed to us?",
    formula="due without interest + interest charged so far - payments and credits so far, per approved bill",
    date_basis="as of the period's end, by issue, charge and allocation date",
    dims=BALANCE,
    definition=(
        "What approved bills still owe, tax, expenses and interest in. Overpaid bills stand apart and are not netted."
    ),
    excludes="Trust requests, drafts, void and deleted bills, voided payments and credits.",
    items={"total": total(RECEIVABLE, unit=Unit.MONEY), "overpaid": total(OVERPAID, unit=Unit.MONEY)},
    has_months=False,
)
AGING = Metric(
    key="K24",
    name="aging",
    title="Receivables by age",
    question="How old is what is owed?",
    formula="accounts receivable by days since the due date (missing, or by the firm's choice: the issue date)",
    date_basis="as of the period's end",
    dims=BALANCE,
    definition=(
        "A bill is current up to its due date; payments in part leave it in its bucket; interest ages with its bill."
    ),
    excludes="Overpaid bills.",
    items={
        **{name: total(measure, unit=Unit.MONEY) for name, measure in AGED.items()},
        **{f"{name}_share": Ratio(over=(measure,), under=(RECEIVABLE,)) for name, measure in AGED.items()},
    },
    has_months=False,
)
