"""K42: what part of the whole each practice area, or whatever else rows are by, makes up."""

from apps.core.access import Extra
from apps.reports.contracts import Dimension
from apps.reports.metrics.billing import BILLED
from apps.reports.metrics.cash import COLLECTED_EXPENSES, COLLECTED_FEES, COLLECTED_UNRECONCILED
from apps.reports.metrics.declaration import Metric, Share
from apps.reports.metrics.matters import OPEN
from apps.reports.metrics.profit import MATTER_PROFIT_OF_PERIOD
from apps.reports.metrics.time import BILLABLE

MIX = Metric(
    key="K42",
    name="mix",
    title="Practice-area mix",
    question="What is our work made up of?",
    formula="the row's billable hours, billed, collected, open matters, profit / those of all rows",
    date_basis="each its own: work, issue, allocation; open matters: as of the period's end",
    dims=frozenset({Dimension.PRACTICE_AREA, Dimension.RESPONSIBLE, Dimension.ORIGINATING, Dimension.CLIENT}),
    definition=(
        "Shares of billable hours (K1), revenue billed (K8), revenue collected (K15), profit of the period (K29, "
        "collected basis) and matters open at the end (K34) in all that the question is about, what has no practice "
        "area among them: the rows add up to 100%."
    ),
    excludes="No share where the whole is zero or less.",
    items={
        "hours": Share((BILLABLE,)),
        "billed": Share(BILLED),
        "collected": Share((COLLECTED_FEES, COLLECTED_EXPENSES, COLLECTED_UNRECONCILED)),
        "open_matters": Share((OPEN,)),
        "profit": Share(MATTER_PROFIT_OF_PERIOD.items["collected_profit"].uses()),
    },
    items_need={"profit": Extra.COST_AND_PROFIT},
)
