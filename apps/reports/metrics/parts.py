"""What a figure is made of: the sums behind an item, in units in which they are whole."""

from dataclasses import dataclass, replace
from functools import cache

from apps.reports.contracts import Measure, Unit
from apps.reports.contracts.explanation import Role
from apps.reports.metrics import budgets, trust
from apps.reports.metrics.catalogue import CATALOGUE
from apps.reports.metrics.declaration import Item, Ratio, Share, Statistic
from apps.reports.metrics.hidden import hidden_measures

_SIDES = {**trust.SIDES, **budgets.SIDES}

_SECONDS = " / 3600"
WHOLE = "whole_"


@dataclass(frozen=True, slots=True)
class Part:
    """A sum of an item. measure: exact, that is not yet divided by `divisor`. unit: None is a mere weight.

    is_of_whole: it is over all rows together, of which the figure's own are a share.
    """

    measure: Measure
    role: Role
    unit: Unit | None
    divisor: int
    is_of_whole: bool = False

    @property
    def may_be_zero(self) -> bool:
        """Tell whether a row that gives 0 belongs to it: a median is of values, the zeros among them."""
        return self.role is Role.VALUE and self.unit is not Unit.COUNT


def parts_of(item: Item) -> list[Part]:
    """Return the sums of an item, then what they could not count.

    Where an amount is worked out matter by matter, what it was worked out from comes last.
    """
    parts = [_part(item, measure, role) for measure, role in _roles(item)]
    if isinstance(item, Share):
        parts += [_of_whole(part) for part in parts]
    parts += [Part(measure, Role.HIDDEN, Unit.COUNT, 1) for measure in hidden_measures(item.uses())]
    sources = {part.measure.source for part in parts}
    return parts + [Part(side, Role.BESIDE, unit, 1) for side, unit in _SIDES.items() if side.source in sources]


def _of_whole(part: Part) -> Part:
    measure = replace(part.measure, key=f"{WHOLE}{part.measure.key}")
    return replace(part, measure=measure, role=Role.UNDER, is_of_whole=True)


def _roles(item: Item) -> list[tuple[Measure, Role]]:
    if isinstance(item, Statistic):
        return [(item.measure, Role.VALUE)]
    if isinstance(item, Ratio):
        return [*((each, Role.OVER) for each in item.over), *((each, Role.UNDER) for each in item.under)]
    role = Role.OVER if isinstance(item, Share) else Role.ADDED
    return [(measure, role) for measure in item.measures]


def _part(item: Item, measure: Measure, role: Role) -> Part:
    divisor = 3600 if _SECONDS in measure.expression else 1
    exact = replace(measure, expression=measure.expression.replace(_SECONDS, ""))
    return Part(exact, role, _unit(item, measure, role), divisor)


def _unit(item: Item, measure: Measure, role: Role) -> Unit | None:
    known = _told_units()
    if not isinstance(item, Ratio | Share):
        return item.unit
    if item.unit is Unit.MONEY:
        return Unit.MONEY if role is Role.OVER else known.get(measure.key, Unit.HOURS)
    if item.unit is Unit.DAYS:
        return None
    for each in (measure, *item.uses()):
        if each.key in known:
            return known[each.key]
    is_time = all(_SECONDS in each.expression for each in item.uses())
    return Unit.HOURS if is_time else Unit.MONEY


@cache
def _told_units() -> dict[str, Unit]:
    """Return the units that items of the catalogue tell of their sums; sides of a ratio have none of their own."""
    return {
        measure.key: item.unit
        for metric in CATALOGUE
        for item in metric.items.values()
        if not isinstance(item, Ratio | Share)
        for measure in item.uses()
    }
