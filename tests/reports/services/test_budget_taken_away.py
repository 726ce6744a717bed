"""A budget that was taken away leaves nothing behind: neither what was used of it, nor what of that was hidden."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.reports.contracts import Answer
from tests.reports.asking import ask, total_of
from tests.reports.services.test_state import Watched

pytestmark = pytest.mark.django_db
MATTER, ENTRY = 0, 3


def told(watched: Watched, month: str, on: date) -> Answer:
    return ask(watched.firm_id, "matter_budget", period=month, on=on)


def test_hidden_work_leaves_the_figures_with_its_budget(cast: Any) -> None:
    watched = Watched(cast.firm)
    matter, entry = watched.records["matters"][MATTER]["id"], watched.records["activities"][ENTRY]
    assert entry["matter"]["id"] == matter
    watched.change("matters", "2025-02-01", matter, matter_budget={"budget": 9000, "include_expenses": False})
    watched.change("activities", "2025-03-06", entry["id"], total=None)
    watched.build("2025-03-10")
    before = told(watched, "2025-03-01..2025-03-10", date(2025, 3, 10))
    watched.change("matters", "2025-03-20", matter, matter_budget=None)
    watched.build("2025-05-30")

    after = told(watched, "2025-05", date(2025, 5, 30))

    assert before.incomplete == ("matter_budget",)
    assert total_of(before, "matter_budget")["budget"] == Decimal("9000.00")
    assert after.incomplete == ()
    assert total_of(after, "matter_budget")["used"] == Decimal("0.00")
    assert told(watched, "2025-03-01..2025-03-10", date(2025, 5, 30)).incomplete == ("matter_budget",)
