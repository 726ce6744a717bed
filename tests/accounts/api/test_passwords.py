"""Forget, reset and change a password: every session ends, and the person is told."""

import pytest
import time_machine

from apps.accounts.models import TrustedDevice
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from tests.accounts.entering import add_app, app_code, bearer, log_in, make_rita, refresh
from tests.accounts.factories import PASSWORD
from tests.accounts.mail import mailed_token, promised_kinds, run_accounts_jobs

pytestmark = pytest.mark.django_db
_NEW = "a kettle of blue herons"


@pytest.fixture
def nobody(api):
    return api(None)


@pytest.fixture
def rita():
    return make_rita()


def _forgot(client, email):
    answer = client.post("/api/v1/auth/password/forgot", {"email": email}, format="json")
    run_accounts_jobs()
    return answer


def _reset(client, token, password=_NEW):
    return client.post("/api/v1/auth/password/reset", {"token": token, "password": password}, format="json")


def _change(access, current=PASSWORD, new=_NEW):
    body = {"current_password": current, "new_password": new}
    return bearer(access).post("/api/v1/auth/password/change", body, format="json")


def test_the_mailed_link_sets_a_new_password_and_ends_every_session(rita, nobody):
    pair = log_in(nobody).json()
    assert _forgot(nobody, "rita.MORENO@example.com").status_code == 202

    assert _reset(nobody, mailed_token(rita, "accounts.password_reset")).status_code == 204

    assert log_in(nobody).status_code == 401
    assert log_in(nobody, password=_NEW).status_code == 200
    assert bearer(pair["access"]).get("/api/v1/me").status_code == 401
    assert refresh(nobody, pair["refresh"]).status_code == 401
    assert promised_kinds(rita) == ["accounts.password_reset", "accounts.password_changed"]


def test_a_known_and_an_unknown_address_cost_and_answer_the_same(rita, nobody, django_assert_num_queries):
    answers = []
    for email in (rita.email, "nobody@example.com"):
        with django_assert_num_queries(3):
            answers.append(nobody.post("/api/v1/auth/password/forgot", {"email": email}, format="json"))

    assert [(each.status_code, each.content) for each in answers] == [(202, b"")] * 2
    assert run_accounts_jobs() == 2
    assert promised_kinds(rita) == ["accounts.password_reset"]


def test_the_link_works_once_and_for_half_an_hour(rita, nobody):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        _forgot(nobody, rita.email)
        token = mailed_token(rita, "accounts.password_reset")
        clock.shift(1801)
        assert _reset(nobody, token).json()["code"] == "accounts.link_refused"
        _forgot(nobody, rita.email)
        token = mailed_token(rita, "accounts.password_reset")
        assert _reset(nobody, token).status_code == 204
        assert _reset(nobody, token, "yet another set of words").status_code == 400
        assert log_in(nobody, password=_NEW).status_code == 200


def test_a_weak_password_is_refused_and_the_link_still_works(rita, nobody):
    _forgot(nobody, rita.email)
    token = mailed_token(rita, "accounts.password_reset")

    weak = _reset(nobody, token, "Rita.Moreno1")

    assert (weak.status_code, weak.json()["errors"][0]["pointer"]) == (400, "/password")
    assert _reset(nobody, token).status_code == 204


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 43, "a" * 5000, None, {"a": 1}])
def test_rubbish_names_the_field(nobody, token):
    answer = _reset(nobody, token)

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/token"}


def test_a_reset_opens_the_lock_but_does_not_replace_the_second_factor(rita, nobody):
    add_app(rita)
    for at in range(5):
        log_in(nobody, password=f"wrong wrong {at}")
    _forgot(nobody, rita.email)
    _reset(nobody, mailed_token(rita, "accounts.password_reset"))

    answer = log_in(nobody, password=_NEW)

    assert answer.status_code == 202
    assert answer.json()["methods"] == ["app", "recovery"]


def test_a_reset_distrusts_every_device_and_stops_half_way_sign_ins(rita, nobody):
    add_app(rita)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        pending = log_in(nobody).json()["pending"]
        trusted = nobody.post(
            "/api/v1/auth/second-step",
            {"pending": pending, "method": "app", "code": app_code(rita), "trust_device": True},
            format="json",
        )
        assert trusted.json()["device_token"]
        clock.shift(60)
        half_way = log_in(nobody).json()["pending"]
        clock.shift(60)
        _forgot(nobody, rita.email)
        _reset(nobody, mailed_token(rita, "accounts.password_reset"))

        late = nobody.post(
            "/api/v1/auth/second-step",
            {"pending": half_way, "method": "app", "code": app_code(rita)},
            format="json",
        )

        assert (late.status_code, late.json()["code"]) == (401, "accounts.token_refused")
        device = trusted.json()["device_token"]
        assert log_in(nobody, password=_NEW, device_token=device).status_code == 202
    with acting_as(rita.pk):
        assert not TrustedDevice.objects.exists()


def test_changing_needs_the_old_password_and_ends_every_session(rita, nobody):
    pair = log_in(nobody).json()

    wrong = _change(pair["access"], current="not my password at all")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "accounts.password_wrong")
    assert wrong.json()["errors"][0]["pointer"] == "/current_password"
    assert _change(pair["access"]).status_code == 204

    assert bearer(pair["access"]).get("/api/v1/me").status_code == 401
    assert log_in(nobody, password=_NEW).status_code == 200
    assert promised_kinds(rita) == ["accounts.password_changed"]
    with acting_as(rita.pk):
        assert AuditEntry.objects.filter(action="accounts.password_changed").count() == 1


def test_a_weak_new_password_is_refused_and_nothing_changes(rita, nobody):
    pair = log_in(nobody).json()

    weak = _change(pair["access"], new="short")

    assert (weak.status_code, weak.json()["errors"][0]["pointer"]) == (400, "/new_password")
    assert bearer(pair["access"]).get("/api/v1/me").status_code == 200
    assert promised_kinds(rita) == []


def test_a_stolen_access_token_cannot_guess_the_password_for_ever(rita, nobody):
    pair = log_in(nobody).json()

    answers = [_change(pair["access"], current=f"guess number {at}").status_code for at in range(6)]

    assert answers == [400] * 5 + [429]
