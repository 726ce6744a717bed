"""Consultants: many firms, each of which sees every look and ends it at once."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.models import Membership
from apps.accounts.queries.firms import find_firm_access
from apps.accounts.services.look_across_firms import look_across_firms
from apps.core.models import AuditEntry
from apps.core.scope import Level, Role
from apps.core.tenancy import tenant
from tests.accounts.entering import browser_of
from tests.accounts.factories import join, make_user
from tests.accounts.mails import last_told, told

pytestmark = pytest.mark.django_db
_KIND = "accounts.consultant_looked"


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


def test_owners_are_told_of_the_first_look_of_a_day_in_their_zone(cast, api):
    api(cast.owner).patch(f"/api/v1/firms/{cast.firm.public_id}", {"time_zone": "America/New_York"}, format="json")
    evening, night = datetime(2026, 3, 9, 2, 0, tzinfo=UTC), datetime(2026, 3, 9, 5, 0, tzinfo=UTC)

    for moment in (evening, evening + timedelta(hours=1), night):
        look_across_firms(user_id=cast.consultant.pk, what="consultant-firms", ip=None, now=moment)

    # In New York these were ten and eleven in the evening of March 8, and one in the night of March 9.
    assert told(cast.owner).count(_KIND) == 2
    assert told(cast.stranger).count(_KIND) == 1
    words = last_told(cast.owner, _KIND)
    assert (words["person"], words["looked_at"]) == ("Connie Sultant", night.isoformat())
    assert words["address"].endswith(f"/firm/audit?firm={cast.firm.public_id}")
    assert told(cast.colleague).count(_KIND) == 0


def test_a_firm_hides_its_clients_names_from_a_consultant(cast, api):
    with tenant(cast.firm.firm_id):
        place = Membership.objects.get(user=cast.consultant)
    address = f"/api/v1/firms/{cast.firm.public_id}/members/{place.pk}"
    change = {"hides_client_names": True, "level": "limited"}

    answer = api(cast.owner).patch(address, change, format="json")

    assert answer.json()["hides_client_names"] is True
    access = find_firm_access(user_id=cast.consultant.pk, firm_public_id=cast.firm.public_id)
    assert access is not None
    assert access.scope.hides_client_names is True


def test_an_owner_s_names_are_hidden_from_nobody_who_runs_the_firm(cast, api):
    with tenant(cast.firm.firm_id):
        place = Membership.objects.get(user=cast.owner)
    address = f"/api/v1/firms/{cast.firm.public_id}/members/{place.pk}"

    answer = api(cast.owner).patch(address, {"hides_client_names": True}, format="json")

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/hides_client_names"]


def test_a_consultant_is_out_with_the_request_after_the_firm_revoked(cast, api):
    with tenant(cast.firm.firm_id):
        place = Membership.objects.get(user=cast.consultant)
    client, browser = api(cast.consultant), browser_of(cast.consultant)
    page = f"/overview?firm={cast.firm.public_id}"
    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 200
    assert browser.get(page).status_code == 200

    assert api(cast.owner).delete(f"/api/v1/firms/{cast.firm.public_id}/members/{place.pk}").status_code == 204

    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 404
    assert browser.get(page).status_code == 404
    assert [each["firm"]["name"] for each in client.get("/api/v1/consultant/firms").json()] == ["Other & Sons"]
