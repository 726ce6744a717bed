"""How old unbilled work and receivables are: the ages of K22 and K24."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.balances import RECEIVABLE, UNBILLED_EXPENSES, UNBILLED_FEES
from apps.reports.metrics.declaration import Item, Metric, Ratio, total
from apps.reports.metrics.dimensions import BALANCE, TIME_LIKE

_WORK = "r.unbilled_as IN ('fees', 'expenses')"
_BUCKETS = {
    "days_0_30": "r.age BETWEEN 0 AND 30",
    "days_31_60": "r.age BETWEEN 31 AND 60",
    "days_61_90": "r.age BETWEEN 61 AND 90",
    "days_91_plus": "r.age > 90",
}
_UNBILLED = (UNBILLED_FEES, UNBILLED_EXPENSES)


def _aged(key: str, condition: str) -> Measure:
    expression = f"coalesce(sum(r.value) FILTER (WHERE {_WORK} AND {condition}), 0)"
    return Measure(f"unbilled_{key}", Source.UNBILLED, expression)


def _by_age() -> dict[str, Item]:
    aged = {key: _aged(key, condition) for key, condition in _BUCKETS.items()}
    money: dict[str, Item] = {key: total(measure, unit=Unit.MONEY) for key, measure in aged.items()}
    shares: dict[str, Item] = {f"{key}_share": Ratio(over=(each,), under=_UNBILLED) for key, each in aged.items()}
    return money | shares


UNBILLED_AGING = Metric(
    key="K22.age",
    name="unbilled_aging",
    title="Work in progress by age",
    question="How long has work been waiting for its bill?",
    formula="unbilled fees and expenses by days since the work; weighted age: sum(value x age) / sum(value)",
    date_basis="as of the period's end, by the date of the work",
    dims=TIME_LIKE,
    definition="Fees and expenses together, by days from the work to the day. Negative values weigh as they are.",
    excludes="What work in progress leaves out, and contingency fees.",
    follows="Clio, Matter balance summary, at any day instead of today.",
    items={
        **_by_age(),
        "weighted_age": Ratio(
            over=(
                Measure(
                    "unbilled_value_days",
                    Source.UNBILLED,
                    f"coalesce(sum(r.value * r.age) FILTER (WHERE {_WORK}), 0)",
                ),
            ),
            under=_UNBILLED,
            unit=Unit.DAYS,
        ),
    },
    has_months=False,
)
RECEIVABLE_AGE = Metric(
    key="K24.age",
    name="receivable_age",
    title="Weighted age of receivables",
    question="How old is the money that is owed to us?",
    formula="sum(balance x days since issue) / sum(balance), over bills that owe something",
    date_basis="as of the period's end",
    dims=BALANCE,
    definition="Days since the issue of the bills, weighted by what they still owe, interest and tax in it.",
    excludes="Overpaid bills.",
    follows="Billing & Collections 101.",
    items={
        "weighted_age": Ratio(
            over=(
                Measure(
                    "owed_days_since_issue",
                    Source.RECEIVABLE,
                    "coalesce(sum(r.visible * r.days_since_issue) FILTER (WHERE r.balance > 0), 0)",
                ),
            ),
            under=(RECEIVABLE,),
            unit=Unit.DAYS,
        )
    },
    has_months=False,
)
