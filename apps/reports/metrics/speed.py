"""K14 and K20: how long work waits for its bill, and bills for their money."""

from apps.reports.contracts import Dimension, Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio, Statistic
from apps.reports.metrics.dimensions import BILL_LIKE

_WAITED = Measure("worth_days", Source.BILLED, "coalesce(sum(r.worth_days) FILTER (WHERE r.item = 'fee'), 0)")
_WAITING = Measure("waited_for", Source.BILLED, "coalesce(sum(r.waited_for) FILTER (WHERE r.item = 'fee'), 0)")
_MEDIAN_WAIT = Measure("median_wait", Source.BILLED_LINES, "percentile_cont(0.5) WITHIN GROUP (ORDER BY r.waited)")
# Interest has no bill date of its own, and what became client credit pays no bill.
_PAYS = "r.kind = 'payment' AND r.item NOT IN ('interest', 'credit')"
_PAID_DAYS = Measure("money_days", Source.SETTLED, f"coalesce(sum(r.money_days) FILTER (WHERE {_PAYS}), 0)")
_PAID = Measure("aged_money", Source.SETTLED, f"coalesce(sum(r.aged) FILTER (WHERE {_PAYS}), 0)")


def _taken(key: str, aggregate: str) -> Statistic:
    return Statistic(Measure(key, Source.PAID_UP, aggregate), Unit.DAYS)


DAYS_TO_BILL = Metric(
    key="K14",
    name="days_to_bill",
    title="Average days to bill",
    question="How long does work wait for its bill?",
    formula="sum of worked value x (issue date - date of the work) / sum of worked value",
    date_basis="issue date",
    dims=BILL_LIKE,
    definition=(
        "Days from the work to the issue of its bill, weighted by what the work was worth, over fee lines made from an "
        "entry; a bill dated before the work counts 0 days. The median is of the lines, each counting the same."
    ),
    excludes="Hand-typed lines, expenses; the average leaves out lines whose worth is not known.",
    follows="Yancey, Inventory management (2009): weighted by dollars, as in Redwood's benchmark.",
    items={
        "average": Ratio(over=(_WAITED,), under=(_WAITING,), unit=Unit.DAYS),
        "median": Statistic(_MEDIAN_WAIT, Unit.DAYS),
    },
)
DAYS_TO_PAY = Metric(
    key="K20",
    name="days_to_pay",
    title="Days to pay and time to full payment",
    question="How long do clients take to pay?",
    formula="sum of payment x (allocation date - issue date) / sum of payments; issue to last payment or credit",
    date_basis="date of the payment's allocation; full payment: date of the bill's last payment or credit",
    dims=frozenset({Dimension.CLIENT, Dimension.PRACTICE_AREA, Dimension.RESPONSIBLE}),
    definition=(
        "Days from issue to payment, weighted by money, taxes in; money paid before the bill counts 0 days. Time to "
        "full payment is of bills that came to 0 or less in the period with at least one payment: median, mean and "
        "90th percentile of bills. A bill over several matters counts once in every row it has a line in."
    ),
    excludes="Interest and client credit; bills closed wholly by credits.",
    follows="Yancey, Inventory management (2009).",
    items={
        "average": Ratio(over=(_PAID_DAYS,), under=(_PAID,), unit=Unit.DAYS),
        "full_payment_median": _taken("taken_median", "percentile_cont(0.5) WITHIN GROUP (ORDER BY r.taken)"),
        "full_payment_mean": _taken("taken_mean", "avg(r.taken)"),
        "full_payment_p90": _taken("taken_p90", "percentile_cont(0.9) WITHIN GROUP (ORDER BY r.taken)"),
        "bills": Statistic(Measure("bills_paid_up", Source.PAID_UP, "count(r.taken)"), Unit.COUNT),
    },
)
