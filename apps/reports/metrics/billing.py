"""K8 to K10: revenue billed, billed hours, billing realization."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import BILL_LIKE


def _billed(key: str, column: str, condition: str) -> Measure:
    return Measure(key, Source.BILLED, f"coalesce(sum(r.{column}) FILTER (WHERE {condition}), 0)")


def _worth(key: str, column: str, methods: str) -> Measure:
    return _billed(key, column, f"r.item = 'fee' AND NOT r.is_hidden AND {methods}")


BILLED_FEES = _billed("billed_fees", "net", "r.item = 'fee'")
BILLED_EXPENSES = _billed("billed_expenses", "net", "r.item = 'expense'")
BILLED_UNRECONCILED = _billed("billed_unreconciled", "net", "r.item = 'unreconciled'")
CHARGED_INTEREST = Measure("charged_interest", Source.INTEREST, "coalesce(sum(r.amount), 0)")
BILLED = (BILLED_FEES, BILLED_EXPENSES, BILLED_UNRECONCILED)
BILLED_TIME = _billed("billed_time", "hours", "r.item = 'fee' AND NOT r.is_no_charge")
NO_CHARGE_TIME = _billed("no_charge_time", "hours", "r.item = 'fee' AND r.is_no_charge")
# Clio's default billing method is hourly, so none means hourly.
_HOURLY = "coalesce(r.billing_method, 'hourly') = 'hourly'"
_FLAT, _CONTINGENCY = "r.billing_method = 'flat'", "r.billing_method = 'contingency'"

REVENUE_BILLED = Metric(
    key="K8",
    name="billed",
    title="Revenue billed",
    question="What did we invoice?",
    formula="sum of line amounts after line and bill discounts, of approved bills",
    date_basis="issue date; interest: charge date",
    dims=BILL_LIKE,
    definition=(
        "Fees and expenses of approved bills, net of discounts. `unreconciled` is what lines do not explain of a "
        "bill's own total; with it the sum ties to Clio. Interest charges stand apart."
    ),
    excludes="Tax, trust requests, drafts, void and deleted bills; interest is not in the total.",
    items={
        "fees": total(BILLED_FEES, unit=Unit.MONEY),
        "expenses": total(BILLED_EXPENSES, unit=Unit.MONEY),
        "unreconciled": total(BILLED_UNRECONCILED, unit=Unit.MONEY),
        "total": total(*BILLED, unit=Unit.MONEY),
        "interest": total(CHARGED_INTEREST, unit=Unit.MONEY),
    },
)
BILLED_HOURS = Metric(
    key="K9",
    name="billed_hours",
    title="Billed hours",
    question="How many hours did we invoice?",
    formula="sum of the quantity of fee lines made from hourly time entries",
    date_basis="issue date",
    dims=BILL_LIKE,
    definition="Hours of fee lines whose entry is hourly time, per bill currency. No-charge hours stand apart.",
    excludes="Hand-typed lines, flat-rate and contingency-fee entries.",
    items={"total": total(BILLED_TIME, unit=Unit.HOURS), "no_charge": total(NO_CHARGE_TIME, unit=Unit.HOURS)},
)
REALIZATION = Metric(
    key="K10",
    name="realization",
    title="Billing realization",
    question="How much of the value of work survived to the invoice?",
    formula="billed fees / worked value of the same lines",
    date_basis="issue date",
    dims=BILL_LIKE,
    definition=(
        "Fee lines of bills issued in the period, on hourly matters (or none); flat and contingency matters beside it. "
        "Worked value is the entry's before it was billed; a hand-typed line counts what was typed on both sides."
    ),
    excludes="Expenses, tax and unreconciled amounts.",
    items={
        "rate": Ratio(
            over=(_worth("hourly_net", "net", _HOURLY),), under=(_worth("hourly_worked", "worked", _HOURLY),)
        ),
        "flat": Ratio(over=(_worth("flat_net", "net", _FLAT),), under=(_worth("flat_worked", "worked", _FLAT),)),
        "contingency": Ratio(
            over=(_worth("contingency_net", "net", _CONTINGENCY),),
            under=(_worth("contingency_worked", "worked", _CONTINGENCY),),
        ),
    },
)
