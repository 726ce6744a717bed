"""K43: how much of the matters' budgets is used, and how long the rest will last."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Metric, Ratio, total
from apps.reports.metrics.dimensions import MATTER_LIKE

_BUDGET = Measure("budget", Source.BUDGETS, "coalesce(sum(r.budget), 0)")
_USED = Measure("budget_used", Source.BUDGET_USED, "coalesce(sum(r.value), 0)")
_LESS_USED = Measure("budget_less_used", Source.BUDGET_USED, "-coalesce(sum(r.value), 0)")
_BURN = Measure("budget_burn", Source.BUDGET_BURN, "coalesce(sum(r.value), 0) / 4")
_BURNT = Measure("budget_burnt", Source.BUDGET_BURN, "coalesce(sum(r.value), 0)")
_FOURFOLD = Measure("budget_fourfold", Source.BUDGETS, "coalesce(sum(r.budget), 0) * 4")
_LESS_FOURFOLD = Measure("budget_less_used_fourfold", Source.BUDGET_USED, "-coalesce(sum(r.value), 0) * 4")

MATTER_BUDGET = Metric(
    key="K43",
    name="matter_budget",
    title="Matter budget",
    question="How much of the budget is used, and how long will the rest last?",
    formula="billable value to date, with expenses if included / budget; left / (used in the last 4 full weeks / 4)",
    date_basis="as of the period's end, by the date of the work",
    dims=MATTER_LIKE,
    definition=(
        "Matters with a budget in Clio. Used is the value of billable time up to the day, billed or not, and of "
        "billable expenses where the budget includes them. Burn is what was used a week in the last four full weeks. "
        "The budget is today's, as Clio keeps only that one."
    ),
    excludes="Work in another currency than the budget's, non-billable work. Weeks left: none where nothing was used.",
    follows="Clio, Matter budget dashboard.",
    items={
        "percent": Ratio(over=(_USED,), under=(_BUDGET,)),
        "budget": total(_BUDGET, unit=Unit.MONEY),
        "used": total(_USED, unit=Unit.MONEY),
        "left": total(_BUDGET, _LESS_USED, unit=Unit.MONEY),
        "burn": total(_BURN, unit=Unit.MONEY),
        "weeks_left": Ratio(over=(_FOURFOLD, _LESS_FOURFOLD), under=(_BURNT,), unit=Unit.WEEKS),
    },
    hidden=Measure("hidden_of_budget", Source.BUDGET_USED, "coalesce(sum(r.entries) FILTER (WHERE r.is_hidden), 0)"),
    has_months=False,
)
