"""Who is in a firm, and changing that."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import ApiKey, Membership
from apps.core.models import AuditEntry
from apps.core.scope import Role
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user, signed_in_client
from tests.accounts.mails import last_told, told

pytestmark = pytest.mark.django_db


def _members(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/members"


def _id(cast, user) -> int:
    with tenant(cast.firm.firm_id):
        return Membership.objects.get(user=user).pk


def _status(cast, user) -> str:
    with tenant(cast.firm.firm_id):
        return Membership.objects.get(user=user).status


def _role(cast, user) -> str:
    with tenant(cast.firm.firm_id):
        return Membership.objects.get(user=user).role


@pytest.fixture
def admin(cast):
    user = make_user("Addy Min")
    join(user, cast.firm, role=Role.ADMIN)
    return user


def test_the_list_names_everybody_with_their_place(cast, api):
    people = api(cast.owner).get(_members(cast)).json()

    assert [(each["name"], each["role"], each["scope"], each["status"]) for each in people] == [
        ("Olive Owner", "owner", "whole_firm", "active"),
        ("Cole League", "member", "whole_firm", "active"),
        ("Connie Sultant", "consultant", "whole_firm", "active"),
    ]


def test_names_of_others_are_for_those_to_whom_it_was_granted(cast, api):
    curious = make_user()
    join(curious, cast.firm, permissions=["names"])

    assert api(cast.colleague).get(_members(cast)).status_code == 403
    assert api(curious).get(_members(cast)).status_code == 200


def test_a_new_scope_holds_from_the_next_request_on(cast, api):
    client, owner = api(cast.colleague), api(cast.owner)
    before = client.get("/api/v1/firms").json()[0]["scope"]
    change = {"scope": "subset", "grants": [{"practice_area_ids": [7]}], "permissions": ["names"]}

    changed = owner.patch(f"{_members(cast)}/{_id(cast, cast.colleague)}", change, format="json")

    assert changed.status_code == 200
    assert (before, client.get("/api/v1/firms").json()[0]["scope"]) == ("whole_firm", "subset")
    assert client.get(_members(cast)).status_code == 200


def test_the_member_is_told_what_they_are_and_see(cast, api):
    api(cast.owner).patch(f"{_members(cast)}/{_id(cast, cast.colleague)}", {"role": "admin"}, format="json")

    words = last_told(cast.colleague, "accounts.role_changed")
    assert (words["role"], words["sees"], words["firm"]) == ("admin", "everything of the firm", cast.firm.name)


def test_the_trail_has_before_and_after(cast, api):
    api(cast.owner).patch(f"{_members(cast)}/{_id(cast, cast.colleague)}", {"role": "admin"}, format="json")

    with tenant(cast.firm.firm_id):
        details = AuditEntry.objects.get(action="accounts.member_changed").details
    assert (details["before"]["role"], details["after"]["role"]) == ("member", "admin")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"role": "king"}, "/role"),
        ({"role": "consultant"}, "/level"),
        ({"level": "full"}, "/level"),
        ({"role": "admin", "scope": "self"}, "/scope"),
        ({"scope": "subset"}, "/grants"),
        ({"grants": [{"client_ids": [1]}]}, "/grants"),
        ({"scope": "subset", "grants": [{}]}, "/grants/0"),
        ({"scope": "subset", "grants": [{"client_ids": ["x"]}]}, "/grants/0/client_ids/0"),
        ({"scope": "subset", "grants": "all"}, "/grants"),
        ({"permissions": ["everything"]}, "/permissions/0"),
        ({"clio_user_id": 0}, "/clio_user_id"),
        ({"clio_user_id": 2**63}, "/clio_user_id"),
    ],
)
def test_a_place_that_cannot_be_names_the_field(cast, api, change, pointer):
    address = f"{_members(cast)}/{_id(cast, cast.colleague)}"
    before = api(cast.owner).get(address).json()

    answer = api(cast.owner).patch(address, change, format="json")

    assert answer.status_code == 400
    assert pointer in {fault["pointer"] for fault in answer.json()["errors"]}
    assert api(cast.owner).get(address).json() == before


def test_one_clio_user_is_one_member(cast, api):
    other = make_user()
    join(other, cast.firm, clio_user_id=77)

    answer = api(cast.owner).patch(f"{_members(cast)}/{_id(cast, cast.colleague)}", {"clio_user_id": 77}, format="json")

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/clio_user_id"]


@pytest.mark.parametrize("change", [{"role": "member"}, {"role": "admin"}])
def test_an_admin_touches_no_owner(cast, api, admin, change):
    answer = api(admin).patch(f"{_members(cast)}/{_id(cast, cast.owner)}", change, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.owners_only")


def test_an_admin_makes_nobody_an_owner_not_even_themselves(cast, api, admin):
    answer = api(admin).patch(f"{_members(cast)}/{_id(cast, admin)}", {"role": "owner"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.owners_only")


def test_access_is_not_changed_without_the_second_factor_anew(cast):
    client = signed_in_client(cast.owner, second_factor=False)

    answer = client.patch(f"{_members(cast)}/{_id(cast, cast.colleague)}", {"role": "admin"}, format="json")

    assert answer.status_code == 403
    assert _role(cast, cast.colleague) == "member"


def test_the_last_owner_neither_leaves_nor_steps_down_nor_is_suspended(cast, api):
    client, mine = api(cast.owner), f"{_members(cast)}/{_id(cast, cast.owner)}"

    answers = [
        client.delete(f"{_members(cast)}/me"),
        client.delete(mine),
        client.patch(mine, {"role": "admin"}, format="json"),
        client.post(f"{mine}/suspension", {}, format="json"),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "accounts.last_owner")}
    assert _status(cast, cast.owner) == "active"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_membership SET role = 'admin' WHERE role = 'owner'",
        "UPDATE accounts_membership SET status = 'ended' WHERE role = 'owner'",
        "DELETE FROM accounts_membership WHERE role = 'owner'",
    ],
)
def test_the_database_itself_keeps_an_owner(cast, statement):
    with pytest.raises(IntegrityError, match="keeps an owner"), tenant(cast.firm.firm_id):
        connection.cursor().execute(statement)


def test_a_suspended_member_is_a_stranger_until_restored(cast, api):
    client, address = api(cast.colleague), f"{_members(cast)}/{_id(cast, cast.colleague)}/suspension"

    assert api(cast.owner).post(address, {"reason": "On leave."}, format="json").status_code == 204
    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 404
    assert api(cast.owner).delete(address).status_code == 204
    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 200

    assert last_told(cast.colleague, "accounts.membership_suspended")["reason"] == "On leave."
    assert told(cast.colleague).count("accounts.membership_restored") == 1


def test_suspending_twice_is_once(cast, api):
    address = f"{_members(cast)}/{_id(cast, cast.colleague)}/suspension"

    for _ in range(2):
        assert api(cast.owner).post(address, {}, format="json").status_code == 204

    assert told(cast.colleague).count("accounts.membership_suspended") == 1


def test_who_leaves_is_gone_and_the_administrators_know(cast, api, admin):
    client = api(cast.colleague)

    assert client.delete(f"{_members(cast)}/me").status_code == 204

    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 404
    assert client.get("/api/v1/firms").json() == []
    assert "accounts.member_left" in told(cast.owner)
    assert "accounts.member_left" in told(admin)
    assert "accounts.member_left" not in told(cast.colleague)


def test_who_is_removed_is_told_and_their_keys_end(cast, api):
    keeper = make_user()
    join(keeper, cast.firm, permissions=["api_keys"])
    expires_at = (timezone.now() + timedelta(days=30)).isoformat()
    key = {"name": "BI", "scopes": ["firm"], "expires_at": expires_at}
    made = api(keeper).post(f"/api/v1/firms/{cast.firm.public_id}/api-keys", key, format="json")
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {made.json()['secret']}")
    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 200

    assert api(cast.owner).delete(f"{_members(cast)}/{_id(cast, keeper)}").status_code == 204

    assert "accounts.membership_ended" in told(keeper)
    assert client.get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 401
    with tenant(cast.firm.firm_id):
        assert ApiKey.objects.get().revoked_at is not None


def test_a_member_of_another_firm_is_not_found(cast, api):
    with tenant(cast.strangers_firm.firm_id):
        foreign = Membership.objects.get(user=cast.stranger).pk

    answers = [
        api(cast.owner).get(f"{_members(cast)}/{foreign}"),
        api(cast.owner).patch(f"{_members(cast)}/{foreign}", {"role": "admin"}, format="json"),
        api(cast.owner).delete(f"{_members(cast)}/{foreign}"),
        api(cast.owner).get(f"{_members(cast)}/{10**30}"),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "accounts.member_not_found")}


@pytest.mark.parametrize("to", ["owner", "consultant"])
def test_ownership_goes_to_no_owner_and_no_consultant(cast, api, to):
    answer = api(cast.owner).post(
        f"/api/v1/firms/{cast.firm.public_id}/ownership",
        {"membership_id": _id(cast, getattr(cast, to))},
        format="json",
    )

    assert answer.status_code == 400
    assert _role(cast, cast.owner) == "owner"
