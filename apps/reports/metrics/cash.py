"""K15 and K16: revenue collected, collection rate."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.billing import BILLED
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import BILL_LIKE, MONEY_LIKE


def _paid(key: str, amount: str, condition: str) -> Measure:
    sums = f"coalesce(sum({amount}) FILTER (WHERE r.kind = 'payment' AND {condition}), 0)"
    return Measure(key, Source.SETTLED, sums)


COLLECTED_FEES = _paid("collected_fees", "r.net", "r.item = 'fee'")
COLLECTED_EXPENSES = _paid("collected_expenses", "r.net", "r.item = 'expense'")
COLLECTED_UNRECONCILED = _paid("collected_unreconciled", "r.net", "r.item = 'unreconciled'")
COLLECTED_TAX = _paid("collected_tax", "r.taxes", "true")
COLLECTED_INTEREST = _paid("collected_interest", "r.net", "r.item = 'interest'")
_PAID_ON_LINES = "r.kind = 'payment' AND r.item IN ('fee', 'expense', 'unreconciled')"
COHORT_PAID = Measure("cohort_paid", Source.COHORT, f"coalesce(sum(r.net) FILTER (WHERE {_PAID_ON_LINES}), 0)")
COHORT_PAID_EARLY = Measure(
    "cohort_paid_early",
    Source.COHORT,
    f"coalesce(sum(r.net) FILTER (WHERE {_PAID_ON_LINES} AND r.is_within_90_days), 0)",
)

REVENUE_COLLECTED = Metric(
    key="K15",
    name="collected",
    title="Revenue collected",
    question="What came in?",
    formula="sum of payments, spread over the lines of their bills",
    date_basis="date of the payment's allocation to the bill",
    dims=MONEY_LIKE,
    definition=(
        "Payments on approved bills, spread pro rata over what each line owes; money back reduces it. Taxes and "
        "interest stand apart."
    ),
    excludes="Voided payments, credits, trust requests, client credit, unapplied and pending money; tax and interest.",
    items={
        "fees": total(COLLECTED_FEES, unit=Unit.MONEY),
        "expenses": total(COLLECTED_EXPENSES, unit=Unit.MONEY),
        "unreconciled": total(COLLECTED_UNRECONCILED, unit=Unit.MONEY),
        "total": total(COLLECTED_FEES, COLLECTED_EXPENSES, COLLECTED_UNRECONCILED, unit=Unit.MONEY),
        "tax": total(COLLECTED_TAX, unit=Unit.MONEY),
        "interest": total(COLLECTED_INTEREST, unit=Unit.MONEY),
    },
)
COLLECTION_RATE = Metric(
    key="K16",
    name="collection_rate",
    title="Collection rate",
    question="What share of what we invoiced gets paid?",
    formula="payments to date on bills issued in the period / revenue billed on them",
    date_basis="issue date, payments up to today",
    dims=BILL_LIKE,
    definition=(
        "Payments on fees, expenses and unreconciled amounts of the period's bills, whenever made, over K8. What came "
        "in within 90 days of issue compares months fairly, once 90 days have passed."
    ),
    excludes="Tax and interest. Credits stay in the denominator: what was written off was not collected.",
    items={
        "rate": Ratio(over=(COHORT_PAID,), under=BILLED),
        "within_90_days": Ratio(over=(COHORT_PAID_EARLY,), under=BILLED),
    },
)
