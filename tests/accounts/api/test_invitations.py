"""Invitations by email: sent, answered, taken back."""

import pytest
import time_machine

from apps.accounts.models import Invitation, Membership, User
from apps.accounts.services.note_expired_invitation import note_expired_invitation
from apps.core.models import AuditEntry
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from tests.accounts.factories import AGREED, PASSWORD, join, make_user
from tests.accounts.mails import invitation_token, told

pytestmark = pytest.mark.django_db
_PLACE = {"email": "cole@example.com", "role": "member", "scope": "self", "clio_user_id": 42}
_NEW = {"name": "Cole League", "password": PASSWORD, "agreed": AGREED}


def _invitations(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/invitations"


def _invite(cast, api, **changes):
    return api(cast.owner).post(_invitations(cast), {**_PLACE, **changes}, format="json")


def _accept_as_new(api, token, **changes):
    return api(None).post("/api/v1/invitations/accept-as-new", {"token": token, **_NEW, **changes}, format="json")


def _memberships(cast, email="cole@example.com"):
    with tenant(cast.firm.firm_id):
        return list(Membership.objects.filter(user__email=email).values_list("role", "scope", "clio_user_id", "status"))


def test_the_mailed_link_shows_the_offer(cast, api):
    assert _invite(cast, api).status_code == 201
    token = invitation_token(cast.firm, "cole@example.com")

    offer = api(None).post("/api/v1/invitations/offer", {"token": token}, format="json").json()

    assert (offer["firm_name"], offer["inviter_name"], offer["role"], offer["has_account"]) == (
        cast.firm.name,
        "Olive Owner",
        "member",
        False,
    )


def test_a_new_person_accepts_and_signs_in(cast, api):
    _invite(cast, api)

    answer = _accept_as_new(api, invitation_token(cast.firm, "cole@example.com"))

    assert answer.status_code == 204
    assert _memberships(cast) == [("member", "self", 42, "active")]
    user = User.objects.get(email="cole@example.com")
    assert user.check_password(PASSWORD)
    assert user.email_verified_at is not None
    assert "accounts.invitation_accepted" in told(cast.owner)


def test_somebody_with_an_account_accepts_signed_in(cast, api):
    person = make_user()
    _invite(cast, api, email=person.email.upper())
    token = invitation_token(cast.firm, person.email.upper())

    answer = api(person).post("/api/v1/invitations/accept", {"token": token}, format="json")

    assert answer.status_code == 204
    assert _memberships(cast, person.email) == [("member", "self", 42, "active")]


def test_an_address_with_an_account_is_asked_to_sign_in(cast, api):
    person = make_user()
    person.set_password(PASSWORD)
    person.save()
    _invite(cast, api, email=person.email)

    answer = _accept_as_new(api, invitation_token(cast.firm, person.email))

    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.sign_in_to_accept")
    assert _memberships(cast, person.email) == []


def test_somebody_else_cannot_take_the_place(cast, api):
    _invite(cast, api)
    token = invitation_token(cast.firm, "cole@example.com")

    answer = api(cast.stranger).post("/api/v1/invitations/accept", {"token": token}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.invitation_of_another")
    assert _memberships(cast, cast.stranger.email) == []


def test_a_link_works_once(cast, api):
    _invite(cast, api)
    token = invitation_token(cast.firm, "cole@example.com")
    _accept_as_new(api, token)

    answer = _accept_as_new(api, token)

    assert (answer.status_code, answer.json()["code"]) == (400, "accounts.link_refused")
    assert len(_memberships(cast)) == 1


@pytest.mark.parametrize("token", ["x", "é" * 20, "0" * 100])
def test_an_unknown_token_is_refused(cast, api, token):
    for address in ("offer", "accept-as-new"):
        answer = api(None).post(f"/api/v1/invitations/{address}", {"token": token, **_NEW}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "accounts.link_refused")


def test_after_seven_days_the_link_ends_and_the_inviter_knows(cast, api):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        invitation_id = _invite(cast, api).json()["id"]
        clock.shift(7 * 86_400)

        answer = _accept_as_new(api, invitation_token(cast.firm, "cole@example.com"))
        with tenant(cast.firm.firm_id):
            expires_at = Invitation.objects.get(pk=invitation_id).expires_at
        assert note_expired_invitation(firm_id=cast.firm.firm_id, invitation_id=invitation_id, now=expires_at)

    assert answer.json()["code"] == "accounts.link_refused"
    assert told(cast.owner).count("accounts.invitation_expired") == 1


def test_sending_again_renews_the_link_and_ends_the_former(cast, api):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        invitation_id = _invite(cast, api).json()["id"]
        former = invitation_token(cast.firm, "cole@example.com")
        address = f"{_invitations(cast)}/{invitation_id}"
        assert api(cast.owner).post(address).status_code == 429
        clock.shift(8 * 86_400)

        assert api(cast.owner).post(address).status_code == 204

        token = invitation_token(cast.firm, "cole@example.com")
        assert token != former
        assert _accept_as_new(api, former).json()["code"] == "accounts.link_refused"
        assert _accept_as_new(api, token).status_code == 204


def test_a_revoked_link_ends(cast, api):
    invitation_id = _invite(cast, api).json()["id"]

    assert api(cast.owner).delete(f"{_invitations(cast)}/{invitation_id}").status_code == 204

    answer = _accept_as_new(api, invitation_token(cast.firm, "cole@example.com"))
    assert answer.json()["code"] == "accounts.link_refused"
    assert not User.objects.filter(email="cole@example.com").exists()
    assert api(cast.owner).get(_invitations(cast)).json() == []


def test_an_invitation_dies_with_the_authority_of_who_sent_it(cast, api):
    admin = make_user()
    membership = join(admin, cast.firm, role=Role.ADMIN)
    api(admin).post(_invitations(cast), _PLACE, format="json")
    api(cast.owner).delete(f"/api/v1/firms/{cast.firm.public_id}/members/{membership.pk}")

    answer = _accept_as_new(api, invitation_token(cast.firm, "cole@example.com"))

    assert answer.json()["code"] == "accounts.link_refused"
    assert _memberships(cast) == []


def test_an_admin_invites_no_owner(cast, api):
    admin = make_user()
    join(admin, cast.firm, role=Role.ADMIN)

    answer = api(admin).post(
        _invitations(cast), {"email": "x@example.com", "role": "owner", "scope": "whole_firm"}, format="json"
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.owners_only")


def test_one_open_invitation_per_address_and_none_for_a_member(cast, api):
    _invite(cast, api)

    again, member = _invite(cast, api, email="COLE@example.com"), _invite(cast, api, email=cast.colleague.email)

    assert again.json()["code"] == "accounts.already_invited"
    assert member.json()["code"] == "accounts.already_member"


def test_who_left_comes_back_to_the_same_membership(cast, api):
    api(cast.colleague).delete(f"/api/v1/firms/{cast.firm.public_id}/members/me")
    assert _invite(cast, api, email=cast.colleague.email).status_code == 201
    token = invitation_token(cast.firm, cast.colleague.email)

    assert api(cast.colleague).post("/api/v1/invitations/accept", {"token": token}, format="json").status_code == 204

    assert _memberships(cast, cast.colleague.email) == [("member", "self", 42, "active")]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "nobody"}, "/email"),
        ({"role": "king"}, "/role"),
        ({"scope": None}, "/scope"),
        ({"role": "consultant"}, "/level"),
        ({"permissions": "all"}, "/permissions"),
    ],
)
def test_bad_input_names_the_field_and_sends_nothing(cast, api, change, pointer):
    answer = _invite(cast, api, **change)

    assert answer.status_code == 400
    assert pointer in {fault["pointer"] for fault in answer.json()["errors"]}
    assert api(cast.owner).get(_invitations(cast)).json() == []


def test_no_token_is_stored_or_recorded(cast, api):
    _invite(cast, api)
    token = invitation_token(cast.firm, "cole@example.com")
    _accept_as_new(api, token)

    with tenant(cast.firm.firm_id):
        stored = str([vars(each) for each in Invitation.objects.all()])
        trail = str(list(AuditEntry.objects.values_list("target", "details")))
    with acting_as(cast.owner.pk):
        trail += str(list(AuditEntry.objects.values_list("target", "details")))
    assert token not in stored + trail
