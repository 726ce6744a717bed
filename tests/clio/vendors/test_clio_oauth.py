"""The log-in's addresses stand behind the region's breaker like every other call."""

import socket
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from apps.clio.contracts import ClioApplication
from apps.clio.errors import ClioGrantRevoked, ClioRegionDown
from apps.clio.vendors import clio_oauth, clio_sign_in
from apps.clio.vendors.breaker import OPENS_AFTER, Breaker
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.shared_memory import redis_client
from tests.clio.sandbox.server import RunningSandbox
from tests.fakes.vendor import Form, Vendor, VendorHandler, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(clio: RunningSandbox, settings: Any) -> ClioApplication:
    return ClioApplication("us", clio.base_url, settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET)


def _calls(ours: ClioApplication, clio: RunningSandbox) -> list[Any]:
    granted = clio.control("grant")
    return [
        lambda: clio_oauth.refresh(ours, refresh_token=granted["refresh_token"]),
        lambda: clio_oauth.exchange_code(ours, code="x"),
        lambda: clio_oauth.deauthorize(ours.host, access_token=granted["access_token"]),
        lambda: clio_sign_in.exchange_code(ours, code="x", code_verifier="v" * 43, nonce="n"),
        lambda: clio_sign_in.who_am_i(ours, access_token=granted["access_token"]),
    ]


def test_nothing_is_sent_while_the_region_is_down(ours, clio):
    calls = _calls(ours, clio)
    for _ in range(OPENS_AFTER):
        Breaker(clio.base_url).note_failure()
    clio.control("requests", method="DELETE")

    for call in calls:
        with pytest.raises(ClioRegionDown):
            call()

    assert clio.control("requests", method="GET") == {}


def test_a_log_in_that_does_not_answer_counts_for_the_region(ours, clio):
    clio.control("faults", {"next": [{"kind": "503", "path": "/oauth/token", "times": 99}]})

    for _ in range(OPENS_AFTER):
        with pytest.raises(VendorUnavailable):
            clio_oauth.refresh(ours, refresh_token="x")

    assert Breaker(clio.base_url).look().is_open


def test_a_refusal_is_an_answer_and_ends_the_row(ours, clio):
    for _ in range(OPENS_AFTER - 1):
        Breaker(clio.base_url).note_failure()

    with pytest.raises(ClioGrantRevoked):
        clio_oauth.refresh(ours, refresh_token="made-up")

    assert Breaker(clio.base_url).look().failures_in_a_row == 0


def test_a_refreshed_token_probes_the_region_and_closes_its_breaker(ours, clio, settings):
    granted = clio.control("grant")
    for _ in range(OPENS_AFTER):
        Breaker(clio.base_url).note_failure()
    host = clio.base_url.removeprefix("http://")
    redis_client(settings.CACHE_URL).hset(f"{settings.REDIS_KEY_PREFIX}clio:breaker:{{{host}}}", mapping={"opens": 0})

    clio_oauth.refresh(ours, refresh_token=granted["refresh_token"])

    assert not Breaker(clio.base_url).look().is_open


def test_goes_on_where_redis_is_away(ours, clio, settings):
    granted = clio.control("grant")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.CACHE_URL = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        tokens = clio_oauth.refresh(ours, refresh_token=granted["refresh_token"])
        clio_oauth.deauthorize(ours.host, access_token=tokens.access_token)

    with pytest.raises(ClioGrantRevoked):
        clio_oauth.refresh(ours, refresh_token=granted["refresh_token"])


def test_being_asked_to_wait_is_no_refusal(ours, clio):
    granted = clio.control("grant")
    paths = ("/oauth/token", "/oauth/deauthorize")
    clio.control("faults", {"next": [{"kind": "429", "path": path, "seconds": 7} for path in paths]})

    with pytest.raises(VendorUnavailable) as refreshing:
        clio_oauth.refresh(ours, refresh_token=granted["refresh_token"])
    with pytest.raises(VendorUnavailable) as leaving:
        clio_oauth.deauthorize(ours.host, access_token=granted["access_token"])

    assert (refreshing.value.retry_after_seconds, leaving.value.retry_after_seconds) == (7, 7)
    assert not Breaker(clio.base_url).look().is_open


class _Odd(Vendor):
    """Answers 200 with whatever it was told to."""

    def __init__(self) -> None:
        super().__init__(VendorHandler)
        self.body: Any = {}

    def take(self, path: str, form: Form, headers: Mapping[str, str]) -> tuple[int, Any]:
        return 200, self.body


@pytest.fixture
def odd(settings: Any) -> Iterator[_Odd]:
    settings.REDIS_KEY_PREFIX = f"test:{uuid.uuid4().hex}:"
    with serving(_Odd()) as server:
        yield server


@pytest.mark.parametrize("token", [None, 7, "", {}])
def test_what_is_no_text_is_no_token(odd, token):
    odd.body = {"access_token": token, "expires_in": 60}

    with pytest.raises(VendorRejected, match="no token"):
        clio_oauth.exchange_code(ClioApplication("us", odd.origin, "id", "secret"), code="x")


@pytest.mark.parametrize("seconds", [0, -5, 10**12, float("inf"), "soon", None])
def test_a_lifetime_that_is_none_is_refused(odd, seconds):
    odd.body = {"access_token": "a", "expires_in": seconds}

    with pytest.raises(VendorRejected):
        clio_oauth.exchange_code(ClioApplication("us", odd.origin, "id", "secret"), code="x")


@pytest.mark.parametrize(
    "body", [{}, [], "text", {"access_token": "a"}, {"access_token": "a", "expires_in": 60, "refresh_token": 7}]
)
def test_an_answer_without_a_token_is_refused(odd, body):
    odd.body = body

    with pytest.raises(VendorRejected, match="no token"):
        clio_oauth.refresh(ClioApplication("us", odd.origin, "id", "secret"), refresh_token="x")


def test_an_application_does_not_show_its_secret():
    secret = uuid.uuid4().hex

    assert secret not in repr(ClioApplication("us", "https://app.clio.com", "id", secret))
