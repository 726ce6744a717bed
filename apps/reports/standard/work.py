"""Reports about work: the firm at a glance, people's productivity, gaps in timesheets, what became of the work."""

from apps.reports.contracts import Chart, Comparison, Dimension, Grain, Order, Report, Table

FIRM_OVERVIEW = Report(
    number=1,
    key="firm_overview",
    title="Firm overview",
    question="How is the firm doing?",
    date_basis="each figure's own, as its definition says",
    period="this_month",
    tables=(
        Table(
            key="cards",
            title="Key figures, beside the year before",
            columns=(
                "recorded_hours.billable",
                "recorded_hours.total",
                "utilization.rate",
                "billed.total",
                "realization.rate",
                "collected.total",
                "collection_rate.rate",
                "unbilled.total",
                "receivable.total",
                "lockup.total",
                "plan_variance.hours_target",
                "plan_variance.billed_target",
                "plan_variance.collected_target",
            ),
            comparison=Comparison.PRIOR_YEAR,
            chart=Chart.CARDS,
        ),
        Table(
            key="months",
            title="Twelve months",
            columns=(
                "recorded_hours.billable",
                "utilization.rate",
                "billed.total",
                "collected.total",
                "unbilled.total",
                "receivable.total",
            ),
            grain=Grain.MONTH,
            period="last_12_months",
            chart=Chart.LINES,
        ),
    ),
)
PRODUCTIVITY = Report(
    number=2,
    key="timekeeper_productivity",
    title="Timekeeper productivity",
    question="Who works how much, and what comes of it?",
    date_basis="work date; billed: issue date; collected: date of the allocation",
    groupings=(Dimension.TIMEKEEPER, Dimension.ROLE),
    tables=(
        Table(
            key="timekeepers",
            title="Timekeepers",
            columns=(
                "recorded_hours.billable",
                "recorded_hours.non_billable",
                "recorded_hours.no_charge",
                "recorded_hours.total",
                "available_hours.total",
                "utilization.rate",
                "target_attainment.attainment",
                "target_attainment.pace",
                "billable_share.rate",
                "worked_value.worked",
                "billed.fees",
                "collected.fees",
                "effective_rate.billed",
            ),
            group_by=(Dimension.TIMEKEEPER,),
            order=Order("recorded_hours.billable"),
            chart=Chart.BARS,
        ),
    ),
)
TIMESHEET_GAPS = Report(
    number=3,
    key="timesheet_gaps",
    title="Timesheet gaps",
    question="On which days is no time written down?",
    date_basis="work date",
    groupings=(Dimension.TIMEKEEPER, Dimension.ROLE),
    tables=(
        Table(
            key="days",
            title="Hours by day",
            columns=(
                "recorded_hours.total",
                "available_hours.total",
                "capture.rate",
                "capture.untracked",
                "capture.entry_lag",
                "timesheet_gaps.missing_days",
            ),
            group_by=(Dimension.TIMEKEEPER,),
            grain=Grain.DAY,
            order=Order("capture.untracked"),
            chart=Chart.HEAT_MAP,
        ),
    ),
)
_FUNNEL = (
    "work_date_funnel.captured",
    "work_date_funnel.worked",
    "work_date_funnel.billed",
    "work_date_funnel.collected",
    "work_date_funnel.billed_rate",
    "work_date_funnel.collected_rate",
    "work_date_funnel.maturity",
)
WORK_DATE_FUNNEL = Report(
    number=5,
    key="work_date_funnel",
    title="Work-date funnel",
    question="What became of the work done in each month?",
    date_basis="work date throughout",
    period="last_12_months",
    groupings=(
        Dimension.TIMEKEEPER,
        Dimension.PRACTICE_AREA,
        Dimension.MATTER,
        Dimension.CLIENT,
        Dimension.RESPONSIBLE,
    ),
    tables=(
        Table(key="months", title="By month of work", columns=_FUNNEL, grain=Grain.MONTH, chart=Chart.FUNNEL),
        Table(
            key="timekeepers",
            title="By timekeeper",
            columns=_FUNNEL,
            group_by=(Dimension.TIMEKEEPER,),
            order=Order("work_date_funnel.worked"),
            chart=Chart.BARS,
        ),
        Table(
            key="areas",
            title="By practice area and month of work",
            columns=_FUNNEL,
            group_by=(Dimension.PRACTICE_AREA,),
            grain=Grain.MONTH,
            order=Order("work_date_funnel.worked"),
            chart=Chart.COHORT_GRID,
        ),
    ),
)
REPORTS = (FIRM_OVERVIEW, PRODUCTIVITY, TIMESHEET_GAPS, WORK_DATE_FUNNEL)
