"""How many requests a caller may make."""

import time
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from apps.core.rate_limits import Standing, count, give_back
from apps.core.scope import Level, Role
from apps.core.shared_memory import redis_client
from tests.accounts.factories import PASSWORD, join, make_user
from tests.countdown import Countdown

pytestmark = pytest.mark.django_db
_AWAY = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
_WRONG = {"email": "nobody@example.com", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _few(settings):
    settings.RATE_LIMITS = {"anonymous": 3, "person": 5, "key": 2, "consultant": 8}


def _statuses(client, address, times) -> list[int]:
    return [client.get(address).status_code for _ in range(times)]


def _login(**changes):
    return APIClient().post("/api/v1/auth/login", {**_WRONG, **changes}, format="json")


def _count(limit: int, window_seconds: int = 60) -> Standing:
    standing = count("tests:door", limit=limit, window_seconds=window_seconds)
    assert standing is not None
    return standing


def _let_the_window_end() -> None:
    """The server itself forgets the counter, as at the end of its minute, only sooner."""
    client, key = redis_client(settings.CACHE_URL), f"{settings.RATE_LIMIT_PREFIX}{{tests:door}}"
    assert client.pexpire(key, 1)
    deadline = time.monotonic() + 60
    while client.exists(key):
        assert time.monotonic() < deadline


def test_exactly_the_limit_passes_from_many_threads():
    standings: list[Standing] = []

    def knock() -> None:
        standings.extend(_count(50) for _ in range(10))

    threads = [Thread(target=knock) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert sorted(each.used for each in standings) == list(range(1, 161))
    assert sum(not each.is_exceeded for each in standings) == 50


def test_the_window_ends():
    window = Countdown(60)
    first, second = _count(1), _count(1)
    assert window.may_tell(first.resets_in_seconds)
    _let_the_window_end()
    third = _count(1)

    assert [each.used for each in (first, second, third)] == [1, 2, 1]


def test_a_person_is_told_where_they_stand_and_refused_beyond(cast, api):
    client = api(cast.owner)

    answers = [client.get("/api/v1/me") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"5"}
    assert {answer["RateLimit-Policy"] for answer in answers} == {"5;w=60"}
    assert all(1 <= int(answer["RateLimit-Reset"]) <= 60 for answer in answers)
    refused = answers[-1]
    assert refused.json()["code"] == "core.rate_limited"
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_people_do_not_use_up_each_others_limit(cast, api):
    _statuses(api(cast.owner), "/api/v1/me", 6)

    assert api(cast.colleague).get("/api/v1/me").status_code == 200


def test_a_consultant_has_a_tier_of_their_own_inside_firms(cast, api):
    consultant = make_user()
    join(consultant, cast.firm, role=Role.CONSULTANT, level=Level.READ_ONLY)

    assert _statuses(api(consultant), f"/api/v1/firms/{cast.firm.public_id}", 9) == [200] * 8 + [429]


def test_strangers_who_look_for_firms_are_counted(cast, api):
    address = f"/api/v1/firms/{cast.firm.public_id}"

    assert _statuses(api(cast.stranger), address, 6) == [404] * 5 + [429]


def test_the_nameless_are_counted_by_address():
    assert _statuses(APIClient(), "/api/v1/me", 4) == [401] * 3 + [429]
    assert APIClient(REMOTE_ADDR="203.0.113.9").get("/api/v1/me").status_code == 401


def test_refused_tokens_are_counted_by_address_too():
    client = APIClient(HTTP_AUTHORIZATION="Bearer a.b.c")

    answers = [client.get("/api/v1/me") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert "Retry-After" in answers[-1]


def test_an_api_key_has_the_keys_tier(cast, api):
    firm = f"/api/v1/firms/{cast.firm.public_id}"
    key = {"name": "BI", "scopes": ["firm"], "expires_at": (timezone.now() + timedelta(days=1)).isoformat()}
    secret = api(cast.owner).post(f"{firm}/api-keys", key, format="json").json()["secret"]

    assert _statuses(APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}"), firm, 3) == [200, 200, 429]


def test_without_redis_requests_are_served(cast, api, settings):
    settings.CACHES = _AWAY

    answers = [api(cast.owner).get("/api/v1/me") for _ in range(7)]

    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Limit" not in answers[0]


@pytest.mark.parametrize("caches", ["redis", "away"])
def test_doors_are_stricter_by_account_with_and_without_redis(settings, caches):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1000)
    settings.ENTRY_LIMITS = {"network": (1000, 60), "account": (2, 900)}
    if caches == "away":
        settings.CACHES = _AWAY

    statuses = [_login().status_code for _ in range(3)]

    assert statuses == [401, 401, 429]
    assert _login(email="NOBODY@example.com").status_code == 429
    assert _login(email="somebody@example.com").status_code == 401


@pytest.mark.parametrize("caches", ["redis", "away"])
def test_the_right_password_does_not_count_against_its_account(settings, caches):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1000)
    settings.ENTRY_LIMITS = {"network": (1000, 60), "account": (2, 900)}
    if caches == "away":
        settings.CACHES = _AWAY
    user = make_user()
    user.set_password(PASSWORD)
    user.save()
    right = {"email": user.email, "password": PASSWORD}
    wrong = {**right, "password": "another one altogether"}

    assert [_login(**right).status_code for _ in range(4)] == [200] * 4
    assert _login(**wrong).status_code == 401
    assert [_login(**right).status_code for _ in range(3)] == [200] * 3
    assert _login(**wrong).status_code == 401
    # Two guesses are the limit, whatever right passwords came between: now not even the right one is looked at.
    assert [_login(**wrong).status_code, _login(**right).status_code] == [429, 429]


def test_nothing_is_given_back_that_was_not_counted():
    give_back("tests:door")
    give_back("tests:door")

    assert [_count(1).is_exceeded, _count(1).is_exceeded] == [False, True]


def test_what_is_given_back_at_once_lets_no_more_through_than_were_honest():
    """Eight honest tries among twenty leave twelve counted, in whatever order they come."""

    def one_try(is_honest: bool) -> None:
        _count(100)
        if is_honest:
            give_back("tests:door")

    threads = [Thread(target=one_try, args=(number < 8,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert _count(100).used == 13


@pytest.mark.parametrize("caches", ["redis", "away"])
def test_doors_are_stricter_by_network_with_and_without_redis(settings, caches):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1000)
    settings.ENTRY_LIMITS = {"network": (2, 60), "account": (1000, 900)}
    if caches == "away":
        settings.CACHES = _AWAY

    statuses = [_login(email=f"person{number}@example.com").status_code for number in range(3)]

    assert statuses == [401, 401, 429]


def test_a_door_that_is_given_nonsense_still_answers():
    for body in ("[]", '{"email": 5}', '{"email": {"a": 1}}', '"x"'):
        answer = APIClient().generic("POST", "/api/v1/auth/login", body, content_type="application/json")
        assert answer.status_code in (400, 429)
