"""K17, K19 and K21: cash beside billings, what an hour brings, and how money comes in."""

from apps.core.access import Extra
from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.billing import BILLED, BILLED_TIME
from apps.reports.metrics.cash import COLLECTED_EXPENSES, COLLECTED_FEES, COLLECTED_UNRECONCILED
from apps.reports.metrics.declaration import Metric, Ratio, Statistic, Sum, total
from apps.reports.metrics.dimensions import BILL_LIKE, MATTER_LIKE, MONEY_LIKE

_HOURLY_NET = Measure(
    "hourly_billed",
    Source.BILLED,
    "coalesce(sum(r.net) FILTER (WHERE r.is_hourly AND NOT r.is_no_charge), 0)",
)
_HOURLY_COLLECTED = Measure(
    "hourly_collected",
    Source.COHORT,
    "coalesce(sum(r.net) FILTER (WHERE r.kind = 'payment' AND r.is_hourly), 0)",
)


_FEES_TO_DATE = Measure("fees_to_date", Source.SETTLED_TO_DATE, "coalesce(sum(r.net), 0)")
_HOURS_TO_DATE = Measure("hours_to_date", Source.TIME_TO_DATE, "coalesce(sum(r.seconds), 0) / 3600")


def _received(key: str, condition: str) -> Sum:
    expression = f"coalesce(sum(r.net + r.taxes) FILTER (WHERE {condition}), 0)"
    return total(Measure(key, Source.RECEIVED, expression), unit=Unit.MONEY)


CASH_TO_BILLINGS = Metric(
    key="K17",
    name="cash_to_billings",
    title="Cash-to-billings ratio",
    question="How much cash came in beside what was invoiced?",
    formula="revenue collected / revenue billed in the same period",
    date_basis="each its own: payment's allocation and issue date",
    dims=BILL_LIKE,
    definition=(
        "Collected (K15) over billed (K8) of the same period. The cash is mostly of earlier bills, so it can exceed "
        "100%: useful for cash, not for the quality of collection, which is K16."
    ),
    excludes="Tax and interest.",
    follows="Commonly called collection realization; kept apart from the collection rate.",
    items={"rate": Ratio(over=(COLLECTED_FEES, COLLECTED_EXPENSES, COLLECTED_UNRECONCILED), under=BILLED)},
)
EFFECTIVE_RATE = Metric(
    key="K19",
    name="effective_rate",
    title="Effective hourly rate",
    question="What does a billed hour bring?",
    formula="fees of the lines behind billed hours / billed hours; collected on those lines / billed hours",
    date_basis="issue date; payments up to today",
    dims=BILL_LIKE,
    definition=(
        "Net fees of the lines that billed hours (K9) are counted from, over those hours; and what was collected on "
        "them so far, over the same hours."
    ),
    excludes="Hand-typed lines, flat-rate and contingency fees, hours without charge, expenses and tax.",
    follows="Soluno, Billing realization reports.",
    items={
        "billed": Ratio(over=(_HOURLY_NET,), under=(BILLED_TIME,), unit=Unit.MONEY),
        "collected": Ratio(over=(_HOURLY_COLLECTED,), under=(BILLED_TIME,), unit=Unit.MONEY),
    },
    needs=frozenset({Extra.RATES}),
)
MATTER_RATE = Metric(
    key="K19.matter",
    name="matter_rate",
    title="Matter effective rate",
    question="What did an hour on the matter bring so far?",
    formula="fees collected to date / all hours recorded on the matter to date",
    date_basis="as of the period's end: all work and all payments dated up to it",
    dims=MATTER_LIKE,
    definition=(
        "Fees collected over all hours recorded, non-billable ones too, from the matter's beginning: the only rate "
        "that is fair to flat-fee and contingency work."
    ),
    excludes="Hours and fees without a matter; expenses, tax. Flat-rate and contingency-fee entries count no hours.",
    follows="Soluno, Billing realization reports.",
    items={
        "rate": Ratio(over=(_FEES_TO_DATE,), under=(_HOURS_TO_DATE,), unit=Unit.MONEY),
        "collected": total(_FEES_TO_DATE, unit=Unit.MONEY),
        "hours": total(_HOURS_TO_DATE, unit=Unit.HOURS),
    },
    has_months=False,
    items_need={"rate": Extra.RATES},
)
PAYMENTS = Metric(
    key="K21",
    name="payments",
    title="Payments by method",
    question="How does money come in?",
    formula="revenue collected + taxes + interest, by how it was paid",
    date_basis="date of the payment's allocation to the bill",
    dims=MONEY_LIKE,
    definition=(
        "Money from a trust account; paid online by card or by electronic check; paid through the operating account; "
        "everything else is direct (check, cash, wire), which Clio does not tell apart. A payment over several bills "
        "is one payment."
    ),
    excludes="Credits, client credit, voided payments.",
    follows="Clio, Invoice payments report; Record payments.",
    items={
        "total": _received("received", "true"),
        "trust": _received("received_from_trust", "r.method = 'trust'"),
        "card": _received("received_by_card", "r.method = 'card'"),
        "echeck": _received("received_by_echeck", "r.method = 'echeck'"),
        "operating": _received("received_in_operating", "r.method = 'operating'"),
        "direct": _received("received_directly", "r.method = 'direct'"),
        "payments": Statistic(Measure("payment_count", Source.PAYMENTS, "count(DISTINCT r.payment_id)"), Unit.COUNT),
    },
)
