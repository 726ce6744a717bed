"""The request budget that all workers of a firm share."""

import threading
import uuid
from typing import Any

import pytest

from apps.clio.contracts import Purpose
from apps.clio.errors import ClioBudgetSpent
from apps.clio.vendors.rate_budget import RateBudget, Told
from apps.core.shared_memory import redis_client
from tests.countdown import Countdown


@pytest.fixture
def name(db: None, settings: Any) -> str:
    settings.REDIS_KEY_PREFIX = f"test:{uuid.uuid4().hex}:"
    return "connection-1"


def let_the_window_end(settings: Any) -> None:
    (key,) = redis_client(settings.CACHE_URL).scan_iter(f"{settings.REDIS_KEY_PREFIX}*")
    redis_client(settings.CACHE_URL).hset(key, mapping={"ends": 0, "shut": 0})


def take_all(budget: RateBudget, tries: int) -> int:
    taken = 0
    for _ in range(tries):
        try:
            budget.take()
        except ClioBudgetSpent:
            continue
        taken += 1
    return taken


def test_never_lets_two_workers_exceed_the_limit(name):
    taken: list[int] = []

    def work() -> None:
        taken.append(take_all(RateBudget(name, begins_with=50), 40))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 50


def test_tells_when_the_window_ends(name):
    budget, window = RateBudget(name, begins_with=1), Countdown(60)
    budget.take()

    with pytest.raises(ClioBudgetSpent) as refused:
        budget.take()

    assert window.may_tell(refused.value.wait_seconds)


def test_adopts_the_limit_clio_tells(name):
    RateBudget(name, begins_with=2).take()

    RateBudget(name, begins_with=2).learn(Told(limit=10, remaining=7, resets_in_seconds=30))

    assert take_all(RateBudget(name, begins_with=2), 20) == 7


def test_believes_clio_when_others_have_used_the_token_too(name):
    budget = RateBudget(name, begins_with=50)
    budget.take()

    budget.learn(Told(limit=50, remaining=3, resets_in_seconds=20))

    assert take_all(budget, 20) == 3
    with pytest.raises(ClioBudgetSpent) as refused:
        budget.take()
    assert refused.value.wait_seconds <= 20


def test_waits_no_longer_than_clios_own_window(name):
    budget = RateBudget(name, begins_with=2)
    budget.take()
    window = Countdown(20)
    budget.learn(Told(limit=2, remaining=1, resets_in_seconds=20))
    budget.take()

    with pytest.raises(ClioBudgetSpent) as refused:
        budget.take()

    assert window.may_tell(refused.value.wait_seconds)


def test_an_answer_that_comes_late_gives_nothing_back(name):
    budget = RateBudget(name, begins_with=10)
    assert take_all(budget, 5) == 5

    RateBudget(name, begins_with=10).learn(Told(limit=10, remaining=9, resets_in_seconds=59))

    assert take_all(budget, 20) == 5


def test_an_answer_that_was_on_its_way_does_not_open_what_a_429_closed(name):
    budget = RateBudget(name, begins_with=10)
    expected, told = budget.take(), Countdown(30)
    budget.close_for(30)

    budget.learn(Told(10, 9, 2.0), expected=expected)

    with pytest.raises(ClioBudgetSpent) as refused:
        budget.take()
    assert told.may_tell(refused.value.wait_seconds)


def test_stays_closed_for_as_long_as_a_429_said_and_opens_again(name, settings):
    budget, told = RateBudget(name, begins_with=5), Countdown(40)
    budget.close_for(40)
    assert take_all(RateBudget(name, begins_with=5), 3) == 0
    with pytest.raises(ClioBudgetSpent) as refused:
        budget.take()
    assert told.may_tell(refused.value.wait_seconds)

    let_the_window_end(settings)

    assert take_all(budget, 9) == 5


def test_does_not_believe_a_limit_of_nothing(name):
    budget = RateBudget(name, begins_with=5)
    budget.take()

    budget.learn(Told(limit=0, remaining=0, resets_in_seconds=20))
    budget.learn(Told(limit=-1, remaining=3, resets_in_seconds=None))

    assert take_all(budget, 9) == 4


def test_keeps_firms_apart(name):
    assert take_all(RateBudget(name, begins_with=3), 5) == 3

    assert take_all(RateBudget("connection-2", begins_with=3), 5) == 3


def test_lends_the_whole_window_to_bulk_work_while_no_reread_waits(name):
    assert take_all(RateBudget(name, begins_with=50), 60) == 50


def test_keeps_a_fifth_for_rereads_once_one_is_announced(name):
    bulk = RateBudget(name, begins_with=50)
    RateBudget(name, begins_with=50).announce_reread()

    assert take_all(bulk, 60) == 40

    for _ in range(10):
        bulk.take(Purpose.REREAD)
    with pytest.raises(ClioBudgetSpent):
        bulk.take(Purpose.REREAD)


def test_tells_bulk_work_when_the_reserve_is_lent_again(name):
    bulk = RateBudget(name, begins_with=50)
    take_all(bulk, 40)
    reserve = Countdown(5)
    bulk.announce_reread()

    with pytest.raises(ClioBudgetSpent) as refused:
        bulk.take()

    assert reserve.may_tell(refused.value.wait_seconds)


def test_a_reread_that_found_nothing_left_has_the_reserve_of_the_next_window(name, settings):
    budget = RateBudget(name, begins_with=10)
    take_all(budget, 10)
    budget.learn(Told(limit=10, remaining=0, resets_in_seconds=20))
    with pytest.raises(ClioBudgetSpent):
        budget.take(Purpose.REREAD)
    let_the_window_end(settings)

    assert take_all(budget, 20) == 8

    budget.take(Purpose.REREAD)


@pytest.mark.parametrize(("limit", "left_to_bulk"), [(1, 1), (2, 1), (4, 3), (9, 8), (10, 8), (50, 40)])
def test_the_reserve_never_takes_everything(name, limit, left_to_bulk):
    budget = RateBudget(name, begins_with=limit)
    budget.announce_reread()

    assert take_all(budget, limit + 5) == left_to_bulk


def test_names_one_key_for_each_script_and_the_connection_as_its_tag(name, settings):
    budget = RateBudget(name, begins_with=5)
    budget.take()

    client = redis_client(settings.CACHE_URL)
    keys = list(client.scan_iter(f"{settings.REDIS_KEY_PREFIX}*"))
    assert keys == [f"{settings.REDIS_KEY_PREFIX}clio:budget:{{{name}}}".encode()]
