"""Another email address: both mailboxes agree, in either order, and nobody learns who has an account."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from apps.accounts.contracts import Origin
from apps.accounts.models import EmailChange, MailedToken, Session, TrustedDevice, User
from apps.accounts.services.mailed_links import make_link
from apps.accounts.services.request_password_reset import request_password_reset
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from apps.notifications.models import ContactCard
from tests.accounts.entering import ADDRESS, add_app, log_in, make_rita
from tests.accounts.factories import PASSWORD, signed_in_client
from tests.accounts.mail import mailed_token, promised, promised_kinds, run_accounts_jobs, sent_elsewhere

pytestmark = pytest.mark.django_db
_NEW = "rita@moreno.example"
_CONFIRM, _REQUESTED, _CHANGED = (
    "accounts.email_change_confirm",
    "accounts.email_change_requested",
    "accounts.email_changed",
)


@pytest.fixture
def nobody(api):
    return api(None)


@pytest.fixture
def rita():
    return make_rita()


def _ask(user, email=_NEW, **body):
    client = signed_in_client(user, second_factor=False)
    answer = client.post("/api/v1/me/email", {"email": email, "password": PASSWORD, **body}, format="json")
    run_accounts_jobs()
    return answer


def _old_token(user):
    return mailed_token(user, _REQUESTED)


def _agree(nobody, token):
    return nobody.post("/api/v1/auth/email/confirm", {"token": token}, format="json")


def _email(user):
    return User.objects.values_list("email", flat=True).get(pk=user.pk)


@pytest.mark.parametrize("first", ["old", "new"])
def test_changes_once_both_mailboxes_agree_in_either_order(rita, nobody, first):
    assert _ask(rita).status_code == 202
    tokens = {"old": _old_token(rita), "new": mailed_token(rita, _CONFIRM)}
    second = "new" if first == "old" else "old"

    assert _agree(nobody, tokens[first]).json() == {"is_done": False}
    assert _email(rita) == ADDRESS
    assert _agree(nobody, tokens[second]).json() == {"is_done": True}

    assert _email(rita) == _NEW
    assert log_in(nobody).status_code == 401
    assert log_in(nobody, email=_NEW).status_code == 200
    with acting_as(rita.pk):
        assert ContactCard.objects.get().email == _NEW


def test_writes_to_both_addresses_and_names_nobody_to_the_new_one(rita, nobody):
    _ask(rita)

    (to_new,) = promised(rita, _CONFIRM)
    (to_old,) = promised(rita, _REQUESTED)
    assert sent_elsewhere(rita, _CONFIRM) == [_NEW]
    assert to_new.keys() == {"new_email", "address", "hours"}
    assert to_old["new_email"] == "r•••••@moreno.example"
    assert sent_elsewhere(rita, _REQUESTED) == []


def test_both_addresses_are_told_when_it_is_done(rita, nobody):
    _ask(rita)
    for token in (_old_token(rita), mailed_token(rita, _CONFIRM)):
        _agree(nobody, token)

    assert [each["new_email"] for each in promised(rita, _CHANGED)] == ["r•••••@moreno.example"] * 2
    assert sent_elsewhere(rita, _CHANGED) == [ADDRESS]
    with acting_as(rita.pk):
        trail = list(AuditEntry.objects.filter(action__startswith="accounts.email").order_by("pk"))
    assert [entry.action.removeprefix("accounts.email_") for entry in trail] == [
        "change_requested",
        "change_agreed",
        "change_agreed",
        "changed",
    ]
    assert _NEW not in str([entry.details for entry in trail])


def test_every_session_ends_but_the_one_that_asked_and_old_links_and_devices_are_worth_nothing(rita, nobody):
    other = signed_in_client(rita, second_factor=False)
    asking = signed_in_client(rita, second_factor=False)
    request_password_reset(email=ADDRESS, origin=Origin())
    asking.post("/api/v1/me/email", {"email": _NEW, "password": PASSWORD}, format="json")
    with acting_as(rita.pk):
        expires_at = timezone.now() + timedelta(days=1)
        TrustedDevice.objects.create(user=rita, token_hash="x", device="Firefox", expires_at=expires_at)
    run_accounts_jobs()
    reset = mailed_token(rita, "accounts.password_reset")

    for token in (_old_token(rita), mailed_token(rita, _CONFIRM)):
        _agree(nobody, token)

    assert asking.get("/api/v1/me").json()["email"] == _NEW
    assert other.get("/api/v1/me").status_code == 401
    body = {"token": reset, "password": "a kettle of blue herons"}
    assert nobody.post("/api/v1/auth/password/reset", body, format="json").status_code == 400
    with acting_as(rita.pk):
        assert not TrustedDevice.objects.exists()


def test_the_answer_the_state_and_the_mail_to_oneself_are_the_same_for_a_taken_address(rita, nobody):
    holder = User.objects.create_user(_NEW, None, name="Holly Der", email_verified_at=timezone.now())
    other = User.objects.create_user("free@example.com", PASSWORD, name="Other", email_verified_at=timezone.now())

    taken, free = _ask(rita), _ask(other, "really.free@example.com")

    assert (taken.status_code, taken.content) == (free.status_code, free.content) == (202, b"")
    assert _state(rita).keys() == _state(other).keys()
    assert {**_state(rita), "new_email": ""} | _when(other) == {**_state(other), "new_email": ""}
    assert promised_kinds(rita)[:1] == promised_kinds(other)[:1] == [_REQUESTED]
    assert promised(rita, _CONFIRM) == []
    (told,) = promised(holder, "accounts.address_wanted_elsewhere")
    assert told["name"] == "Holly Der"
    assert "Rita" not in str(told)
    assert ADDRESS not in str(told)


def _state(user):
    return signed_in_client(user, second_factor=False).get("/api/v1/me/email").json()


def _when(user):
    return {name: _state(user)[name] for name in ("requested_at", "expires_at")}


def test_an_address_taken_between_asking_and_confirming_is_an_answer_and_ends_the_change(rita, nobody):
    _ask(rita)
    User.objects.create_user(_NEW.upper(), PASSWORD, name="Quick", email_verified_at=timezone.now())

    assert _agree(nobody, _old_token(rita)).status_code == 200
    answer = _agree(nobody, mailed_token(rita, _CONFIRM))

    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.address_taken_meanwhile")
    assert _email(rita) == ADDRESS
    with acting_as(rita.pk):
        assert EmailChange.objects.get().stopped_because == "address taken"


def test_a_registration_nobody_confirmed_does_not_hold_an_address(rita, nobody):
    squatter = User.objects.create_user(_NEW, None, name="Squatter")
    details = {"name": "Squatter", "password": make_password(PASSWORD)}
    squatters_link = make_link(
        user_id=squatter.pk,
        purpose=MailedToken.Purpose.VERIFY_EMAIL,
        lifetime=timedelta(days=1),
        now=timezone.now(),
        details=details,
    )
    _ask(rita)

    for token in (_old_token(rita), mailed_token(rita, _CONFIRM)):
        assert _agree(nobody, token).status_code == 200

    assert _email(rita) == _NEW
    assert nobody.post("/api/v1/auth/verify-email", {"token": squatters_link}, format="json").status_code == 400


def test_the_old_address_can_stop_it(rita, nobody):
    _ask(rita)
    stop = promised(rita, _REQUESTED)[-1]["stop_address"].rpartition("/")[2]

    assert nobody.post("/api/v1/auth/stop", {"token": stop}, format="json").json() == {"what": "email_change"}

    for token in (_old_token(rita), mailed_token(rita, _CONFIRM), stop):
        assert _agree(nobody, token).json()["code"] == "accounts.link_refused"
    assert nobody.post("/api/v1/auth/stop", {"token": stop}, format="json").status_code == 400
    assert _email(rita) == ADDRESS


def test_the_person_can_take_it_back_signed_in(rita, nobody):
    _ask(rita)
    client = signed_in_client(rita, second_factor=False)
    assert client.get("/api/v1/me/email").json()["new_email"] == _NEW

    assert client.delete("/api/v1/me/email").status_code == 204
    assert client.delete("/api/v1/me/email").json()["code"] == "accounts.no_email_change"
    assert client.get("/api/v1/me/email").status_code == 404
    assert _agree(nobody, mailed_token(rita, _CONFIRM)).status_code == 400


def test_a_later_wish_replaces_the_earlier_one(rita, nobody):
    _ask(rita, "first@example.com")
    first = mailed_token(rita, _CONFIRM)
    _ask(rita)

    assert _agree(nobody, first).status_code == 400
    for token in (mailed_token(rita, _CONFIRM), _old_token(rita)):
        assert _agree(nobody, token).status_code == 200
    assert _email(rita) == _NEW


def test_the_links_work_for_a_day_and_once(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        _ask(rita)
        new, old = mailed_token(rita, _CONFIRM), _old_token(rita)
        assert _agree(nobody, old).status_code == 200
        assert _agree(nobody, old).status_code == 400
        clock.shift(86_400)
        assert _agree(nobody, new).status_code == 400
    assert _email(rita) == ADDRESS


def test_a_link_serves_one_purpose(rita, nobody):
    _ask(rita)
    stop = promised(rita, _REQUESTED)[-1]["stop_address"].rpartition("/")[2]

    assert _agree(nobody, stop).status_code == 400
    for path in ("stop", "keep-account", "verify-email"):
        body = {"token": mailed_token(rita, _CONFIRM)}
        assert nobody.post(f"/api/v1/auth/{path}", body, format="json").status_code == 400


def test_a_stolen_token_changes_no_address(rita):
    client = signed_in_client(rita, second_factor=False)
    for password in ("", "not my password"):
        answer = client.post("/api/v1/me/email", {"email": _NEW, "password": password}, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/password")
    add_app(rita)

    refused = client.post("/api/v1/me/email", {"email": _NEW, "password": PASSWORD}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (403, "core.step_up_needed")
    assert signed_in_client(rita).post("/api/v1/me/email", {"email": _NEW}, format="json").status_code == 202
    with acting_as(rita.pk):
        assert EmailChange.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "code"),
    [(ADDRESS.upper(), "unchanged"), ("rita", "invalid"), ("r\u0131ta@example.com", "invalid"), ("", "blank")],
)
def test_refuses_an_address_that_cannot_be_naming_the_field(rita, email, code):
    answer = _ask(rita, email)

    assert answer.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("/email", code)]
    with acting_as(rita.pk):
        assert not EmailChange.objects.exists()
    assert promised_kinds(rita) == []


def test_mailboxes_are_not_filled(rita):
    answers = [_ask(rita, f"somebody{number}@example.com").status_code for number in range(7)]

    assert answers == [202] * 5 + [429] * 2


def test_the_job_twice_writes_once(rita):
    _ask(rita)
    with acting_as(rita.pk):
        links = MailedToken.objects.count()

    run_accounts_jobs()

    assert promised_kinds(rita) == [_REQUESTED, _CONFIRM]
    with acting_as(rita.pk):
        assert MailedToken.objects.count() == links == 3


def test_no_stored_row_holds_the_new_address_in_clear(rita):
    _ask(rita)

    with acting_as(rita.pk):
        rows = [*EmailChange.objects.all(), *MailedToken.objects.all(), *Session.objects.all()]
        rows += list(AuditEntry.objects.all())
    assert _NEW not in " ".join(str(vars(row)) for row in rows)
