"""The overview on a page: the API's figures, in the visitor's scope."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from apps.core.scope import ScopeKind
from apps.reports.rules import kept_tables
from tests.accounts.entering import browser_of
from tests.accounts.factories import join, make_user
from tests.reports.conftest import NOON, golden
from tests.reports.keeping import keep

pytestmark = pytest.mark.django_db


def _words(cast: Any, user: Any, more: str = "") -> str:
    answer = browser_of(user).get(f"/overview?firm={cast.firm.public_id}{more}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_shows_the_month_as_the_api_does(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))

    with time_machine.travel(NOON, tick=False):
        words = _words(cast, cast.colleague, "&period=this_month")

    assert "March 1, 2025 to March 31, 2025, of the whole firm" in words
    assert "Recorded hours: billable 11.00 h" in words
    assert "Recorded hours: total 16.00 h" in words
    assert "Money, USD" in words


def test_shows_a_person_their_own_work_only(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))
    person = make_user()
    join(person, cast.firm, scope=ScopeKind.SELF, clio_user_id=99)

    with time_machine.travel(NOON, tick=False):
        words = _words(cast, person)

    assert "of your own work" in words
    assert "Recorded hours: billable 0 h" in words or "Recorded hours: billable 0.00 h" in words


@pytest.mark.parametrize("period", ["yesterday", "%00", "2025-03", ""])
def test_a_strange_period_is_this_month(cast: Any, period: str) -> None:
    assert "This month" in _words(cast, cast.owner, f"&period={period}")


def test_says_that_there_are_no_numbers_before_clio_is_connected(cast: Any) -> None:
    assert "not connected to Clio" in _words(cast, cast.owner)


def test_asks_a_part_reader_to_wait_while_people_are_merged(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))
    person = make_user()
    join(person, cast.firm, scope=ScopeKind.SELF, clio_user_id=102)
    keep(cast, kept_tables.MERGED_TIMEKEEPERS, {"timekeeper_id": 102, "main_timekeeper_id": 101})

    with time_machine.travel(NOON, tick=False):
        answer = browser_of(person).get(f"/overview?firm={cast.firm.public_id}")

    assert answer.status_code == 409
    assert "ask again in a moment" in answer.content.decode()
