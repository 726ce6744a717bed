"""Variants of K23 and K24: what is owed by what it is for, and receivables by age with the oldest split at 120 days."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.balances import AGED, RECEIVABLE
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import BALANCE


def _owing(key: str, amount: str, condition: str = "true") -> Measure:
    expression = f"coalesce(sum({amount}) FILTER (WHERE r.balance > 0 AND {condition}), 0)"
    return Measure(key, Source.RECEIVABLE, expression)


_PARTS = {
    name: _owing(f"receivable_{name}", f"r.visible_{name}")
    for name in ("fees", "expenses", "unreconciled", "tax", "interest", "credit")
}
_AGED = {
    **{name: measure for name, measure in AGED.items() if name != "days_91_plus"},
    "days_91_120": _owing("aged_120", "r.visible", "r.days_past_due BETWEEN 91 AND 120"),
    "days_121_plus": _owing("aged_oldest", "r.visible", "r.days_past_due > 120"),
}

RECEIVABLE_PARTS = Metric(
    key="K23.parts",
    name="receivable_parts",
    title="Accounts receivable by what is owed",
    question="How much of what is owed to us are fees?",
    formula="accounts receivable by the parts of the bills: fees, expenses, tax, interest; less credit",
    date_basis="as of the period's end, by issue, charge and allocation date",
    dims=BALANCE,
    definition=(
        "What approved bills still owe (K23), by what it is owed for; fees and expenses without tax. Payments and "
        "credits are spread over the parts by the firm's rule. Credit of a bill that owes on its other matters is "
        "negative. The parts add up to the total."
    ),
    excludes="Overpaid bills.",
    items={
        **{name: total(measure, unit=Unit.MONEY) for name, measure in _PARTS.items()},
        "total": total(*_PARTS.values(), unit=Unit.MONEY),
    },
    has_months=False,
)
AGING_TO_120 = Metric(
    key="K24.120",
    name="aging_to_120",
    title="Receivables by age, the oldest split at 120 days",
    question="How old is what is owed, and what is older than 120 days?",
    formula="accounts receivable by days since the due date (missing, or by the firm's choice: the issue date)",
    date_basis="as of the period's end",
    dims=BALANCE,
    definition="The buckets of receivables by age (K24), 91 days and more split in 91 to 120 and 121 and more.",
    excludes="Overpaid bills.",
    items={
        **{name: total(measure, unit=Unit.MONEY) for name, measure in _AGED.items()},
        "total": total(*_AGED.values(), unit=Unit.MONEY),
        **{f"{name}_share": Ratio(over=(measure,), under=(RECEIVABLE,)) for name, measure in _AGED.items()},
    },
    has_months=False,
)
