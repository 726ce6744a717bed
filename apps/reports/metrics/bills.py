"""How the bills of a period stand by now: what K8, K13 and K15 say of them, bill by bill."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, total
from apps.reports.metrics.dimensions import BILL_LIKE

_ON_BILL = "r.item NOT IN ('credit', 'interest')"


def _settled(key: str, amount: str, condition: str) -> Measure:
    return Measure(key, Source.COHORT, f"coalesce(sum({amount}) FILTER (WHERE {_ON_BILL} AND {condition}), 0)")


_NET = Measure("issued_net", Source.BILLED, "coalesce(sum(r.net), 0)")
_TAX = Measure("issued_tax", Source.BILLED, "coalesce(sum(r.taxes), 0)")
_PAID = _settled("issued_paid", "r.net + r.taxes", "r.kind = 'payment'")
_CREDITED = _settled("issued_credited", "r.net + r.taxes", "r.kind <> 'payment'")
_SETTLED = _settled("issued_settled", "-(r.net + r.taxes)", "true")

BILLS_ISSUED = Metric(
    key="K8.bills",
    name="bills_issued",
    title="Bills issued",
    question="What did the bills of the period come to, and how do they stand by now?",
    formula="lines of the bills with tax; payments and credits on them up to today; the rest is open",
    date_basis="issue date; payments and credits: up to today",
    dims=BILL_LIKE,
    definition=(
        "Approved bills issued in the period: what they charge, tax with it, what was paid and what was credited so "
        "far, and what is open. An open amount below zero was paid too much."
    ),
    excludes="Interest charges and what was paid of them; client credit.",
    follows="Clio, Billing history.",
    items={
        "total": total(_NET, _TAX, unit=Unit.MONEY),
        "tax": total(_TAX, unit=Unit.MONEY),
        "paid": total(_PAID, unit=Unit.MONEY),
        "credited": total(_CREDITED, unit=Unit.MONEY),
        "open": total(_NET, _TAX, _SETTLED, unit=Unit.MONEY),
    },
)
