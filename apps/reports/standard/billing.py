"""Reports about bills and what was taken off them: revenue, realization and leakage, billing history, credits."""

from apps.reports.contracts import Chart, Dimension, Grain, Order, Report, Table

_OF_MONEY = (
    Dimension.CLIENT,
    Dimension.MATTER,
    Dimension.TIMEKEEPER,
    Dimension.PRACTICE_AREA,
    Dimension.RESPONSIBLE,
    Dimension.ORIGINATING,
)
_REVENUE = (
    "unbilled.total",
    "billed.fees",
    "billed.expenses",
    "billed.total",
    "reductions.fees_discounts",
    "write_offs.total",
    "write_offs.discounts",
    "collected.fees",
    "collected.expenses",
    "collected.total",
    "collected.tax",
    "collected.interest",
)
REVENUE = Report(
    number=4,
    key="revenue",
    title="Revenue",
    question="What was billed, given away and collected, and what waits to be billed?",
    date_basis="each amount by its own date; unbilled at the period's end",
    groupings=_OF_MONEY,
    tables=(
        Table(key="months", title="By month", columns=_REVENUE, grain=Grain.MONTH, chart=Chart.STACKED_COLUMNS),
        Table(
            key="clients",
            title="By client and matter",
            columns=_REVENUE,
            group_by=(Dimension.CLIENT, Dimension.MATTER),
            order=Order("collected.total"),
            chart=Chart.STACKED_COLUMNS,
        ),
    ),
)
REALIZATION = Report(
    number=6,
    key="realization_and_leakage",
    title="Realization and leakage",
    question="Where does the value of work get lost on its way to a paid bill?",
    date_basis="issue date; write-offs: date of the credit",
    groupings=_OF_MONEY,
    tables=(
        Table(
            key="timekeepers",
            title="By timekeeper",
            columns=(
                "worked_value.worked",
                "reductions.fees_written_down",
                "reductions.fees_line_discounts",
                "reductions.fees_bill_discounts",
                "reductions.fees_discount_rate",
                "billed.fees",
                "write_offs.fees",
                "write_offs.rate",
                "realization.rate",
            ),
            group_by=(Dimension.TIMEKEEPER,),
            order=Order("billed.fees"),
            chart=Chart.WATERFALL,
        ),
    ),
)
BILLING_HISTORY = Report(
    number=10,
    key="billing_history",
    title="Billing history",
    question="Which bills went out, and how do they stand?",
    date_basis="issue date; paid, credited and owed: up to the period's end",
    groupings=(Dimension.CLIENT, Dimension.RESPONSIBLE, Dimension.PAYER, Dimension.BILL),
    tables=(
        Table(
            key="bills",
            title="Bills",
            columns=(
                "bills_issued.total",
                "bills_issued.tax",
                "bills_issued.paid",
                "bills_issued.credited",
                "bills_issued.open",
            ),
            details=("bill.issued_on", "bill.due_on", "bill.state", "bill.payer", "bill.last_payment_on"),
            group_by=(Dimension.CLIENT, Dimension.BILL),
            order=Order("bill", descending=False),
        ),
    ),
)
CREDITS = Report(
    number=24,
    key="write_offs_and_discounts",
    title="Write-offs and discounts log",
    question="Which credits took money off bills, and whose work was it?",
    date_basis="date of the credit's allocation to the bill",
    groupings=(Dimension.CLIENT, Dimension.TIMEKEEPER, Dimension.MATTER, Dimension.ALLOCATION),
    tables=(
        Table(
            key="credits",
            title="Credits",
            columns=("credits.total", "credits.write_offs", "credits.discounts", "credits.interest_waived"),
            details=(
                "allocation.settled_on",
                "allocation.kind",
                "allocation.bill",
                "allocation.payer",
                "allocation.granted_by",
                "allocation.note",
            ),
            group_by=(Dimension.CLIENT, Dimension.ALLOCATION),
            order=Order("credits.total"),
            chart=Chart.COLUMNS,
        ),
    ),
)
REPORTS = (REVENUE, REALIZATION, BILLING_HISTORY, CREDITS)
