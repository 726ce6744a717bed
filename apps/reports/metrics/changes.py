"""How a figure changed against an earlier one: amounts in percent, ratios in their own unit (kpis.md K46)."""

from decimal import Decimal

from apps.reports.contracts import ChangeUnit, Unit
from apps.reports.metrics.declaration import Item, Ratio, Share
from apps.reports.metrics.evaluate import round_figure
from apps.reports.rules.comparison import change, difference, is_new

_OWN_UNITS = {
    Unit.PERCENT: ChangeUnit.POINTS,
    Unit.MONEY: ChangeUnit.MONEY,
    Unit.HOURS: ChangeUnit.HOURS,
    Unit.DAYS: ChangeUnit.DAYS,
    Unit.WEEKS: ChangeUnit.WEEKS,
    Unit.COUNT: ChangeUnit.COUNT,
}
_NEVER_AMOUNTS = frozenset({Unit.PERCENT, Unit.DAYS, Unit.WEEKS})


def change_unit(item: Item) -> ChangeUnit:
    """Return what changes of an item are told in.

    What is divided, and whatever is told in percent, days or weeks (a median too), is no amount: its change is the
    difference in its own unit, of percents in points. Everything else changes in percent.
    """
    is_ratio = isinstance(item, Ratio | Share) or item.unit in _NEVER_AMOUNTS
    return _OWN_UNITS[item.unit] if is_ratio else ChangeUnit.PERCENT


def measure_change(item: Item, now: Decimal | None, then: Decimal | None, currency: str) -> Decimal | None:
    """Return the change of an item between two unrounded figures, rounded last; money from minor units.

    None where one of them is missing, and where an amount was nothing before.
    """
    if change_unit(item) is ChangeUnit.PERCENT:
        return round_figure(change(now, then), Unit.PERCENT, currency)
    return round_figure(difference(now, then), item.unit, currency)


def came_anew(item: Item, now: Decimal | None, then: Decimal | None) -> bool:
    """Tell whether an amount was nothing before and is something now; a ratio has its difference instead."""
    return change_unit(item) is ChangeUnit.PERCENT and is_new(now, then)
