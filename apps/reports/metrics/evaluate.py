"""From sums to figures: add, divide, and round once, at the end (R8 to R10)."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from apps.core.money import from_minor
from apps.reports.contracts import Mark, Measure, Unit
from apps.reports.metrics.declaration import Item, Metric, Ratio, Share, Statistic
from apps.reports.queries.sources import is_nothing_without_rows

Sums = Mapping[str, Decimal | int | None]
_STEPS = {
    Unit.MONEY: Decimal(1),
    Unit.HOURS: Decimal("0.01"),
    Unit.PERCENT: Decimal("0.1"),
    Unit.DAYS: Decimal("0.1"),
    Unit.COUNT: Decimal(1),
    Unit.WEEKS: Decimal("0.1"),
}
# The usual 28 digits would refuse to round a freak value, and cut a quotient before it is rounded.
_WIDE = Context(prec=200)
_HAIR = Decimal("1e-12")


def evaluate(
    metric: Metric, sums: Sums, currency: str = "", *, whole: Sums | None = None, periods: int = 1
) -> dict[str, Decimal | None]:
    """Return a KPI's items from the sums of its measures. currency: of the sums that are money, in minor units.

    whole: the sums of all rows together, for shares; left out, the sums are the whole. periods: how many the sums are
    added up over; the items are their average. A median has none.
    """
    found = unrounded(metric, sums, whole=whole, periods=periods)
    return {name: round_figure(value, metric.items[name].unit, currency) for name, value in found.items()}


def unrounded(metric: Metric, sums: Sums, *, whole: Sums | None = None, periods: int = 1) -> dict[str, Decimal | None]:
    """Return a KPI's items as `evaluate` does, before they are rounded; money in minor units."""
    over_all = sums if whole is None else whole
    return {name: _figure(item, sums, over_all, periods) for name, item in metric.items.items()}


def figure_of(item: Item, sums: Sums, currency: str) -> Decimal | None:
    """Return a single item as `evaluate` does; no share, which is of more than the row's own sums."""
    return round_figure(_figure(item, sums, sums, 1), item.unit, currency)


def round_figure(value: Decimal | None, unit: Unit, currency: str) -> Decimal | None:
    """Return a figure as it is shown: rounded by its unit, halves away from zero; money in the currency's own unit."""
    if value is None:
        return None
    rounded = value.quantize(_STEPS[unit], ROUND_HALF_UP, _WIDE)
    return from_minor(int(rounded), currency) if unit is Unit.MONEY else rounded


def marks_of(metric: Metric, figures: Mapping[str, Decimal | None]) -> list[Mark]:
    """Return what a row's figures call for. figures: by column, `metric.item`."""
    name = metric.name
    own = {item: figures.get(f"{name}.{item}") for item in metric.items}
    return [Mark(rule.code, f"{name}.{rule.item}", rule.text) for rule in metric.marks if rule.holds(own)]


def order_expression(item: Item) -> str:
    """Return the SQL of an item over the columns of its measures, unrounded; NULL where it has no figure."""
    if isinstance(item, Statistic):
        return item.measure.key
    if isinstance(item, Ratio):
        under = _added(item.under)
        return f"CASE WHEN {under} > 0 THEN {_added(item.over)} / {under} END"
    return _added(item.measures)


def _added(measures: Iterable[Measure]) -> str:
    """Return the SQL of a sum: a source without the row adds nothing, unless it is no figure then."""
    terms = [m.key if is_nothing_without_rows(m.source) else f"coalesce({m.key}, 0)" for m in measures]
    return f"({' + '.join(terms)})"


def count_hidden(metric: Metric, sums: Sums) -> int:
    """Return how many rows the KPI met that it could not count."""
    return sum(int(sums.get(measure.key) or 0) for measure in metric.hidden)


def _figure(item: Item, sums: Sums, whole: Sums, periods: int) -> Decimal | None:
    value = _share(item, sums, whole) if isinstance(item, Share) else _value(item, sums)
    if value is None:
        return None
    if periods > 1 and not isinstance(item, Ratio | Share):
        if isinstance(item, Statistic) and item.unit is not Unit.COUNT:
            return None
        value = _WIDE.divide(value, Decimal(periods))
    # The database cuts quotients off, such as hours of seconds: an exact half may come a hair below itself.
    return value.quantize(_HAIR, ROUND_HALF_UP, _WIDE)


def _value(item: Item, sums: Sums) -> Decimal | None:
    if isinstance(item, Statistic):
        value = sums.get(item.measure.key)
        if value is None:
            return Decimal(0) if item.unit is Unit.COUNT else None
        return Decimal(value)
    if not isinstance(item, Ratio):
        return _add(item.measures, sums)
    over, under = _add(item.over, sums), _add(item.under, sums)
    if over is None or under is None or under <= 0:
        return None
    return _WIDE.divide(over * 100 if item.unit is Unit.PERCENT else over, under)


def _share(item: Share, sums: Sums, whole: Sums) -> Decimal | None:
    part, under = _add(item.measures, sums), _add(item.measures, whole)
    if part is None or under is None or under <= 0:
        return None
    return _WIDE.divide(part * 100, under)


def _add(measures: Iterable[Measure], sums: Sums) -> Decimal | None:
    """Add sums up; a source without rows adds nothing, a measure that is not offered leaves no sum."""
    total = Decimal(0)
    for measure in measures:
        amount = sums.get(measure.key, 0)
        if amount is None:
            return None
        total += amount
    return total
