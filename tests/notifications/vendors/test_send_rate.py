"""Messages go out at a channel's pace, all workers together, and go on without Redis."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.notifications.vendors import send_rate
from apps.notifications.vendors.send_rate import LONGEST_WAIT_SECONDS, take_turn

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def _a_pace_of_ten(settings, clean_cache):
    settings.SENDS_PER_SECOND = {"email": 10, "sms": 10}


def test_each_turn_comes_after_the_one_before():
    waits = [take_turn("email") for _ in range(5)]

    assert waits[0] == 0
    assert waits[1:] == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.09)


def test_channels_do_not_wait_for_each_other():
    for _ in range(5):
        take_turn("email")

    assert take_turn("sms") == 0


def test_who_would_wait_too_long_takes_no_turn():
    taken = [take_turn("email") for _ in range(60)]

    waited = [wait for wait in taken if wait <= LONGEST_WAIT_SECONDS]
    assert 20 <= len(waited) <= 23
    assert max(taken) < LONGEST_WAIT_SECONDS + 0.2


def test_of_many_workers_each_gets_a_turn_of_its_own():
    with ThreadPoolExecutor(8) as workers:
        waits = sorted(workers.map(lambda _: take_turn("email"), range(16)))

    # Sixteen turns a tenth of a second apart, none given twice, however long the calls took.
    assert waits[-1] == pytest.approx(1.5, abs=0.3)
    assert len({round(wait, 2) for wait in waits}) > 10


def test_without_redis_the_process_keeps_the_pace_by_itself(settings, caplog):
    settings.CACHE_URL = "redis://127.0.0.1:9/0"

    waits = [take_turn("sms") for _ in range(3)]

    assert waits == pytest.approx([0, 0.1, 0.2], abs=0.09)
    assert {record.message for record in caplog.records} == {"notifications.rate_by_itself"}


def test_a_process_by_itself_gives_no_turn_too_far_away():
    pace = send_rate._OwnPace()

    waits = [pace.take("email", 0.5) for _ in range(10)]

    assert len([wait for wait in waits if wait <= LONGEST_WAIT_SECONDS]) == 5
