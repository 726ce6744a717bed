"""The standard reports against the list of what is asked of them: columns, groups, and how they are drawn."""

from dataclasses import dataclass, field

import pytest

from apps.reports.contracts import Chart, Comparison, Dimension, Grain, Report
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.services.run_report import columns_of
from apps.reports.standard.catalogue import REPORTS

D, C = Dimension, Chart


@dataclass(frozen=True)
class Asked:
    """What a report must have: columns (a metric, or one of its items), details, groups or pieces, and drawings."""

    columns: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    by: tuple[Dimension | Grain, ...] = ()
    charts: tuple[Chart, ...] = ()
    address: str = ""
    more: tuple[Comparison, ...] = field(default=())


ASKED = {
    1: Asked(
        ("recorded_hours", "utilization.rate", "billed.total", "realization.rate", "collected.total",
         "collection_rate.rate", "unbilled.total", "receivable.total", "lockup.total", "plan_variance.billed_target"),
        by=(Grain.MONTH,), charts=(C.CARDS, C.LINES), more=(Comparison.PRIOR_YEAR,),
    ),
    2: Asked(
        ("recorded_hours.billable", "recorded_hours.non_billable", "recorded_hours.no_charge", "utilization.rate",
         "target_attainment.attainment", "billable_share.rate", "worked_value.worked", "billed.fees",
         "collected.fees", "effective_rate.billed"),
        by=(D.TIMEKEEPER, D.ROLE), charts=(C.BARS,),
    ),
    3: Asked(
        ("recorded_hours.total", "timesheet_gaps.missing_days", "capture.entry_lag"),
        by=(D.TIMEKEEPER, Grain.DAY), charts=(C.HEAT_MAP,),
    ),
    4: Asked(
        ("unbilled.total", "billed.total", "reductions.fees_discounts", "write_offs.total", "collected.total",
         "collected.tax", "collected.interest"),
        by=(D.CLIENT, D.MATTER, D.TIMEKEEPER), charts=(C.STACKED_COLUMNS,),
    ),
    5: Asked(
        ("work_date_funnel.captured", "work_date_funnel.worked", "work_date_funnel.billed",
         "work_date_funnel.collected", "work_date_funnel.maturity"),
        by=(Grain.MONTH, D.TIMEKEEPER, D.PRACTICE_AREA), charts=(C.FUNNEL, C.COHORT_GRID),
    ),
    6: Asked(
        ("worked_value.worked", "reductions.fees_written_down", "reductions.fees_line_discounts", "write_offs.fees",
         "billed.fees", "realization.rate"),
        by=(D.TIMEKEEPER, D.CLIENT, D.PRACTICE_AREA), charts=(C.WATERFALL,),
    ),
    7: Asked(
        ("unbilled_hours.total", "unbilled.fees", "unbilled.expenses", "unbilled_aging.days_0_30",
         "unbilled_aging.days_91_plus", "trust_balance"),
        details=("matter.last_bill_on",), by=(D.MATTER, D.TIMEKEEPER), charts=(C.STACKED_BARS,),
    ),
    8: Asked(
        ("receivable.total", "aging.current", "aging.days_91_plus", "trust_balance.total"),
        details=("bill.due_on", "bill.last_payment_on"), by=(D.BILL, D.CLIENT, D.RESPONSIBLE),
        charts=(C.STACKED_BARS,),
    ),
    9: Asked(
        ("unbilled.total", "receivable.total", "days_of_receivables.days", "lockup.total"),
        by=(D.PRACTICE_AREA, D.RESPONSIBLE, Grain.MONTH), charts=(C.AREA,),
    ),
    10: Asked(
        ("bills_issued.total", "bills_issued.paid", "bills_issued.credited", "bills_issued.open"),
        details=("bill.issued_on", "bill.due_on", "bill.state"), by=(D.BILL, D.CLIENT, D.RESPONSIBLE),
        charts=(C.NONE,),
    ),
    11: Asked(
        ("payments.total", "collected.fees", "collected.expenses", "collected.tax"),
        details=("allocation.settled_on", "allocation.payer", "allocation.bill", "allocation.method"),
        by=(D.METHOD, D.CLIENT), charts=(C.COLUMNS, C.DONUT),
    ),
    12: Asked(
        ("billed.fees", "collected.fees", "collected_share.fees"),
        by=(D.TIMEKEEPER, D.BILL), charts=(C.BARS,),
    ),
    13: Asked(
        ("credit.originating", "credit.responsible", "credit.originating_billed", "credit.originating_matters"),
        by=(D.TIMEKEEPER, D.CLIENT), charts=(C.TREEMAP,),
    ),
    14: Asked(
        ("fee_split.worked", "fee_split.originating", "fee_split.responsible"),
        by=(D.TIMEKEEPER, D.ALLOCATION), charts=(C.NONE,),
    ),
    15: Asked(
        ("matter_profit.hours", "matter_profit.cost", "matter_profit.collected",
         "matter_profit.collected_unrecovered", "matter_profit.collected_profit", "matter_profit.collected_margin",
         "matter_profit_of_period.collected_profit"),
        by=(D.PRACTICE_AREA, D.CLIENT), charts=(C.SCATTER, C.BARS),
    ),
    16: Asked(
        ("client_value", "client_standing", "concentration", "clients"),
        by=(D.CLIENT, D.COMPANY), charts=(C.PARETO,),
    ),
    17: Asked(
        ("matters.opened", "matters.closed", "matters.open", "matter_days.age_median",
         "matter_days.duration_median", "stage_days.left_median", "stage_days.in_stage_mean"),
        details=("matter.stage", "matter.last_activity_on"), by=(D.PRACTICE_AREA, D.RESPONSIBLE, D.STAGE),
        charts=(C.COLUMNS, C.HISTOGRAM),
    ),
    18: Asked(
        ("mix.hours", "mix.billed", "mix.collected", "mix.profit"),
        by=(D.PRACTICE_AREA, Grain.MONTH), charts=(C.SHARES,),
    ),
    19: Asked(
        ("trust_balance.total", "trust_minimum.minimum", "trust_minimum.shortfall", "unbilled.total",
         "receivable.total", "trust_exposure.net"),
        by=(D.CLIENT, D.MATTER), charts=(C.BULLET,),
    ),
    20: Asked(
        ("trust_movements.funds_in", "trust_movements.funds_out", "trust_balance.total", "trust_risk"),
        details=("transaction.moved_on", "transaction.account"), by=(D.BANK_ACCOUNT, D.CLIENT, D.TRANSACTION),
        charts=(C.LINES,),
    ),
    21: Asked(
        ("expenses.incurred", "expenses.billed", "expenses.recovered", "expenses.written_off"),
        by=(D.CATEGORY, D.MATTER), charts=(C.COLUMNS,),
    ),
    22: Asked(
        ("matter_budget.budget", "matter_budget.used", "matter_budget.burn", "matter_budget.weeks_left",
         "matter_budget.alerts_reached", "plan_variance"),
        by=(D.MATTER, D.PRACTICE_AREA), charts=(C.BULLET,),
    ),
    23: Asked(charts=(C.COLUMNS_WITH_BAND,), address="forecast"),
    24: Asked(
        ("credits.total",),
        details=("allocation.settled_on", "allocation.bill", "allocation.kind", "allocation.granted_by",
                 "allocation.note"),
        by=(D.TIMEKEEPER, D.CLIENT), charts=(C.COLUMNS,),
    ),
    25: Asked(by=(D.TIMEKEEPER,), charts=(C.BARS,), address="leaderboard"),
    27: Asked(charts=(C.BARS,), address="data-quality"),
    28: Asked(
        ("utilization.rate", "realization.rate", "collection_rate.rate", "lockup.total",
         "plan_variance.billed_target"),
        charts=(C.CARDS,),
    ),
}  # fmt: skip
COMMON = (
    D.TIMEKEEPER, D.ROLE, D.CLIENT, D.MATTER, D.STATUS, D.PRACTICE_AREA, D.RESPONSIBLE, D.ORIGINATING,
    D.BILLING_METHOD, D.FEE_EXPENSE,
)  # fmt: skip
_BY_NUMBER = {report.number: report for report in REPORTS}


def test_every_report_asked_for_is_in_the_list() -> None:
    assert set(_BY_NUMBER) >= set(ASKED)


@pytest.mark.parametrize("number", ASKED)
def test_a_report_has_what_is_asked_of_it(number: int) -> None:
    report, asked = _BY_NUMBER[number], ASKED[number]
    shown = [column for table in report.tables for column in columns_of(table)]

    lacking = [
        column for column in asked.columns if column not in {*shown, *(each.partition(".")[0] for each in shown)}
    ]
    assert lacking == []
    assert set(asked.details) <= {name for table in report.tables for name in table.details}
    assert set(asked.by) <= _ways(report)
    assert set(asked.charts) <= {report.chart, *(table.chart for table in report.tables)}
    assert set(asked.more) <= {table.comparison for table in report.tables}
    assert (report.address, bool(report.tables)) == (asked.address, not asked.address)
    assert report.date_basis
    assert report.question


@pytest.mark.parametrize("dimension", COMMON)
def test_every_common_filter_narrows_some_table(dimension: Dimension) -> None:
    narrowed = [report.number for report in REPORTS for table in report.tables if _narrows(table.metrics(), dimension)]

    assert len(set(narrowed)) >= 3


def _narrows(metrics: tuple[str, ...], dimension: Dimension) -> bool:
    return any(dimension in BY_NAME[name].dims for name in metrics)


def _ways(report: Report) -> set[Dimension | Grain | None]:
    """Return what a report can be grouped by: as declared, or instead."""
    ways: set[Dimension | Grain | None] = set(report.groupings)
    for table in report.tables:
        ways |= {*table.group_by, table.grain}
    return ways
