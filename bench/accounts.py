"""What authenticating a request to a firm's route adds: time and statements; and what a sign-in costs over its hash."""

import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.test import APIClient

from apps.accounts.api.authentication import SessionTokenAuthentication, find_firm_access
from apps.accounts.contracts import Origin
from apps.accounts.models import User
from apps.accounts.services.create_firm import create_firm
from apps.accounts.services.start_session import start_session
from apps.core.rate_limits import charge

_REQUESTS, _ROUNDS = 400, 5
_SIGN_INS = 20
_PASSWORD = "an umbrella for the bench"  # noqa: S105 - of a person who lives as long as the bench


def run() -> dict[str, dict[str, Any]]:
    """Return accounts.auth_ms (median of a request), accounts.auth_queries, accounts.hash_ms and
    accounts.sign_in_over_hash_ms.

    Leaves a firm of one person behind.
    """
    return _authentication() | _sign_in()


def _authentication() -> dict[str, dict[str, Any]]:
    person = User.objects.create_user(f"bench-{uuid4().hex}@example.com", None, name="Bench")
    firm = create_firm(owner_id=person.pk, name="Bench", time_zone="UTC", currency="USD")
    pair = start_session(user_id=person.pk, origin=Origin(), now=timezone.now())
    headers = {"authorization": f"Bearer {pair.access}"}

    def authenticate() -> None:
        request = Request(RequestFactory().get("/", headers=headers))
        known = SessionTokenAuthentication().authenticate(request)
        if known is None or find_firm_access(user_id=known[0].user_id, firm_public_id=firm.public_id) is None:
            raise RuntimeError("the bench's own person was not let in")
        request.user = known[0]  # type: ignore[assignment] # who calls is a Principal of ours
        charge(request)

    with override_settings(RATE_LIMITS=dict.fromkeys(settings.RATE_LIMITS, 10**6)):
        return _authentication_figures(person.pk, authenticate)


def _authentication_figures(user_id: int, authenticate: Callable[[], None]) -> dict[str, dict[str, Any]]:
    authenticate()
    with CaptureQueriesContext(connection) as captured:
        authenticate()
    rounds = [_median_ms(authenticate) for _ in range(_ROUNDS)]
    with transaction.atomic():
        User.objects.filter(pk=user_id).update(is_active=False)
    detail = (
        f"token, session, person, place in the firm, limit; {settings.DATABASES['default']['ENGINE'].split('.')[-1]}"
    )
    return {
        "accounts.auth_ms": {
            "value": statistics.median(rounds),
            "unit": "ms",
            "n": _REQUESTS,
            "median_of": _ROUNDS,
            "detail": detail,
        },
        "accounts.auth_queries": {
            "value": len(captured.captured_queries),
            "unit": "queries",
            "n": 1,
            "median_of": 1,
            "detail": "resolve_session, resolve_membership",
        },
    }


def _sign_in() -> dict[str, dict[str, Any]]:
    """Sign in over the API and check the same hash alone, in turn; the difference is what is ours to spend."""
    person = User.objects.create_user(f"bench-{uuid4().hex}@example.com", _PASSWORD, name="Bench")
    words, client = {"email": person.email, "password": _PASSWORD}, APIClient()

    def sign_in() -> None:
        if client.post("/api/v1/auth/login", words, format="json").status_code != 200:
            raise RuntimeError("the bench's own person could not sign in")

    def check_alone() -> None:
        if not check_password(_PASSWORD, person.password):
            raise RuntimeError("the bench's own password is not what was hashed")

    generous = {"network": (10**6, 60), "account": (10**6, 900)}
    pairs = []
    with override_settings(ENTRY_LIMITS=generous, RATE_LIMITS=dict.fromkeys(settings.RATE_LIMITS, 10**6)):
        sign_in()
        for _ in range(_ROUNDS):
            pairs.append((_median_ms(check_alone, _SIGN_INS), _median_ms(sign_in, _SIGN_INS)))
    alone = statistics.median(pair[0] for pair in pairs)
    over = statistics.median(pair[1] - pair[0] for pair in pairs)
    figure = {"unit": "ms", "n": _SIGN_INS, "median_of": _ROUNDS}
    return {
        "accounts.hash_ms": {**figure, "value": alone, "detail": "Argon2id alone, the parameters of decision 14"},
        "accounts.sign_in_over_hash_ms": {**figure, "value": over, "detail": "POST /auth/login over the hash alone"},
    }


def _median_ms(act: Callable[[], None], times: int = _REQUESTS) -> float:
    samples = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        samples.append((time.perf_counter() - started) * 1000)
    return statistics.median(samples)
