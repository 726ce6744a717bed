"""K43: how much of the matters' budgets is used, and how long the rest will last."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.declaration import Figures, MarkRule, Metric, Ratio, total
from apps.reports.metrics.dimensions import MATTER_LIKE

_BUDGET = Measure("budget", Source.BUDGETS, "coalesce(sum(r.budget), 0)")
_USED = Measure("budget_used", Source.BUDGET_USED, "coalesce(sum(r.value), 0)")
_LESS_USED = Measure("budget_less_used", Source.BUDGET_USED, "-coalesce(sum(r.value), 0)")
_BURN = Measure("budget_burn", Source.BUDGET_BURN, "coalesce(sum(r.value), 0) / 4")
_BURNT = Measure("budget_burnt", Source.BUDGET_BURN, "coalesce(sum(r.value), 0)")
_FOURFOLD = Measure("budget_fourfold", Source.BUDGETS, "coalesce(sum(r.budget), 0) * 4")
_LESS_FOURFOLD = Measure("budget_less_used_fourfold", Source.BUDGET_USED, "-coalesce(sum(r.value), 0) * 4")

_HAS_ALERT = "r.matter_id IS NOT NULL AND r.threshold IS NOT NULL AND r.budget > 0"
_ALERTS = Measure(
    "budget_alerts",
    Source.BUDGET_BY_MATTER,
    f"count(*) FILTER (WHERE {_HAS_ALERT} AND r.used * 100 >= r.budget * r.threshold)",
)
_WATCHED = Measure("budgets_watched", Source.BUDGET_BY_MATTER, f"count(*) FILTER (WHERE {_HAS_ALERT})")
# What the state of a matter's alert is worked out from.
SIDES = {
    Measure("budget_side_budget", Source.BUDGET_BY_MATTER, "coalesce(sum(r.budget), 0)"): Unit.MONEY,
    Measure("budget_side_used", Source.BUDGET_BY_MATTER, "coalesce(sum(r.used), 0)"): Unit.MONEY,
    Measure("budget_side_threshold", Source.BUDGET_BY_MATTER, "sum(r.threshold)"): Unit.PERCENT,
}


def _is_reached(figures: Figures) -> bool:
    return bool(figures["alerts_reached"])


def _is_not_reached(figures: Figures) -> bool:
    return bool(figures["alerts_set"]) and not _is_reached(figures)


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
        "The budget is the one of the day, as far as we saw Clio's change; whether it includes expenses, and at which "
        "percent of it people are told, are today's. An alert is reached where that percent of the budget is used."
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
        "alerts_reached": total(_ALERTS, unit=Unit.COUNT),
        "alerts_set": total(_WATCHED, unit=Unit.COUNT),
    },
    has_months=False,
    marks=(
        MarkRule(
            "budget_alert_reached", "alerts_reached", "The part of the budget people are told at is used.", _is_reached
        ),
        MarkRule(
            "budget_alert_not_reached", "alerts_reached", "Less is used than people are told at.", _is_not_reached
        ),
    ),
)
