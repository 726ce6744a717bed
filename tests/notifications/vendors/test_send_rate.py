"""Messages go out at a channel's pace, all workers together, and go on without Redis."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, pairwise
from typing import NamedTuple

import pytest

from apps.notifications.vendors import send_rate
from apps.notifications.vendors.send_rate import LONGEST_WAIT_SECONDS, take_turn

pytestmark = pytest.mark.servers
_APART = 0.1
_ROUNDED = 0.005  # Redis has a clock of its own


@pytest.fixture(autouse=True)
def _a_pace_of_ten(settings, clean_cache):
    settings.SENDS_PER_SECOND = {"email": 10, "sms": 10}


class Turn(NamedTuple):
    """A turn: how long its worker was told to wait, and the earliest and latest moment that may mean."""

    wait: float
    earliest: float
    latest: float


def _turn(channel: str) -> Turn:
    before = time.monotonic()
    wait = take_turn(channel)
    return Turn(wait, before + wait, time.monotonic() + wait)


def _assert_apart(first: Turn, second: Turn, *, turns: int = 1) -> None:
    """The second comes so many turns after the first; later only if it was asked for later."""
    assert second.latest - first.earliest >= turns * _APART - _ROUNDED
    assert second.wait == 0 or second.earliest - first.latest <= turns * _APART + _ROUNDED


def test_each_turn_comes_after_the_one_before():
    turns = [_turn("email") for _ in range(5)]

    assert turns[0].wait == 0
    for first, second in pairwise(turns):
        _assert_apart(first, second)


def test_channels_do_not_wait_for_each_other():
    for _ in range(5):
        take_turn("email")

    assert take_turn("sms") == 0


def test_who_would_wait_too_long_takes_no_turn():
    begun = time.monotonic()
    taken = [take_turn("email") for _ in range(60)]
    passed = time.monotonic() - begun

    waited = [wait for wait in taken if wait <= LONGEST_WAIT_SECONDS]
    assert 20 <= len(waited) <= 22 + passed / _APART
    assert max(taken) < LONGEST_WAIT_SECONDS + 0.2


def test_of_many_workers_each_gets_a_turn_of_its_own():
    with ThreadPoolExecutor(8) as workers:
        turns = list(workers.map(lambda _: _turn("email"), range(16)))
    after_them = _turn("email")

    for one, other in combinations(turns, 2):  # none was given twice
        assert max(one.latest - other.earliest, other.latest - one.earliest) >= _APART - _ROUNDED
    _assert_apart(min(turns, key=lambda turn: turn.earliest), after_them, turns=16)


def test_without_redis_the_process_keeps_the_pace_by_itself(settings, caplog):
    settings.CACHE_URL = "redis://127.0.0.1:9/0"

    turns = [_turn("sms") for _ in range(3)]

    for first, second in pairwise(turns):
        _assert_apart(first, second)
    assert {record.message for record in caplog.records} == {"notifications.rate_by_itself"}


def test_a_process_by_itself_gives_no_turn_too_far_away():
    pace = send_rate._OwnPace()

    waits = [pace.take("email", 0.5) for _ in range(10)]

    assert len([wait for wait in waits if wait <= LONGEST_WAIT_SECONDS]) == 5
