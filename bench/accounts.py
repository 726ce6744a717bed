"""What authenticating a request to a firm's route adds: time and statements."""

import statistics
import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.request import Request

from apps.accounts.api.authentication import SessionTokenAuthentication, find_firm_access
from apps.accounts.contracts import Origin
from apps.accounts.models import User
from apps.accounts.services.create_firm import create_firm
from apps.accounts.services.start_session import start_session

_REQUESTS, _ROUNDS = 400, 5


def run() -> dict[str, dict[str, Any]]:
    """Return accounts.auth_ms (median of a request) and accounts.auth_queries. Leaves a firm of one person behind."""
    person = User.objects.create_user(f"bench-{uuid4().hex}@example.com", None, name="Bench")
    firm = create_firm(owner_id=person.pk, name="Bench", time_zone="UTC", currency="USD")
    pair = start_session(user_id=person.pk, origin=Origin(), now=timezone.now())
    plain = RequestFactory().get("/", headers={"authorization": f"Bearer {pair.access}"})

    def authenticate() -> None:
        known = SessionTokenAuthentication().authenticate(Request(plain))
        if known is None or find_firm_access(user_id=known[0].user_id, firm_public_id=firm.public_id) is None:
            raise RuntimeError("the bench's own person was not let in")

    authenticate()
    with CaptureQueriesContext(connection) as captured:
        authenticate()
    rounds = [_median_ms(authenticate) for _ in range(_ROUNDS)]
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=False)
    detail = f"token, session, person and place in the firm; {settings.DATABASES['default']['ENGINE'].split('.')[-1]}"
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


def _median_ms(act: Any) -> float:
    samples = []
    for _ in range(_REQUESTS):
        started = time.perf_counter()
        act()
        samples.append((time.perf_counter() - started) * 1000)
    return statistics.median(samples)
