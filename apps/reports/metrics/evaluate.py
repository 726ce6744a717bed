"""From sums to figures: add, divide, and round once, at the end (R8 to R10)."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from apps.core.money import from_minor
from apps.reports.contracts import Measure, Unit
from apps.reports.metrics.declaration import Metric, Ratio, Sum

Sums = Mapping[str, Decimal | int | None]
_HUNDREDTH, _TENTH = Decimal("0.01"), Decimal("0.1")
# The usual 28 digits would refuse to round a freak value.
_WIDE = Context(prec=200)


def evaluate(metric: Metric, sums: Sums, currency: str = "") -> dict[str, Decimal | None]:
    """Return a KPI's items from the sums of its measures. currency: of the sums that are money, in minor units."""
    return {name: _figure(item, sums, currency) for name, item in metric.items.items()}


def count_hidden(metric: Metric, sums: Sums) -> int:
    """Return how many rows the KPI met that it could not count."""
    return int(sums.get(metric.hidden.key) or 0) if metric.hidden else 0


def _figure(item: Sum | Ratio, sums: Sums, currency: str) -> Decimal | None:
    if isinstance(item, Ratio):
        over, under = _add(item.over, sums), _add(item.under, sums)
        if over is None or under is None or under <= 0:
            return None
        return (over * 100 / under).quantize(_TENTH, ROUND_HALF_UP, _WIDE)
    amount = _add(item.measures, sums)
    if amount is None:
        return None
    if item.unit is Unit.MONEY:
        return from_minor(int(amount), currency)
    return amount.quantize(_HUNDREDTH, ROUND_HALF_UP, _WIDE)


def _add(measures: Iterable[Measure], sums: Sums) -> Decimal | None:
    """Add sums up; a source without rows adds nothing, a measure that is not offered leaves no sum."""
    total = Decimal(0)
    for measure in measures:
        amount = sums.get(measure.key, 0)
        if amount is None:
            return None
        total += amount
    return total
