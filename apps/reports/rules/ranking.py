"""Places in a ranking (kpis.md K47)."""

from collections.abc import Sequence
from decimal import Decimal


def places_of(values: Sequence[Decimal | None]) -> list[int | None]:
    """Return everybody's place, the largest value first: equal values share one, the next is skipped; None has none."""
    ordered = sorted((value for value in values if value is not None), reverse=True)
    first: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    return [None if value is None else first[value] for value in values]
