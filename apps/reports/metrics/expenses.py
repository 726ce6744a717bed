"""K27: what was laid out, and what of it came back."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.balances import UNBILLED_EXPENSES
from apps.reports.metrics.billing import BILLED_EXPENSES
from apps.reports.metrics.cash import COLLECTED_EXPENSES
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import EXPENSE_LIKE
from apps.reports.metrics.reductions import WRITTEN_OFF_EXPENSES

INCURRED = Measure("expenses_incurred", Source.EXPENSES, "coalesce(sum(r.value), 0)")
_ABSORBED = Measure("expenses_absorbed", Source.EXPENSES, "coalesce(sum(r.value) FILTER (WHERE NOT r.is_billable), 0)")
_RECOVERED = Measure("expenses_recovered", Source.EXPENSES_RECOVERED, "coalesce(sum(r.net), 0)")

EXPENSES = Metric(
    key="K27",
    name="expenses",
    title="Expenses",
    question="What did we lay out, and what of it came back?",
    formula="amount of expense entries; billed, collected, unbilled, written off; paid on these entries / incurred",
    date_basis=(
        "incurred: date of the work; billed: issue date; collected and written off: allocation date; unbilled: as of "
        "the period's end; recovery: date of the work, payments up to today"
    ),
    dims=EXPENSE_LIKE,
    definition=(
        "Incurred is every expense entry, non-billable ones too, which the firm absorbs. Billed, collected, unbilled "
        "and written off are the expense parts of K8, K15, K22 and K13. Recovery is what was paid up to today on the "
        "lines made from the period's own entries, over what these entries came to."
    ),
    excludes="Entries whose amount is hidden; tax. Hand-typed expense lines are billed and collected, never incurred.",
    items={
        "incurred": total(INCURRED, unit=Unit.MONEY),
        "absorbed": total(_ABSORBED, unit=Unit.MONEY),
        "billed": total(BILLED_EXPENSES, unit=Unit.MONEY),
        "collected": total(COLLECTED_EXPENSES, unit=Unit.MONEY),
        "unbilled": total(UNBILLED_EXPENSES, unit=Unit.MONEY),
        "written_off": total(WRITTEN_OFF_EXPENSES, unit=Unit.MONEY),
        "recovered": total(_RECOVERED, unit=Unit.MONEY),
        "recovery": Ratio(over=(_RECOVERED,), under=(INCURRED,)),
    },
)
