"""Somebody without a second step proves a sensitive act by the password; nobody else does."""

import pytest
import time_machine

from apps.accounts.models import FirmSecurity, Session
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import add_app, app_code, make_rita
from tests.accounts.factories import PASSWORD, join, make_firm, signed_in_client

pytestmark = pytest.mark.django_db
_INVITED = {"email": "cole@example.com", "role": "member", "scope": "whole_firm"}


@pytest.fixture
def rita():
    return make_rita()


def _step_up(client, password=PASSWORD):
    return client.post("/api/v1/auth/step-up", {"method": "password", "password": password}, format="json")


def _invite(client, firm, email="cole@example.com"):
    address = f"/api/v1/firms/{firm.public_id}/invitations"
    return client.post(address, {**_INVITED, "email": email}, format="json")


def test_an_owner_without_a_second_step_invites_after_the_password_for_ten_minutes(rita):
    firm = make_firm(rita)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        client = signed_in_client(rita, second_factor=False)
        assert _invite(client, firm).json()["code"] == "core.step_up_needed"
        assert _step_up(client).status_code == 204

        assert _invite(client, firm).status_code == 201
        clock.shift(601)
        assert _invite(client, firm, "other@example.com").json()["code"] == "core.step_up_needed"


def test_a_wrong_password_proves_nothing_and_is_counted(rita):
    firm = make_firm(rita)
    client = signed_in_client(rita, second_factor=False)

    answers = [_step_up(client, "not my password") for _ in range(6)]

    assert [each.status_code for each in answers] == [400] * 5 + [429]
    assert answers[0].json()["errors"][0]["pointer"] == "/password"
    assert _invite(client, firm).json()["code"] == "core.step_up_needed"


def test_whoever_has_a_second_step_proves_that_one(rita):
    client = signed_in_client(rita, second_factor=False)
    add_app(rita)

    answer = _step_up(client)

    assert (answer.status_code, answer.json()["code"]) == (403, "core.step_up_needed")


@pytest.mark.parametrize("why", ["firm", "consultant"])
def test_where_a_second_step_is_demanded_the_password_is_not_enough(rita, cast, why):
    join(rita, cast.firm, role=Role.CONSULTANT if why == "consultant" else Role.ADMIN)
    if why == "firm":
        with tenant(cast.firm.firm_id):
            FirmSecurity.objects.create(firm_id=cast.firm.firm_id, demands_second_factor=True)

    answer = _step_up(signed_in_client(rita, second_factor=False))

    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.factor_missing")


def test_it_is_no_second_factor_and_ends_when_there_is_one(rita):
    other = signed_in_client(rita, second_factor=False)
    _step_up(other)
    with acting_as(rita.pk):
        assert Session.objects.latest("pk").methods == ["password"]

    with time_machine.travel("2030-01-01T00:00:10Z", tick=False):
        add_app(rita)

    with acting_as(rita.pk):
        fresh = Session.objects.filter(factor_at__isnull=False)
        assert [session.methods for session in fresh] == [["password", "app"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/method"),
        ({"method": "password"}, "/password"),
        ({"method": "password", "code": PASSWORD}, "/password"),
        ({"method": "app", "password": PASSWORD}, "/code"),
        ({"method": "magic", "code": "1"}, "/method"),
    ],
)
def test_bad_input_names_its_field(rita, body, pointer):
    answer = signed_in_client(rita).post("/api/v1/auth/step-up", body, format="json")

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_a_code_of_the_app_still_does(rita):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        client = signed_in_client(rita, second_factor=False)

        answer = client.post("/api/v1/auth/step-up", {"method": "app", "code": app_code(rita)}, format="json")

    assert answer.status_code == 204
