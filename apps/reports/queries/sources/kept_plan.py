"""The targets of closed months and their working days, as they were when the months were closed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from apps.reports.models import FrozenRow
from apps.reports.queries.sources.reading import Reading

TARGETS, WORKDAYS = "target", "workday"
"""The families that keep them (queries/sources/frozen.py)."""


class KeptTarget(NamedTuple):
    """A month's target of a person, a practice area, or (neither named) the firm, as it was kept.

    amount: hours, or money in the currency's own unit. currency: of money only. role: of the person, then.
    """

    timekeeper_id: int | None
    practice_area_id: int | None
    month: date
    measure: str
    amount: Decimal
    currency: str | None
    role: str | None


def kept_targets(reading: Reading) -> Iterator[KeptTarget]:
    """Yield every target of the reading's months, all of them closed."""
    for row in _rows(reading, TARGETS).order_by("placed_on", "row_id", "row_part"):
        area = row.keys.get("practice_area")
        amount = Decimal(str(row.figures["amount"]))
        measure, role = row.figures["measure"], row.keys.get("role")
        yield KeptTarget(row.timekeeper_id, area, row.placed_on, measure, amount, row.currency, role)


def kept_working_days(reading: Reading) -> list[date]:
    """Return the firm's working days in the reading's months, all of them closed."""
    return list(_rows(reading, WORKDAYS).order_by("placed_on").values_list("placed_on", flat=True))


def _rows(reading: Reading, family: str) -> QuerySet[FrozenRow]:
    days = (reading.first.replace(day=1), reading.whole_last or reading.last)
    return FrozenRow.objects.filter(
        firm_id=reading.scope.firm_id, family=family, placed_on__range=days, close__reopened_at=None
    )
