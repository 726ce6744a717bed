"""Texted codes: what may be sent, to whom, how often, and what a code that comes back proves."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.contracts import Origin
from apps.accounts.errors import TextsBlocked, TextsExhausted
from apps.accounts.models import Phone, SentCode, User
from apps.accounts.services.limit_texts import count_text, give_text_back
from apps.accounts.services.send_code import send_code
from apps.core.tenancy import acting_as
from tests.accounts.entering import log_in, make_rita
from tests.accounts.factories import PASSWORD, make_user, signed_in_client
from tests.accounts.mail import promised, texted_code

pytestmark = pytest.mark.django_db
_MINE, _THEIRS = "+12124567890", "+12124567891"
_CODE = "/api/v1/auth/second-step/code"


@pytest.fixture
def rita() -> User:
    return make_rita()


@pytest.fixture
def client(rita):
    return signed_in_client(rita, second_factor=False)


def _begin(client: APIClient, number: str) -> Any:
    return client.post("/api/v1/me/second-factor/sms", {"phone": number, "password": PASSWORD}, format="json")


def _confirm(client: APIClient, code: str) -> Any:
    return client.post("/api/v1/me/second-factor/sms/confirm", {"code": code}, format="json")


def _phone(user: User) -> Phone:
    with acting_as(user.pk):
        return Phone.objects.get(user=user)


def test_a_code_proves_the_number_it_was_sent_to_and_no_other(rita, client, settings):
    """A second number may be named while the code of the first is good, and its own code may not go out at all."""
    _begin(client, _MINE)
    code = texted_code(rita, "accounts.phone_code")
    for _ in range(4):
        stranger = signed_in_client(_with_password(), second_factor=False)
        _begin(stranger, _THEIRS)
    assert _begin(client, _THEIRS).status_code == 429

    refused = _confirm(client, code)

    assert (refused.status_code, refused.json()["code"]) == (400, "accounts.code_refused")
    assert (_phone(rita).number, _phone(rita).confirmed_at) == (_THEIRS, None)


def _with_password() -> User:
    person = make_user()
    person.set_password(PASSWORD)
    person.save()
    return person


def test_a_code_to_a_number_that_was_removed_is_worth_nothing(rita, client, api):
    _begin(client, _MINE)
    _confirm(client, texted_code(rita, "accounts.phone_code"))
    nobody = api(None)
    pending = log_in(nobody).json()["pending"]
    nobody.post(_CODE, {"pending": pending}, format="json")
    assert client.delete("/api/v1/me/second-factor/sms").status_code == 204

    body = {"pending": pending, "method": "sms", "code": texted_code(rita)}

    assert nobody.post("/api/v1/auth/second-step", body, format="json").status_code == 400


def test_a_country_taken_off_the_list_gets_no_more_codes(rita, client, api, settings):
    _begin(client, _MINE)
    _confirm(client, texted_code(rita, "accounts.phone_code"))
    nobody = api(None)
    pending = log_in(nobody).json()["pending"]
    settings.SMS_COUNTRIES = frozenset({"CA"})

    refused = nobody.post(_CODE, {"pending": pending}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (409, "accounts.texts_blocked")
    assert promised(rita, "accounts.sign_in_code") == []
    with pytest.raises(TextsBlocked):
        send_code(user_id=rita.pk, purpose=SentCode.Purpose.SIGN_IN, origin=Origin(), now=timezone.now())


def test_whoever_answers_their_codes_is_not_locked_out_by_them(rita, client, api):
    """A consultant proves the second factor at every sign-in, several times a day."""
    _begin(client, _MINE)
    _confirm(client, texted_code(rita, "accounts.phone_code"))

    for _ in range(8):
        nobody = api(None)
        pending = log_in(nobody).json()["pending"]
        assert nobody.post(_CODE, {"pending": pending}, format="json").status_code == 202
        body = {"pending": pending, "method": "sms", "code": texted_code(rita)}
        assert nobody.post("/api/v1/auth/second-step", body, format="json").status_code == 200


def _count(now: Any, *, person: int = 1, number: str = _MINE, ip: str = "203.0.113.9") -> None:
    count_text(user_id=person, number=number, ip=ip, now=now)


def _sent(messages: list[dict[str, Any]], now: Any) -> int:
    """How many go out before the first refusal."""
    for position, message in enumerate(messages):
        try:
            _count(now, **message)
        except TextsExhausted:
            return position
    return len(messages)


def test_numbers_in_a_row_share_a_limit_whoever_asks_from_wherever(db, clean_cache):
    row = [{"person": at, "number": f"+1212456{at:04d}", "ip": f"198.51.{at}.7"} for at in range(30)]

    assert _sent(row, timezone.now()) == 20


def test_a_rented_network_shares_a_limit(db, clean_cache):
    numbers = [f"+1212{at:03d}0000" for at in range(456, 600)]
    near = [{"person": at, "number": each, "ip": f"203.0.113.{at}"} for at, each in enumerate(numbers)]

    assert _sent(near, timezone.now()) == 100


def test_answered_codes_free_the_office_they_came_from(db, clean_cache):
    now = timezone.now()
    for at in range(60):
        number = f"+1212{456 + at}0000"
        _count(now, person=at, number=number)
        give_text_back(user_id=at, number=number, ip="203.0.113.9")

    assert _sent([{"person": 900 + at, "number": f"+1646{456 + at}0000"} for at in range(30)], now) == 20


def test_even_answered_codes_end_at_thirty_a_day_and_number(db, clean_cache):
    with time_machine.travel("2030-01-01T08:00:00Z", tick=False) as clock:
        for _ in range(30):
            _count(timezone.now())
            give_text_back(user_id=1, number=_MINE, ip="203.0.113.9")
        with pytest.raises(TextsExhausted):
            _count(timezone.now())
        clock.shift(timedelta(days=1))

        _count(timezone.now())


def test_a_country_has_a_limit_of_its_own(db, clean_cache, settings):
    settings.SMS_COUNTRY_LIMIT = (3, 3600)
    apart = [{"person": at, "number": f"+1212{456 + at}0000", "ip": f"198.51.{at}.7"} for at in range(5)]
    elsewhere = {"person": 77, "number": "+447400123456", "ip": "198.51.77.7"}

    assert _sent(apart, timezone.now()) == 3
    assert _sent([elsewhere], timezone.now()) == 1


@pytest.mark.parametrize(
    "code", ["é12345", "\uff11\uff12\uff13\uff14\uff15\uff16", "\u0661\u0662\u0663\u0664\u0665\u0666", "🙂"]
)
def test_a_strange_code_while_setting_up_is_refused_and_is_no_500(rita, client, code):
    assert client.post("/api/v1/me/second-factor/app", {"password": PASSWORD}, format="json").status_code == 201
    _begin(client, _MINE)

    for way in ("app", "sms"):
        answer = client.post(f"/api/v1/me/second-factor/{way}/confirm", {"code": code}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "accounts.code_refused"), way
