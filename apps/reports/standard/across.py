"""The report that sets firms side by side; firms are never added up."""

from apps.reports.contracts import Chart, Report, Table

SIDE_BY_SIDE = Report(
    number=28,
    key="side_by_side",
    title="Firms side by side",
    question="How does each firm stand, by the figures that compare?",
    date_basis="each figure's own, as its definition says",
    period="last_month",
    tables=(
        Table(
            key="figures",
            title="Figures",
            columns=(
                "utilization.rate",
                "realization.rate",
                "collection_rate.rate",
                "lockup.total",
                "lockup.unbilled",
                "lockup.receivable",
                "plan_variance.hours_target",
                "plan_variance.billed_target",
                "plan_variance.collected_target",
            ),
            chart=Chart.CARDS,
        ),
    ),
)
REPORTS = (SIDE_BY_SIDE,)
