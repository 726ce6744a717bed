"""Codes that Twilio Verify makes and checks: through the API, to a Verify of our own that keeps state and fails."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import SentCode, User
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as, tenant
from apps.core.vendor_http import CalledInsideTransaction
from apps.notifications.interface import start_verification
from tests.accounts.entering import bearer, log_in, make_rita
from tests.accounts.factories import PASSWORD, signed_in_client
from tests.accounts.mail import promised_kinds, texted_code
from tests.fakes import twilio as twilio_fake
from tests.fakes.twilio_verify import SERVICE, TwilioVerify, running_twilio_verify
from tests.fakes.vendor import Fault

pytestmark = pytest.mark.django_db
_NUMBER, _OTHER = "+12124567890", "+12124567891"
_CODE = "/api/v1/auth/second-step/code"


@pytest.fixture
def verify(settings: Any) -> Iterator[TwilioVerify]:
    """Twilio's SDK talks to it as in production. Every request holds to the contract."""
    with running_twilio_verify() as server:
        settings.TWILIO_ACCOUNT_SID = twilio_fake.ACCOUNT
        settings.TWILIO_AUTH_TOKEN = twilio_fake.TOKEN
        settings.TWILIO_VERIFY_SERVICE_SID = SERVICE
        settings.TWILIO_VERIFY_BASE_URL = server.origin
        yield server
    assert server.violations == []


@pytest.fixture
def rita() -> User:
    return make_rita()


@pytest.fixture
def client(rita):
    return signed_in_client(rita, second_factor=False)


@pytest.fixture
def with_phone(rita, client, verify):
    """Her number is confirmed by a code of the vendor's."""
    assert _begin(client).status_code == 202
    assert _confirm(client, verify.latest().code).status_code == 200
    return rita


def _begin(client: Any, number: str = _NUMBER) -> Any:
    body = {"phone": number, "password": PASSWORD}
    return client.post("/api/v1/me/second-factor/sms", body, format="json")


def _confirm(client: Any, code: str) -> Any:
    return client.post("/api/v1/me/second-factor/sms/confirm", {"code": code}, format="json")


def _pending(nobody: Any) -> str:
    pending: str = log_in(nobody).json()["pending"]
    return pending


def _finish(nobody: Any, pending: str, code: str) -> Any:
    body = {"pending": pending, "method": "sms", "code": code}
    return nobody.post("/api/v1/auth/second-step", body, format="json")


def _rows(user: User) -> list[SentCode]:
    with acting_as(user.pk):
        return list(SentCode.objects.order_by("pk"))


def test_confirms_a_number_and_signs_in(with_phone, api, verify):
    nobody = api(None)
    pending = _pending(nobody)

    assert nobody.post(_CODE, {"pending": pending}, format="json").status_code == 202
    signed_in = _finish(nobody, pending, verify.latest().code)

    assert signed_in.status_code == 200
    assert bearer(signed_in.json()["access"]).get("/api/v1/me").status_code == 200
    assert [number for number, _ in verify.texts] == [_NUMBER, _NUMBER]
    assert [each.status for each in verify.verifications] == ["approved", "approved"]
    assert "accounts.sign_in_code" not in promised_kinds(with_phone)


def test_keeps_the_name_of_the_verification_and_nothing_of_the_code(with_phone, verify):
    (row,) = _rows(with_phone)

    assert (row.vendor_sid, row.code_digest) == (verify.latest().sid, "")
    assert row.used_at is not None
    with acting_as(with_phone.pk):
        trail = json.dumps(list(AuditEntry.objects.values("action", "details")))
    assert verify.latest().code not in trail
    assert _NUMBER not in trail


def test_a_right_code_works_once(with_phone, api, verify):
    nobody = api(None)
    pending = _pending(nobody)
    nobody.post(_CODE, {"pending": pending}, format="json")
    code = verify.latest().code

    assert _finish(nobody, pending, code).status_code == 200
    again = _finish(nobody, pending, code)

    assert (again.status_code, again.json()["code"]) == (400, "accounts.code_refused")


def test_a_wrong_code_is_refused_and_a_code_of_ours_does_not_help(with_phone, api, verify):
    nobody = api(None)
    pending = _pending(nobody)
    nobody.post(_CODE, {"pending": pending}, format="json")
    right = verify.latest().code
    wrong = f"{(int(right) + 1) % 10**6:06d}"

    for code in (wrong, "", "abc", "é12345", "1" * 40):
        assert _finish(nobody, pending, code).status_code == 400
    assert verify.latest().checks <= 4


def test_five_tries_of_one_code_and_no_more_reach_the_vendor(with_phone, api, verify, settings):
    nobody = api(None)
    pending = _pending(nobody)
    nobody.post(_CODE, {"pending": pending}, format="json")
    right = verify.latest().code
    wrong = f"{(int(right) + 1) % 10**6:06d}"

    statuses = [_finish(nobody, pending, wrong).status_code for _ in range(7)]

    assert statuses == [400] * 5 + [429] * 2
    assert verify.latest().checks == 5
    assert _finish(nobody, pending, right).status_code == 429


def test_our_five_minutes_hold_though_the_vendor_gives_ten(with_phone, api, verify):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        nobody = api(None)
        pending = _pending(nobody)
        nobody.post(_CODE, {"pending": pending}, format="json")
        clock.shift(timedelta(minutes=4))
        later = _pending(nobody)
        clock.shift(timedelta(seconds=61))

        assert _finish(nobody, later, verify.latest().code).status_code == 400

    assert verify.latest().checks == 0


def test_a_new_code_is_another_one_and_ends_the_one_before(with_phone, api, verify):
    nobody = api(None)
    pending = _pending(nobody)
    for _ in range(2):
        assert nobody.post(_CODE, {"pending": pending}, format="json").status_code == 202
    first, second = verify.verifications[-2:]

    assert (first.status, second.status) == ("canceled", "pending")
    assert _finish(nobody, pending, second.code).status_code == 200


def test_a_code_for_one_thing_is_none_for_another(with_phone, client, api, verify):
    nobody = api(None)
    pending = _pending(nobody)
    nobody.post(_CODE, {"pending": pending}, format="json")
    for_sign_in = verify.latest()
    assert client.post("/api/v1/auth/step-up/code", {}, format="json").status_code == 202

    assert for_sign_in.status == "canceled"
    assert _finish(nobody, pending, verify.latest().code).status_code == 400
    step_up = {"method": "sms", "code": verify.latest().code}
    assert client.post("/api/v1/auth/step-up", step_up, format="json").status_code == 204


@pytest.mark.parametrize(
    ("code", "ours", "status"),
    [
        (60410, "accounts.texts_blocked", 409),
        (60605, "accounts.texts_blocked", 409),
        (60238, "accounts.texts_blocked", 409),
        (60205, "accounts.texts_blocked", 409),
        (60200, "accounts.texts_blocked", 409),
        (60203, "accounts.texts_exhausted", 429),
    ],
)
def test_a_number_the_vendor_refuses_is_said_in_our_words(rita, client, verify, code, ours, status):
    verify.refusals[_NUMBER] = code

    refused = _begin(client)

    assert (refused.status_code, refused.json()["code"]) == (status, ours)
    assert verify.texts == []
    assert [row.used_at is None for row in _rows(rita)] == [False]
    with acting_as(rita.pk):
        assert AuditEntry.objects.filter(action="accounts.code_not_sent").count() == 1
        assert not AuditEntry.objects.filter(action="accounts.code_sent").exists()


@pytest.mark.parametrize("fault", [Fault(500), Fault(503), Fault(429), Fault(401), Fault()])
def test_says_so_when_the_vendor_is_away_and_the_next_try_works(rita, client, verify, fault):
    verify.failures.append(fault)

    away = _begin(client)

    assert (away.status_code, away.json()["code"]) == (503, "core.vendor_unavailable")
    assert _begin(client).status_code == 202
    assert _confirm(client, verify.latest().code).status_code == 200


@pytest.mark.parametrize("fault", [Fault(500), Fault(429), Fault()])
def test_a_code_that_cannot_be_checked_stays_good(rita, client, verify, fault):
    _begin(client)
    verify.failures.append(fault)

    assert _confirm(client, verify.latest().code).status_code == 503
    assert _confirm(client, verify.latest().code).status_code == 200


def test_a_vendor_that_forgot_the_verification_knows_no_right_code(rita, client, verify):
    _begin(client)
    code = verify.latest().code
    verify.verifications.clear()

    assert _confirm(client, code).status_code == 400


def test_a_code_that_could_not_be_ended_stops_nobody(with_phone, api, verify):
    nobody = api(None)
    pending = _pending(nobody)
    nobody.post(_CODE, {"pending": pending}, format="json")
    verify.failures.append(Fault(500))

    assert nobody.post(_CODE, {"pending": pending}, format="json").status_code == 202
    assert verify.latest().sends == 2  # the vendor sent the same one again
    assert _finish(nobody, pending, verify.latest().code).status_code == 200


def test_a_code_of_before_the_vendor_was_set_up_is_judged_by_us(rita, client, verify, settings):
    settings.TWILIO_VERIFY_SERVICE_SID = ""
    _begin(client)
    settings.TWILIO_VERIFY_SERVICE_SID = SERVICE

    assert _confirm(client, texted_code(rita, "accounts.phone_code")).status_code == 200
    assert verify.requests == 0


def test_only_public_addresses_are_told_to_the_vendor(with_phone, api, verify, settings):
    settings.TRUSTED_PROXY_CIDRS, settings.CLOUDFLARE_CIDRS = ("127.0.0.1/32",), ()
    nobody = api(None)
    pending = _pending(nobody)

    nobody.post(_CODE, {"pending": pending}, format="json", HTTP_X_FORWARDED_FOR="8.8.8.8")

    assert [each.ip for each in verify.verifications] == ["", "8.8.8.8"]


def test_the_vendor_is_never_called_inside_a_transaction(cast, verify):
    with acting_as(cast.owner.pk), pytest.raises(CalledInsideTransaction):
        start_verification(number=_NUMBER, ip=None)
    with tenant(cast.firm.firm_id), pytest.raises(CalledInsideTransaction):
        start_verification(number=_NUMBER, ip=None)
    assert verify.requests == 0
