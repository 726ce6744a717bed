"""Reports as of a day: work in progress, receivables, lockup, trust."""

from apps.reports.contracts import Chart, Dimension, Grain, Order, Report, Table

WORK_IN_PROGRESS = Report(
    number=7,
    key="work_in_progress",
    title="Work in progress and its age",
    question="What is earned but not invoiced, and how old is it?",
    date_basis="as of the period's end",
    groupings=(
        Dimension.MATTER,
        Dimension.CLIENT,
        Dimension.TIMEKEEPER,
        Dimension.RESPONSIBLE,
        Dimension.PRACTICE_AREA,
    ),
    tables=(
        Table(
            key="matters",
            title="By client and matter",
            columns=(
                "unbilled_hours.total",
                "unbilled.total",
                "unbilled.fees",
                "unbilled.expenses",
                "unbilled_aging.days_0_30",
                "unbilled_aging.days_31_60",
                "unbilled_aging.days_61_90",
                "unbilled_aging.days_91_plus",
                "unbilled_aging.weighted_age",
                "unbilled.contingency_fees",
                "trust_balance.of_matters",
            ),
            group_by=(Dimension.CLIENT, Dimension.MATTER),
            details=("matter.responsible", "matter.practice_area", "matter.status", "matter.last_bill_on"),
            order=Order("unbilled.total"),
            chart=Chart.STACKED_BARS,
        ),
    ),
)
RECEIVABLES = Report(
    number=8,
    key="receivables_aging",
    title="Accounts receivable and their age",
    question="Who owes us, how much, and for how long?",
    date_basis="as of the period's end; age from the due date",
    groupings=(
        Dimension.CLIENT,
        Dimension.PAYER,
        Dimension.BILL,
        Dimension.MATTER,
        Dimension.RESPONSIBLE,
        Dimension.PRACTICE_AREA,
        Dimension.TIMEKEEPER,
    ),
    tables=(
        Table(
            key="bills",
            title="By client and bill",
            columns=(
                "receivable.total",
                "aging.current",
                "aging.days_1_30",
                "aging.days_31_60",
                "aging.days_61_90",
                "aging.days_91_plus",
                "receivable_age.weighted_age",
                "receivable.overpaid",
            ),
            group_by=(Dimension.CLIENT, Dimension.BILL),
            details=("bill.issued_on", "bill.due_on", "bill.payer", "bill.last_payment_on"),
            order=Order("receivable.total"),
            chart=Chart.STACKED_BARS,
        ),
        Table(
            key="clients",
            title="By client, with what is held in trust",
            columns=(
                "receivable.total",
                "receivable_parts.fees",
                "aging_to_120.current",
                "aging_to_120.days_1_30",
                "aging_to_120.days_31_60",
                "aging_to_120.days_61_90",
                "aging_to_120.days_91_120",
                "aging_to_120.days_121_plus",
                "trust_balance.total",
            ),
            group_by=(Dimension.CLIENT,),
            order=Order("receivable.total"),
            chart=Chart.STACKED_BARS,
        ),
    ),
)
_LOCKUP = (
    "unbilled.total",
    "receivable.total",
    "days_of_receivables.days",
    "lockup.total",
    "lockup.unbilled",
    "lockup.receivable",
)
LOCKUP = Report(
    number=9,
    key="lockup",
    title="Lockup and days of receivables",
    question="For how many days of business does our money lie in work and in unpaid bills?",
    date_basis="as of the end of each piece of the period",
    period="last_12_months",
    groupings=(Dimension.PRACTICE_AREA, Dimension.RESPONSIBLE, Dimension.CLIENT),
    tables=(
        Table(key="months", title="Month by month", columns=_LOCKUP, grain=Grain.MONTH, chart=Chart.AREA),
        Table(
            key="areas",
            title="By practice area",
            columns=_LOCKUP,
            group_by=(Dimension.PRACTICE_AREA,),
            order=Order("lockup.total"),
            chart=Chart.BARS,
        ),
    ),
)
_TRUST_GROUPS = (
    Dimension.CLIENT,
    Dimension.MATTER,
    Dimension.PRACTICE_AREA,
    Dimension.RESPONSIBLE,
    Dimension.ORIGINATING,
    Dimension.STATUS,
)
TRUST_BALANCES = Report(
    number=19,
    key="trust_balances",
    title="Trust balances and minimums",
    question="What do we hold for whom, and where is it less than agreed?",
    date_basis="as of the period's end",
    groupings=_TRUST_GROUPS,
    tables=(
        Table(
            key="matters",
            title="By client and matter",
            columns=(
                "trust_balance.total",
                "trust_minimum.minimum",
                "trust_minimum.shortfall",
                "trust_minimum.shortfall_after_billing",
                "trust_minimum.available",
                "unbilled.total",
                "receivable.total",
                "trust_exposure.net",
                "trust_exposure.unfunded",
            ),
            group_by=(Dimension.CLIENT, Dimension.MATTER),
            details=("matter.responsible",),
            order=Order("trust_balance.total"),
            chart=Chart.BULLET,
        ),
    ),
)
_MOVES = ("trust_movements.funds_in", "trust_movements.funds_out", "trust_movements.net")
TRUST_LEDGER = Report(
    number=20,
    key="trust_ledger",
    title="Trust ledger and risk",
    question="What moved in trust, and what about it must not stay as it is?",
    date_basis="date of the transaction; balances as of the end of each day",
    groupings=(*_TRUST_GROUPS, Dimension.BANK_ACCOUNT, Dimension.TRANSACTION),
    tables=(
        Table(
            key="days",
            title="Balance day by day",
            columns=("trust_balance.total", *_MOVES),
            grain=Grain.DAY,
            chart=Chart.LINES,
        ),
        Table(
            key="accounts",
            title="By account",
            columns=("trust_balance.total", *_MOVES),
            group_by=(Dimension.BANK_ACCOUNT,),
            order=Order("trust_balance.total"),
        ),
        Table(
            key="movements",
            title="Movements",
            columns=_MOVES,
            group_by=(Dimension.CLIENT, Dimension.TRANSACTION),
            details=("transaction.moved_on", "transaction.account", "transaction.matter"),
            order=Order("transaction", descending=False),
        ),
        Table(
            key="risks",
            title="What needs looking at",
            columns=("trust_risk",),
            group_by=(Dimension.CLIENT,),
            order=Order("trust_risk.lowest", descending=False),
        ),
    ),
)
REPORTS = (WORK_IN_PROGRESS, RECEIVABLES, LOCKUP, TRUST_BALANCES, TRUST_LEDGER)
