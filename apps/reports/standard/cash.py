"""Reports about money that came in: payments, collections by timekeeper."""

from apps.reports.contracts import Chart, Dimension, Grain, Order, Report, Table

_PAYMENTS = (
    "payments.total",
    "collected.fees",
    "collected.expenses",
    "collected.unreconciled",
    "collected.tax",
    "collected.interest",
)
PAYMENTS_RECEIVED = Report(
    number=11,
    key="payments_received",
    title="Payments received",
    question="Who paid what, when and how?",
    date_basis="date of the payment's allocation to the bill",
    groupings=(
        Dimension.CLIENT,
        Dimension.PAYER,
        Dimension.METHOD,
        Dimension.MATTER,
        Dimension.RESPONSIBLE,
        Dimension.ALLOCATION,
    ),
    tables=(
        Table(
            key="methods",
            title="By method",
            columns=("payments.total", "payments.payments"),
            group_by=(Dimension.METHOD,),
            grain=Grain.MONTH,
            chart=Chart.DONUT,
        ),
        Table(
            key="payments",
            title="Payments",
            columns=_PAYMENTS,
            group_by=(Dimension.CLIENT, Dimension.ALLOCATION),
            details=("allocation.settled_on", "allocation.payer", "allocation.bill", "allocation.method"),
            order=Order("payments.total"),
            chart=Chart.COLUMNS,
        ),
    ),
)
COLLECTIONS = Report(
    number=12,
    key="collections_by_timekeeper",
    title="Collections by timekeeper",
    question="Whose work does the money that came in pay for?",
    date_basis="date of the allocation; bill lines: issue date",
    groupings=(Dimension.TIMEKEEPER, Dimension.BILL, Dimension.CLIENT, Dimension.MATTER),
    tables=(
        Table(
            key="timekeepers",
            title="By timekeeper and bill",
            columns=("collected.fees", "collected.expenses", "collected.total", "collected_share.fees", "billed.fees"),
            group_by=(Dimension.TIMEKEEPER, Dimension.BILL),
            details=("bill.issued_on", "bill.payer", "bill.state"),
            order=Order("collected.total"),
            chart=Chart.BARS,
        ),
    ),
)
REPORTS = (PAYMENTS_RECEIVED, COLLECTIONS)
