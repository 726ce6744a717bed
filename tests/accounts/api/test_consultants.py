"""Consultants: many firms, each of which sees every look and ends it at once."""

import pytest

from apps.accounts.models import Membership
from apps.core.models import AuditEntry
from apps.core.scope import Level, Role
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user

pytestmark = pytest.mark.django_db


def _looks(firm, action: str) -> list[tuple[int | None, str]]:
    with tenant(firm.firm_id):
        return list(AuditEntry.objects.filter(action=action).order_by("pk").values_list("user_id", "target"))


def test_the_list_shows_each_firm_with_what_the_consultant_may_there(cast, api):
    with tenant(cast.firm.firm_id):
        Membership.objects.filter(user=cast.consultant).update(level=Level.FULL.value)

    firms = api(cast.consultant).get("/api/v1/consultant/firms").json()

    assert [(each["firm"]["name"], each["level"], "trust" in each["permissions"]) for each in firms] == [
        ("Ash & Birch LLP", "full", True),
        ("Other & Sons", "read_only", False),
    ]


def test_every_firm_on_the_list_sees_the_look(cast, api):
    api(cast.consultant).get("/api/v1/consultant/firms")

    for firm in (cast.firm, cast.strangers_firm):
        assert _looks(firm, "accounts.cross_firm_read") == [(cast.consultant.pk, "consultant-firms")]


def test_each_read_in_a_firm_is_in_that_firms_trail_and_in_no_other(cast, api):
    api(cast.consultant).get(f"/api/v1/firms/{cast.firm.public_id}")
    api(cast.consultant).get(f"/api/v1/firms/{cast.firm.public_id}/reports/overview")

    assert _looks(cast.firm, "core.consultant_read") == [
        (cast.consultant.pk, "firm"),
        (cast.consultant.pk, "firm-overview"),
    ]
    assert _looks(cast.strangers_firm, "core.consultant_read") == []


def test_the_firms_own_people_are_not_watched(cast, api):
    api(cast.colleague).get(f"/api/v1/firms/{cast.firm.public_id}")

    assert _looks(cast.firm, "core.consultant_read") == []


def test_a_refused_read_is_no_look(cast, api):
    assert api(cast.consultant).get(f"/api/v1/firms/{cast.firm.public_id}/members").status_code == 403

    assert _looks(cast.firm, "core.consultant_read") == []


def test_a_firm_ends_it_at_once(cast, api):
    client = api(cast.consultant)
    with tenant(cast.firm.firm_id):
        membership_id = Membership.objects.get(user=cast.consultant).pk

    api(cast.owner).delete(f"/api/v1/firms/{cast.firm.public_id}/members/{membership_id}")

    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 404
    assert [each["firm"]["name"] for each in client.get("/api/v1/consultant/firms").json()] == ["Other & Sons"]


def test_who_is_no_consultant_has_an_empty_list(cast, api):
    assert api(cast.owner).get("/api/v1/consultant/firms").json() == []


def test_a_read_only_consultant_may_always_leave(cast, api):
    consultant = make_user()
    join(consultant, cast.firm, role=Role.CONSULTANT, level=Level.READ_ONLY)

    assert api(consultant).delete(f"/api/v1/firms/{cast.firm.public_id}/members/me").status_code == 204
