"""Which figures can be told converted into one currency (R11), and why the others cannot."""

from collections.abc import Mapping

from apps.reports.contracts import Measure, Source
from apps.reports.metrics.as_reported import with_items
from apps.reports.metrics.declaration import Item, Metric
from apps.reports.queries.sources.converted import CONVERTIBLE, WITHOUT_MONEY

_TRUST = "trust money is held in its own currency: an empty ledger would not be empty at the rates of its movements"
_BUDGET = "a budget is set against work in its matter's own currency"
_TARGET = "a target is set against money of its own currency"
_COST = "what people cost by the day is kept in the firm's currency"
_KEPT = "what snapshots and closed months keep stays in the currencies it was kept in"
NOT_CONVERTED: Mapping[Source, str] = {
    Source.TRUST: _TRUST,
    Source.TRUST_MINIMUMS: _TRUST,
    Source.TRUST_BY_MATTER: _TRUST,
    Source.TRUST_BELOW_ZERO: _TRUST,
    Source.TRUST_RESTING: _TRUST,
    Source.BUDGETS: _BUDGET,
    Source.BUDGET_USED: _BUDGET,
    Source.BUDGET_BURN: _BUDGET,
    Source.BUDGET_BY_MATTER: _BUDGET,
    Source.PLAN_BILLED: _TARGET,
    Source.PLAN_COLLECTED: _TARGET,
    Source.PLANNED_BILLED: _TARGET,
    Source.PLANNED_COLLECTED: _TARGET,
    Source.PAID_DAYS: _COST,
    Source.WIP_LEFT: _KEPT,
}
"""Why a source is not converted; every other one is, or has no money."""
_TARGETS_OF_MONEY = frozenset({"plan_of_billed", "plan_of_collected"})


def converted(metric: Metric) -> Metric:
    """Return the metric with those of its items only that can be converted, perhaps none."""
    return with_items(metric, is_converted)


def is_converted(item: Item) -> bool:
    """Tell whether an item can be told converted: all it is made of can be, or is no money."""
    return all(_is_converted(measure) for measure in item.uses())


def why_not(metric: Metric) -> str:
    """Return why items of a metric are not converted: the first reason."""
    return next(NOT_CONVERTED.get(each.source, _TARGET) for each in metric.uses() if not _is_converted(each))


def _is_converted(measure: Measure) -> bool:
    if measure.source in WITHOUT_MONEY:
        return measure.key not in _TARGETS_OF_MONEY
    return measure.source in CONVERTIBLE
