"""All KPIs there are, by group; nothing else in the product holds a formula."""

from collections.abc import Iterable

from apps.reports.contracts import Measure, Source
from apps.reports.metrics import balances, billing, cash, funnel, receipts, recording, reductions, speed, time
from apps.reports.metrics.declaration import Metric

TIME_METRICS = (time.RECORDED_HOURS, time.AVAILABLE_HOURS, time.UTILIZATION)
MONEY_METRICS = (
    billing.REVENUE_BILLED,
    billing.BILLED_HOURS,
    billing.REALIZATION,
    cash.REVENUE_COLLECTED,
    cash.COLLECTION_RATE,
    balances.WORK_IN_PROGRESS,
    balances.ACCOUNTS_RECEIVABLE,
    balances.AGING,
)
OVERVIEW = TIME_METRICS + MONEY_METRICS
WORK_AND_CASH = (
    recording.BILLABLE_SHARE,
    recording.CAPTURE,
    funnel.WORKED_VALUE,
    funnel.WORK_DATE_FUNNEL,
    reductions.REDUCTIONS,
    reductions.WRITE_OFFS,
    speed.DAYS_TO_BILL,
    receipts.CASH_TO_BILLINGS,
    funnel.OVERALL_REALIZATION,
    receipts.EFFECTIVE_RATE,
    receipts.MATTER_RATE,
    speed.DAYS_TO_PAY,
    receipts.PAYMENTS,
)
CATALOGUE = OVERVIEW + WORK_AND_CASH


def measures_by_source(metrics: Iterable[Metric]) -> dict[Source, list[Measure]]:
    """Return what has to be read for these KPIs, each measure once."""
    needed: dict[Source, dict[str, Measure]] = {}
    for metric in metrics:
        for measure in metric.uses():
            needed.setdefault(measure.source, {})[measure.key] = measure
    return {source: list(measures.values()) for source, measures in needed.items()}


BY_NAME = {metric.name: metric for metric in CATALOGUE}
