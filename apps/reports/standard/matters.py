"""Reports about clients and matters: who brings business, what it is worth, what it costs, what is planned."""

from apps.reports.contracts import Chart, Dimension, Grain, Order, Report, Table

_AREA, _CLIENT, _MATTER = Dimension.PRACTICE_AREA, Dimension.CLIENT, Dimension.MATTER
_OF_MATTERS = (
    _AREA,
    _CLIENT,
    _MATTER,
    Dimension.RESPONSIBLE,
    Dimension.ORIGINATING,
    Dimension.BILLING_METHOD,
    Dimension.STATUS,
    Dimension.GROUP,
)
_CREDIT = (
    "credit.originating",
    "credit.responsible",
    "credit.produced",
    "credit.originating_billed",
    "credit.responsible_billed",
)
CREDIT = Report(
    number=13,
    key="origination_and_responsible",
    title="Origination and responsible credit",
    question="Who brought in, and who answers for, the business that pays?",
    date_basis="date of the allocation; billed: issue date; matters: opening date",
    groupings=(Dimension.TIMEKEEPER, _CLIENT, _MATTER, _AREA),
    tables=(
        Table(
            key="attorneys",
            title="By attorney and client",
            columns=(*_CREDIT, "credit.originating_matters", "credit.responsible_matters"),
            group_by=(Dimension.TIMEKEEPER, _CLIENT),
            order=Order("credit.originating"),
            chart=Chart.TREEMAP,
        ),
    ),
)
FEE_SPLIT = Report(
    number=14,
    key="fee_split_statement",
    title="Fee split statement",
    question="Whose share is the fee that came in?",
    date_basis="date of the allocation",
    period="last_month",
    groupings=(Dimension.TIMEKEEPER, _CLIENT, _MATTER, Dimension.ALLOCATION, Dimension.BILL),
    tables=(
        Table(
            key="shares",
            title="By timekeeper and allocation",
            columns=(
                "fee_split.worked",
                "fee_split.originating",
                "fee_split.responsible",
                "fee_split.firm",
                "fee_split.total",
            ),
            group_by=(Dimension.TIMEKEEPER, Dimension.ALLOCATION),
            details=("allocation.settled_on", "allocation.bill", "allocation.payer"),
            order=Order("fee_split.total"),
        ),
    ),
)
_PROFIT = ("collected", "hours", "cost", "collected_unrecovered", "collected_profit", "collected_margin")
PROFITABILITY = Report(
    number=15,
    key="matter_profitability",
    title="Matter profitability",
    question="Which matters pay, and which do not?",
    date_basis="life to date up to the period's end; the period's parts each by its own date",
    groupings=_OF_MATTERS,
    tables=(
        Table(
            key="life_to_date",
            title="Life to date",
            columns=(
                *(f"matter_profit.{item}" for item in _PROFIT),
                "matter_profit.collected_per_hour",
                "matter_profit.uncosted_entries",
            ),
            group_by=(_AREA, _MATTER),
            details=("matter.client", "matter.responsible"),
            order=Order("matter_profit.collected_profit"),
            chart=Chart.SCATTER,
        ),
        Table(
            key="period",
            title="The period",
            columns=tuple(f"matter_profit_of_period.{item}" for item in _PROFIT),
            group_by=(_AREA, _MATTER),
            details=("matter.client", "matter.responsible"),
            order=Order("matter_profit_of_period.collected_profit"),
            chart=Chart.BARS,
        ),
    ),
)
CLIENTS = Report(
    number=16,
    key="client_value",
    title="Client value and concentration",
    question="What are our clients worth, and how much depends on few of them?",
    date_basis="the 12 months up to the period's end; lifetime: up to it",
    period="last_12_months",
    groupings=(_CLIENT, Dimension.COMPANY, _AREA, Dimension.ORIGINATING),
    tables=(
        Table(
            key="concentration",
            title="Concentration",
            columns=("concentration",),
            chart=Chart.PARETO,
        ),
        Table(
            key="movement",
            title="Clients that come, return and stay",
            columns=("clients",),
            chart=Chart.CARDS,
        ),
        Table(
            key="clients",
            title="Clients",
            columns=("client_value", "client_standing"),
            group_by=(_CLIENT,),
            order=Order("client_value.collected_12_months"),
            chart=Chart.PARETO,
        ),
    ),
)
_PIPELINE = ("matters.opened", "matters.closed", "matters.net", "matters.clearance", "matters.open")
PIPELINE = Report(
    number=17,
    key="matter_pipeline",
    title="Matter pipeline",
    question="How many matters come and go, and how long do they take?",
    date_basis="opening and closing date; open and age: as of the period's end",
    groupings=(*_OF_MATTERS, Dimension.STAGE),
    tables=(
        Table(key="months", title="Month by month", columns=_PIPELINE, grain=Grain.MONTH, chart=Chart.COLUMNS),
        Table(
            key="areas",
            title="By practice area",
            columns=(
                *_PIPELINE,
                "matter_days.duration_median",
                "matter_days.duration_mean",
                "matter_days.age_median",
                "matter_days.in_stage_median",
                "revenue_per_matter.average",
            ),
            group_by=(_AREA,),
            order=Order("matters.open"),
            chart=Chart.BARS,
        ),
        Table(
            key="matters",
            title="Matter by matter",
            columns=("matters.open", "matter_days.age_mean", "matter_days.in_stage_mean", "matter_days.duration_mean"),
            group_by=(_AREA, _MATTER),
            details=(
                "matter.client",
                "matter.status",
                "matter.stage",
                "matter.opened_on",
                "matter.closed_on",
                "matter.last_activity_on",
            ),
            order=Order("matter_days.age_mean"),
        ),
        Table(
            key="stages",
            title="Days in stage",
            columns=("stage_days",),
            group_by=(Dimension.STAGE,),
            order=Order("stage_days.in_stage"),
            chart=Chart.HISTOGRAM,
        ),
    ),
)
MIX = Report(
    number=18,
    key="practice_area_mix",
    title="Practice-area mix",
    question="Which fields of law do our hours and our money come from?",
    date_basis="each its own; open matters at the period's end",
    period="last_12_months",
    groupings=(_AREA, _CLIENT, Dimension.RESPONSIBLE, Dimension.ORIGINATING),
    tables=(
        Table(
            key="areas",
            title="By practice area",
            columns=(
                "mix",
                "recorded_hours.billable",
                "billed.total",
                "collected.total",
            ),
            group_by=(_AREA,),
            order=Order("collected.total"),
            chart=Chart.SHARES,
        ),
        Table(
            key="trend",
            title="Shares month by month",
            columns=("mix.hours", "mix.billed", "mix.collected", "mix.profit"),
            group_by=(_AREA,),
            grain=Grain.MONTH,
            order=Order("mix.collected"),
            chart=Chart.SHARES,
        ),
    ),
)
EXPENSES = Report(
    number=21,
    key="expenses",
    title="Expenses",
    question="What did we lay out, and how much of it came back?",
    date_basis="date of the expense; billed: issue date; recovered so far",
    groupings=(Dimension.CATEGORY, _MATTER, _CLIENT, _AREA, Dimension.TIMEKEEPER, Dimension.COST_KIND),
    tables=(
        Table(
            key="categories",
            title="By category and matter",
            columns=(
                "expenses.incurred",
                "expenses.absorbed",
                "expenses.billed",
                "expenses.collected",
                "expenses.recovered",
                "expenses.recovery",
                "expenses.written_off",
                "expenses.unbilled",
            ),
            group_by=(Dimension.CATEGORY, _MATTER),
            details=("matter.client",),
            order=Order("expenses.incurred"),
            chart=Chart.COLUMNS,
        ),
    ),
)
BUDGETS = Report(
    number=22,
    key="budgets",
    title="Budgets",
    question="Which matters use up their budget, and how long will the rest last?",
    date_basis="to date, up to the period's end",
    groupings=_OF_MATTERS,
    tables=(
        Table(
            key="matters",
            title="By matter",
            columns=("matter_budget",),
            group_by=(_MATTER,),
            details=("matter.client", "matter.responsible", "matter.status"),
            order=Order("matter_budget.percent"),
            chart=Chart.BULLET,
        ),
        Table(
            key="plan",
            title="The firm's plan",
            columns=("plan_variance",),
            grain=Grain.MONTH,
            period="this_year",
            chart=Chart.COLUMNS,
        ),
    ),
)
REPORTS = (CREDIT, FEE_SPLIT, PROFITABILITY, CLIENTS, PIPELINE, MIX, EXPENSES, BUDGETS)
