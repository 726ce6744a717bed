"""The report that sets closed months beside what is known of them now."""

from apps.reports.contracts import Comparison, Report, Table


def _table(key: str, title: str, *metrics: str) -> Table:
    return Table(key=key, title=title, columns=metrics, comparison=Comparison.CLOSED)


# Every figure that a closed month keeps; the rows behind a difference are the adjustments of the month's close.
PERIOD_CLOSE = Report(
    number=26,
    key="period_close",
    title="Period close and changes",
    question="What has changed since these months were closed?",
    date_basis="each figure's own, as its definition says",
    period="last_month",
    tables=(
        _table(
            "work",
            "Work",
            "recorded_hours",
            "available_hours",
            "utilization",
            "billable_share",
            "capture",
            "worked_value",
            "work_date_funnel",
            "overall_realization",
        ),
        _table(
            "bills",
            "Bills",
            "billed",
            "billed_hours",
            "realization",
            "reductions",
            "bills_issued",
            "days_to_bill",
            "collection_rate",
            "effective_rate",
        ),
        _table(
            "money",
            "Money",
            "collected",
            "payments",
            "write_offs",
            "credits",
            "cash_to_billings",
            "days_to_pay",
            "revenue_per_matter",
        ),
        _table(
            "matters",
            "Matters and expenses",
            "matters.opened",
            "matters.closed",
            "matters.net",
            "matters.clearance",
            "matter_days.duration_median",
            "matter_days.duration_mean",
            "expenses.incurred",
            "expenses.absorbed",
            "expenses.billed",
            "expenses.collected",
            "expenses.written_off",
            "expenses.recovered",
        ),
        _table("trust", "Trust", "trust_movements"),
        _table("profit", "Cost and profit", "cost_rates", "matter_profit_of_period", "contribution"),
        _table("shares", "Credit and fee split", "credit", "fee_split"),
    ),
)
REPORTS = (PERIOD_CLOSE,)
