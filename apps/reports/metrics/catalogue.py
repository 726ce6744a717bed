"""All KPIs there are, by group; nothing else in the product holds a formula."""

from collections.abc import Iterable

from apps.reports.contracts import Measure, Source
from apps.reports.metrics import (
    ages,
    balances,
    billing,
    bills,
    budgets,
    cash,
    clients,
    credit,
    expenses,
    funnel,
    gaps,
    lockup,
    matters,
    mix,
    plan,
    profit,
    receipts,
    receivables,
    recording,
    reductions,
    speed,
    time,
    trust,
    written_off_work,
)
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
    reductions.CREDITS,
    bills.BILLS_ISSUED,
    speed.DAYS_TO_BILL,
    receipts.CASH_TO_BILLINGS,
    funnel.OVERALL_REALIZATION,
    receipts.EFFECTIVE_RATE,
    receipts.MATTER_RATE,
    speed.DAYS_TO_PAY,
    receipts.PAYMENTS,
)
POSITIONS = (
    ages.UNBILLED_AGING,
    ages.RECEIVABLE_AGE,
    lockup.DAYS_OF_RECEIVABLES,
    lockup.LOCKUP,
    matters.MATTER_COUNTS,
    matters.MATTER_DAYS,
    matters.REVENUE_PER_MATTER,
    clients.CLIENT_VALUE,
    clients.CONCENTRATION,
    clients.CLIENT_COUNTS,
    expenses.EXPENSES,
    mix.MIX,
    budgets.MATTER_BUDGET,
    trust.BALANCE,
    trust.MOVEMENTS,
    trust.EXPOSURE,
    trust.BELOW_MINIMUM,
    trust.RISK,
)
PROFIT = (
    profit.COST_RATES,
    profit.MATTER_PROFIT,
    profit.MATTER_PROFIT_OF_PERIOD,
    profit.CONTRIBUTION,
    credit.CREDIT,
    credit.FEE_SPLIT,
    plan.TARGET_ATTAINMENT,
    plan.PLAN_VARIANCE,
)
VARIANTS = (
    receivables.RECEIVABLE_PARTS,
    receivables.AGING_TO_120,
    clients.CLIENT_STANDING,
    matters.STAGE_DAYS,
    gaps.UNBILLED_HOURS,
    gaps.TIMESHEET_GAPS,
    gaps.COLLECTED_SHARE,
)
RESTATED = OVERVIEW + WORK_AND_CASH + POSITIONS + PROFIT + VARIANTS
# Made of snapshots; restated they mean nothing.
ONLY_AS_REPORTED = (written_off_work.WIP_WRITTEN_OFF,)
CATALOGUE = RESTATED + ONLY_AS_REPORTED


def measures_by_source(metrics: Iterable[Metric]) -> dict[Source, list[Measure]]:
    """Return what has to be read for these KPIs, each measure once."""
    needed: dict[Source, dict[str, Measure]] = {}
    for metric in metrics:
        for measure in metric.uses():
            needed.setdefault(measure.source, {})[measure.key] = measure
    return {source: list(measures.values()) for source, measures in needed.items()}


BY_NAME = {metric.name: metric for metric in CATALOGUE}
