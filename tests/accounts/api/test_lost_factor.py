"""A lost second factor: asked for after the password, announced, delayed, approved by staff, or stopped."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.errors import FactorResetNotFound, NotYourOwnReset
from apps.accounts.models import (
    Authenticator,
    FactorReset,
    LinkedIdentity,
    Phone,
    RecoveryCode,
    Session,
    TrustedDevice,
    User,
)
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.settle_factor_resets import approve_factor_reset, settle_due_factor_resets
from apps.accounts.services.stop_factor_reset import refuse_factor_reset
from apps.core.errors import InvalidInput
from apps.core.models import AuditEntry
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from apps.notifications.models import Delivery
from tests.accounts.entering import add_app, app_code, log_in, make_rita
from tests.accounts.factories import PASSWORD, join, make_firm, make_user, signed_in_client
from tests.accounts.mail import promised, promised_kinds, sent_elsewhere, texted_code

pytestmark = pytest.mark.django_db
_ASKED, _OF_MEMBER = "accounts.factor_reset_requested", "accounts.factor_reset_of_member"
_WHY = "Called the number on the engagement letter."
_START = datetime(2030, 1, 1, tzinfo=UTC)
_TWO_DAYS, _WEEK = timedelta(hours=48), timedelta(days=7)


@pytest.fixture
def nobody(api):
    return api(None)


@pytest.fixture
def clock():
    with time_machine.travel(_START, tick=False) as clock:
        yield clock


@pytest.fixture
def rita(clock):
    user = make_rita()
    add_app(user)
    update_contact_card(user_id=user.pk)
    return user


@pytest.fixture
def staff():
    return make_user("Sam Staff")


def _ask(nobody, **changes):
    pending = log_in(nobody, **changes).json()["pending"]
    return nobody.post("/api/v1/auth/second-step/lost", {"pending": pending}, format="json")


def _reset(user):
    with acting_as(user.pk):
        return FactorReset.objects.latest("pk")


def _approve(user, staff, reason=_WHY):
    return approve_factor_reset(
        user_id=user.pk, reset_id=_reset(user).pk, staff_user_id=staff.pk, reason=reason, now=timezone.now()
    )


def _stop(nobody, user, kind=_ASKED):
    token = promised(user, kind)[-1]["address"].rpartition("/")[2]
    return nobody.post("/api/v1/auth/stop", {"token": token}, format="json")


def _actions(entries):
    return [entry.action.removeprefix("accounts.factor_reset_") for entry in entries.order_by("pk")]


def test_asking_takes_nothing_off_and_tells_when_it_may_happen(rita, nobody):
    answer = _ask(nobody)

    assert (answer.status_code, answer.json()) == (
        202,
        {"requested_at": "2030-01-01T00:00:00Z", "earliest_at": "2030-01-03T00:00:00Z"},
    )
    assert log_in(nobody).status_code == 202
    assert [each["takes_effect_at"] for each in promised(rita, _ASKED)] == ["2030-01-03T00:00:00+00:00"]


def test_every_address_and_number_of_the_person_is_told(rita, nobody):
    _give_phone(rita)
    with acting_as(rita.pk):
        for subject, email in (("1", "Rita@firm.example"), ("2", rita.email.upper()), ("3", "")):
            LinkedIdentity.objects.create(
                user=rita, provider="clio", region="us", subject=subject, email=email, linked_at=_START
            )

    _ask(nobody)

    assert sent_elsewhere(rita, _ASKED) == ["rita@firm.example"]
    with acting_as(rita.pk):
        channels = list(Delivery.objects.filter(kind=_ASKED).values_list("channel", flat=True))
    assert sorted(channels) == ["email", "email", "sms"]


def _give_phone(user):
    client = signed_in_client(user)
    assert client.post("/api/v1/me/second-factor/sms", {"phone": "+12124567890"}, format="json").status_code == 202
    code = texted_code(user, "accounts.phone_code")
    assert client.post("/api/v1/me/second-factor/sms/confirm", {"code": code}, format="json").status_code == 200


def test_every_other_owner_of_their_firms_is_told_with_a_link_of_their_own(rita, nobody, cast):
    second = make_user("Second Owner")
    join(second, cast.firm, role=Role.OWNER)
    join(make_user("Some Admin"), cast.firm, role=Role.ADMIN)
    join(rita, cast.firm)
    join(rita, cast.strangers_firm, role=Role.CONSULTANT)

    _ask(nobody)

    told = {owner.pk: promised(owner, _OF_MEMBER) for owner in (cast.owner, second, cast.stranger)}
    assert [[(each["person"], each["firm"]) for each in words] for words in told.values()] == [
        [("Rita Moreno", "Ash & Birch LLP")],
        [("Rita Moreno", "Ash & Birch LLP")],
        [("Rita Moreno", "Other & Sons")],
    ]
    assert len({words[0]["address"] for words in told.values()}) == 3
    assert promised_kinds(cast.colleague) == promised_kinds(cast.consultant) == []
    assert (_reset(rita).owners_told, _reset(rita).is_only_owner) == (3, False)


def test_waits_a_week_where_nobody_else_could_object_for_a_firm(rita, nobody, cast):
    make_firm(rita, "Alone LLP")
    join(rita, cast.firm)

    assert _ask(nobody).json()["earliest_at"] == "2030-01-08T00:00:00Z"
    assert _reset(rita).is_only_owner


def test_without_a_factor_or_a_right_password_there_is_nothing_to_ask(rita, nobody, clock):
    plain = User.objects.create_user("plain@example.com", PASSWORD, name="P", email_verified_at=timezone.now())
    assert log_in(nobody, email=plain.email).status_code == 200
    pending = log_in(nobody).json()["pending"]
    clock.shift(301 + 30)
    for token in ("", "x", pending):
        answer = nobody.post("/api/v1/auth/second-step/lost", {"pending": token}, format="json")
        assert answer.status_code in (400, 401)
    with acting_as(rita.pk):
        assert not FactorReset.objects.exists()


def test_asking_again_is_the_same_request_and_writes_to_nobody_twice(rita, nobody, cast, clock):
    join(rita, cast.firm)
    first = _ask(nobody).json()
    clock.shift(3600)

    assert _ask(nobody).json() == first
    assert len(promised(rita, _ASKED)) == len(promised(cast.owner, _OF_MEMBER)) == 1


def test_asking_again_after_each_stop_has_an_end(rita, nobody):
    answers = []
    for _ in range(5):
        answers.append(_ask(nobody).status_code)
        if answers[-1] == 202:
            _stop(nobody, rita)

    assert answers == [202] * 3 + [429] * 2


def test_approved_and_waited_for_the_factors_go_and_every_way_in_ends(rita, nobody, staff, clock):
    _give_phone(rita)
    steady = signed_in_client(rita)
    with acting_as(rita.pk):
        TrustedDevice.objects.create(user=rita, token_hash="x", expires_at=_START + timedelta(days=30))
    _ask(nobody)
    assert _approve(rita, staff) is False
    assert settle_due_factor_resets(now=_START + _TWO_DAYS - timedelta(seconds=1)) == 0
    clock.shift(_TWO_DAYS)

    assert settle_due_factor_resets(now=timezone.now()) == 1
    assert settle_due_factor_resets(now=timezone.now()) == 0

    with acting_as(rita.pk):
        for model in (Authenticator, Phone, RecoveryCode, TrustedDevice):
            assert not model._default_manager.exists()
        assert not Session.objects.filter(revoked_at__isnull=True).exists()
    assert steady.get("/api/v1/me").status_code == 401
    assert log_in(nobody).status_code == 200
    assert sent_elsewhere(rita, "accounts.factor_reset_done") == ["+12124567890"]
    assert _reset(rita).status == "done"


def test_approved_after_the_delay_it_happens_at_once(rita, nobody, staff, clock):
    _ask(nobody)
    clock.shift(_TWO_DAYS)
    assert settle_due_factor_resets(now=timezone.now()) == 0

    assert _approve(rita, staff) is True
    assert log_in(nobody).status_code == 200


def test_where_a_factor_is_demanded_the_next_sign_in_opens_no_firm_until_there_is_a_new_one(
    rita, nobody, staff, clock, cast
):
    join(rita, cast.firm, role=Role.CONSULTANT)
    _ask(nobody)
    clock.shift(_TWO_DAYS)
    _approve(rita, staff)

    client = signed_in_client(rita, second_factor=False)

    address = f"/api/v1/firms/{cast.firm.public_id}"
    assert client.get(address).json()["code"] == "core.second_factor_needed"
    begun = client.post("/api/v1/me/second-factor/app", {"password": PASSWORD}, format="json")
    assert begun.status_code == 201


@pytest.mark.parametrize("is_approved", [False, True])
def test_the_person_can_stop_it_without_signing_in(rita, nobody, staff, clock, is_approved):
    _ask(nobody)
    if is_approved:
        _approve(rita, staff)

    assert _stop(nobody, rita).json() == {"what": "factor_reset"}

    assert _stop(nobody, rita).status_code == 400
    assert settle_due_factor_resets(now=_START + timedelta(days=60)) == 0
    assert log_in(nobody).status_code == 202
    assert (_reset(rita).status, _reset(rita).stopped_because) == ("stopped", "by the person")
    assert len(promised(rita, "accounts.factor_reset_stopped")) == 1


def test_each_owner_can_veto_and_the_others_links_are_then_over(rita, nobody, cast):
    second = make_user("Second Owner")
    join(second, cast.firm, role=Role.OWNER)
    join(rita, cast.firm)
    _ask(nobody)

    assert _stop(nobody, second, _OF_MEMBER).json() == {"what": "factor_reset"}

    assert _reset(rita).stopped_because == "by an owner"
    assert _stop(nobody, cast.owner, _OF_MEMBER).json()["code"] == "accounts.link_refused"
    assert _stop(nobody, rita).status_code == 400
    assert len(promised(rita, "accounts.factor_reset_stopped")) == 1


def test_who_is_no_owner_any_more_can_veto_nothing(rita, nobody, cast):
    second = make_user("Second Owner")
    place = join(second, cast.firm, role=Role.OWNER)
    join(rita, cast.firm)
    _ask(nobody)
    with tenant(cast.firm.firm_id):
        type(place).objects.filter(pk=place.pk).update(role="admin")

    assert _stop(nobody, second, _OF_MEMBER).status_code == 400
    assert _reset(rita).status == "requested"


def test_one_owner_can_be_asked_about_two_colleagues_at_a_time(rita, nobody, cast):
    paul = User.objects.create_user("paul@example.com", PASSWORD, name="Paul", email_verified_at=timezone.now())
    add_app(paul)
    for person in (rita, paul):
        join(person, cast.firm)
    _ask(nobody)
    _ask(nobody, email=paul.email)

    tokens = [each["address"].rpartition("/")[2] for each in promised(cast.owner, _OF_MEMBER)]
    answers = [nobody.post("/api/v1/auth/stop", {"token": token}, format="json").status_code for token in tokens]

    assert answers == [200, 200]


@pytest.mark.parametrize("is_approved", [False, True])
def test_signing_in_with_the_factor_stops_it(rita, nobody, staff, clock, is_approved):
    _ask(nobody)
    if is_approved:
        _approve(rita, staff)
    clock.shift(60)
    pending = log_in(nobody).json()["pending"]
    body = {"pending": pending, "method": "app", "code": app_code(rita)}

    assert nobody.post("/api/v1/auth/second-step", body, format="json").status_code == 200

    assert _reset(rita).stopped_because == "factor proved"
    clock.shift(_TWO_DAYS)
    assert settle_due_factor_resets(now=timezone.now()) == 0
    assert log_in(nobody).status_code == 202


def test_a_wrong_code_stops_nothing_and_a_step_up_does(rita, nobody, clock):
    steady = signed_in_client(rita)
    _ask(nobody)
    clock.shift(60)
    wrong = steady.post("/api/v1/auth/step-up", {"method": "app", "code": "000000"}, format="json")
    assert (wrong.status_code, _reset(rita).status) == (400, "requested")

    right = steady.post("/api/v1/auth/step-up", {"method": "app", "code": app_code(rita)}, format="json")

    assert (right.status_code, _reset(rita).status) == (204, "stopped")


def test_without_approval_it_ends_by_itself(rita, nobody, clock):
    _ask(nobody)
    clock.shift(_TWO_DAYS + timedelta(days=14))

    assert settle_due_factor_resets(now=timezone.now()) == 1

    assert (_reset(rita).status, _reset(rita).stopped_because) == ("stopped", "not approved in time")
    assert log_in(nobody).status_code == 202


def test_staff_give_a_reason_are_somebody_else_and_decide_once(rita, nobody, staff):
    _ask(nobody)

    with pytest.raises(InvalidInput) as refused:
        _approve(rita, staff, "ok")
    assert refused.value.faults[0].pointer == "/reason"
    with pytest.raises(NotYourOwnReset):
        _approve(rita, rita)
    assert _reset(rita).status == "requested"
    assert _approve(rita, staff) is False
    with pytest.raises(FactorResetNotFound):
        _approve(rita, staff)


def test_staff_can_refuse_and_take_an_approval_back(rita, nobody, staff):
    _ask(nobody)
    _approve(rita, staff)
    ids = {"user_id": rita.pk, "reset_id": _reset(rita).pk, "staff_user_id": staff.pk}

    refuse_factor_reset(**ids, reason="The person knew nothing of it.", now=timezone.now())

    assert _reset(rita).stopped_because == "refused by staff"
    with pytest.raises(FactorResetNotFound):
        refuse_factor_reset(**ids, reason="Once more.", now=timezone.now())


def test_every_step_is_in_the_persons_the_firms_and_staffs_trail(rita, nobody, staff, clock, cast):
    join(rita, cast.firm)
    _ask(nobody)
    _approve(rita, staff)
    clock.shift(_TWO_DAYS)
    settle_due_factor_resets(now=timezone.now())

    ours = AuditEntry.objects.filter(action__startswith="accounts.factor_reset")
    with acting_as(rita.pk):
        assert _actions(ours.filter(user_id=rita.pk, firm_id=None)) == ["requested", "approved", "done"]
    with tenant(cast.firm.firm_id):
        assert _actions(ours.filter(firm_id=cast.firm.firm_id)) == ["requested", "approved", "done"]
    with acting_as(staff.pk):
        assert _actions(ours.filter(user_id=staff.pk)) == ["approved"]
        assert ours.get(user_id=staff.pk).details == {"person": rita.pk}


def test_closing_the_account_ends_it(rita, nobody):
    _ask(nobody)

    assert signed_in_client(rita).post("/api/v1/me/deletion", {}, format="json").status_code == 202

    assert _reset(rita).stopped_because == "account closed"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "approved"},
        {"status": "done", "done_at": _START + _TWO_DAYS},
        {"status": "approved", "approved_at": _START, "reason": ""},
        {"status": "done", "approved_at": _START, "reason": _WHY, "done_at": _START},
        {"status": "stopped"},
        {"status": "stopped", "stopped_at": _START},
        {"stopped_at": _START, "stopped_because": "x"},
        {"approved_at": _START},
        {"earliest_at": _START},
    ],
)
def test_the_database_refuses_a_state_that_cannot_be(rita, nobody, change):
    _ask(nobody)

    with pytest.raises(IntegrityError), acting_as(rita.pk), transaction.atomic():
        FactorReset.objects.update(**change)


def test_the_database_refuses_a_second_open_request_and_ones_own_approval(rita, nobody):
    _ask(nobody)
    when = {"requested_at": _START, "earliest_at": _START + _WEEK, "expires_at": _START + 2 * _WEEK}

    with pytest.raises(IntegrityError), acting_as(rita.pk):
        FactorReset.objects.create(user=rita, **when)
    with pytest.raises(IntegrityError), acting_as(rita.pk):
        FactorReset.objects.update(status="approved", approved_at=_START, approved_by=rita, reason=_WHY)
