"""The breaker that all workers share for a region of Clio."""

import uuid
from typing import Any

import pytest

from apps.clio import errors
from apps.clio.contracts import Grant
from apps.clio.services.look_at_region import look_at_region
from apps.clio.vendors.breaker import OPENS_AFTER, Breaker
from apps.clio.vendors.clio_api import ClioApi
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.shared_memory import redis_client
from tests.countdown import Countdown

pytestmark = pytest.mark.servers

HOST = "https://app.clio.com"


@pytest.fixture
def prefix(db: None, settings: Any) -> str:
    settings.REDIS_KEY_PREFIX = f"test:{uuid.uuid4().hex}:"
    return str(settings.REDIS_KEY_PREFIX)


def fail(times: int, host: str = HOST) -> list[bool]:
    return [Breaker(host).note_failure() for _ in range(times)]


def let_the_pause_pass(settings: Any, host: str = "app.clio.com") -> None:
    client = redis_client(settings.CACHE_URL)
    key = f"{settings.REDIS_KEY_PREFIX}clio:breaker:{{{host}}}"
    client.hset(key, mapping={"opens": 0})


def test_opens_for_everyone_after_a_row_of_failures(prefix):
    pause = Countdown(15)
    assert fail(OPENS_AFTER) == [False] * (OPENS_AFTER - 1) + [True]

    with pytest.raises(errors.ClioRegionDown) as refused:
        Breaker(HOST).admit()

    assert pause.may_tell(refused.value.retry_after_seconds or 0)
    assert Breaker(HOST).look().is_open


def test_an_answer_ends_the_row(prefix):
    fail(OPENS_AFTER - 1)
    Breaker(HOST).note_answer(Breaker(HOST).admit())

    assert not any(fail(OPENS_AFTER - 1))
    assert not Breaker(HOST).look().is_open


def test_keeps_regions_apart(prefix):
    fail(OPENS_AFTER)

    assert Breaker("https://eu.app.clio.com").admit().after_failures == 0


def test_lets_one_probe_through_when_the_pause_is_over(prefix, settings):
    fail(OPENS_AFTER)
    let_the_pause_pass(settings)

    probe = Breaker(HOST).admit()
    with pytest.raises(errors.ClioRegionDown):
        Breaker(HOST).admit()
    Breaker(HOST).note_answer(probe)

    Breaker(HOST).admit()
    Breaker(HOST).admit()
    assert not Breaker(HOST).look().is_open


def test_a_failed_probe_doubles_the_pause(prefix, settings):
    fail(OPENS_AFTER)
    let_the_pause_pass(settings)
    Breaker(HOST).admit()
    pause = Countdown(30)

    assert Breaker(HOST).note_failure()

    assert pause.may_tell(Breaker(HOST).look().probes_in_seconds)


def test_is_opened_by_a_failing_region_and_asks_it_no_more(clio):
    api = ClioApi(Grant("test", clio.base_url, clio.control("grant")["access_token"], version=""))
    clio.control("faults", {"next": [{"kind": "503", "path": "/api/v4/users.json", "times": 99}]})
    url = api.list_url("users", {"fields": "id"})
    for _ in range(OPENS_AFTER // 3):
        with pytest.raises(VendorUnavailable):
            api.get_page(url)
    clio.control("requests", method="DELETE")

    with pytest.raises(errors.ClioRegionDown):
        api.get_page(url)

    assert clio.control("requests", method="GET") == {}
    seen = look_at_region(region="us")  # its pause is not over: nobody waited for it
    assert (seen.is_down, seen.failures, 0 < seen.asked_again_in <= 15) == (True, OPENS_AFTER, True)


@pytest.mark.parametrize("kind", ["400", "403", "404", "422", "429", "401"])
def test_is_never_opened_by_refusals(clio, kind):
    api = ClioApi(Grant("test", clio.base_url, clio.control("grant")["access_token"], version=""))
    fault = {"kind": kind, "path": "/api/v4/users.json", "times": 99, "seconds": 1}
    clio.control("faults", {"next": [fault]})
    for number in range(OPENS_AFTER + 3):
        with pytest.raises((errors.ClioBudgetSpent, VendorRejected)):
            ClioApi(Grant(f"firm-{number}", clio.base_url, api.grant.access_token, version="")).get_page(
                api.list_url("users", {"fields": "id"})
            )

    assert not Breaker(clio.base_url).look().is_open
