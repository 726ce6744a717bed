"""A bill that is paid in many small pieces owes, on every day, what is left of it, whoever's share it is."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.reports.contracts import Dimension, Grain
from tests.reports.asking import ask, items_of
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 31)
FIRST, PIECES = date(2025, 3, 5), 24


def test_owes_what_is_left_on_every_day(cast: Any, build: Callable[..., Any]) -> None:
    records = golden("march")
    (model,) = [each for each in records["allocations"] if each["parent"]["type"] == "Payment"]
    pieces = [
        {**model, "id": 900_000 + number, "date": FIRST + timedelta(days=number), "amount": Decimal(37)}
        for number in range(PIECES)
    ]
    build({**records, "allocations": pieces})

    by_day = ask(cast.firm.firm_id, "receivable", period="2025-03", on=TODAY, grain=Grain.DAY)
    by_person = ask(
        cast.firm.firm_id, "receivable", period="2025-03", on=TODAY, grain=Grain.DAY, dimensions=(Dimension.TIMEKEEPER,)
    )

    assert by_day.total is not None
    for day, figures in by_day.total.series.items():
        paid = max(0, min(PIECES, (day - FIRST).days + 1))
        expected = Decimal(3700 - 37 * paid)
        assert items_of(figures, "receivable")["total"] == expected, day
        people = [items_of(row.series[day], "receivable")["total"] for row in by_person.rows]
        assert sum(each or 0 for each in people) == expected, day
    assert len(by_day.total.series) == 29  # from the day of issue on
