"""A firm offered to another member: accepted, declined, taken back, run out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Membership, OwnershipOffer
from apps.accounts.services.answer_ownership_offer import end_ownership_offer
from apps.core.models import AuditEntry
from apps.core.scope import Role
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user
from tests.accounts.mails import last_told, told

pytestmark = pytest.mark.django_db


def _address(cast, what: str = "") -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/ownership{what}"


def _place(cast, user) -> Membership:
    with tenant(cast.firm.firm_id):
        return Membership.objects.get(firm_id=cast.firm.firm_id, user=user)


def _offer(cast, api, user=None):
    body = {"membership_id": _place(cast, user or cast.colleague).pk}
    return api(cast.owner).post(_address(cast), body, format="json")


def _roles(cast) -> tuple[str, str]:
    return _place(cast, cast.owner).role, _place(cast, cast.colleague).role


def _actions(cast) -> list[str]:
    with tenant(cast.firm.firm_id):
        return list(
            AuditEntry.objects.filter(action__contains="ownership").order_by("pk").values_list("action", flat=True)
        )


def test_an_offer_changes_nothing_and_is_told(cast, api):
    answer = _offer(cast, api)

    assert answer.status_code == 201
    assert (answer.json()["from_person"], answer.json()["to_person"]) == ("Olive Owner", "Cole League")
    assert _roles(cast) == ("owner", "member")
    words = last_told(cast.colleague, "accounts.ownership_offered")
    assert words["owner"] == "Olive Owner"
    assert words["address"].endswith(f"/firm/ownership?firm={cast.firm.public_id}")
    assert api(cast.colleague).get(_address(cast)).json() == answer.json()


def test_ownership_changes_hands_when_the_other_accepts(cast, api):
    admin = make_user("Addy Min")
    join(admin, cast.firm, role=Role.ADMIN)
    _offer(cast, api)

    answer = api(cast.colleague).post(_address(cast, "/acceptance"))

    assert answer.status_code == 204
    assert _roles(cast) == ("admin", "owner")
    words = last_told(admin, "accounts.ownership_transferred")
    assert (words["from_person"], words["to_person"]) == ("Olive Owner", "Cole League")
    assert _actions(cast) == ["accounts.ownership_offered", "accounts.ownership_transferred"]
    assert api(cast.colleague).post(_address(cast, "/acceptance")).status_code == 404


def test_acceptance_asks_for_a_fresh_second_step(cast, api):
    _offer(cast, api)

    answer = api(cast.colleague, second_factor=False).post(_address(cast, "/acceptance"))

    assert (answer.status_code, answer.json()["code"]) == (403, "core.step_up_needed")
    assert _roles(cast) == ("owner", "member")


def test_declining_leaves_all_as_it_was_and_is_told(cast, api):
    _offer(cast, api)

    assert api(cast.colleague).post(_address(cast, "/refusal")).status_code == 204

    assert _roles(cast) == ("owner", "member")
    assert last_told(cast.owner, "accounts.ownership_not_taken")["has_declined"] is True
    assert api(cast.colleague).post(_address(cast, "/acceptance")).json()["code"] == "accounts.no_ownership_offer"
    assert _offer(cast, api).status_code == 201


def test_an_offer_is_taken_back(cast, api):
    _offer(cast, api)

    assert api(cast.owner).delete(_address(cast)).status_code == 204

    assert api(cast.colleague).post(_address(cast, "/acceptance")).status_code == 404
    assert api(cast.owner).delete(_address(cast)).json()["code"] == "accounts.no_ownership_offer"


def test_an_offer_runs_out_and_whoever_made_it_is_told_once(cast, api):
    _offer(cast, api)
    later = timezone.now() + timedelta(days=7, seconds=1)
    with tenant(cast.firm.firm_id):
        offer_id = OwnershipOffer.objects.get().pk

    assert end_ownership_offer(firm_id=cast.firm.firm_id, offer_id=offer_id, now=timezone.now()) is False
    assert end_ownership_offer(firm_id=cast.firm.firm_id, offer_id=offer_id, now=later) is True
    assert end_ownership_offer(firm_id=cast.firm.firm_id, offer_id=offer_id, now=later) is False

    assert last_told(cast.owner, "accounts.ownership_not_taken")["has_declined"] is False
    assert told(cast.owner).count("accounts.ownership_not_taken") == 1
    assert _roles(cast) == ("owner", "member")


def test_one_offer_at_a_time(cast, api):
    _offer(cast, api)

    assert _offer(cast, api).json()["code"] == "accounts.ownership_offer_open"


@pytest.mark.parametrize("who", ["stranger", "consultant", "owner"])
def test_nobody_else_accepts_or_sees_it(cast, api, who):
    _offer(cast, api)
    another = getattr(cast, who)

    assert api(another).post(_address(cast, "/acceptance")).status_code in (403, 404)
    assert _roles(cast) == ("owner", "member")


def test_a_plain_member_sees_no_offer_made_to_another(cast, api):
    member = make_user()
    join(member, cast.firm)
    _offer(cast, api)

    assert api(member).get(_address(cast)).json()["code"] == "accounts.no_ownership_offer"


def test_an_offer_of_somebody_who_is_no_owner_any_more_stands_no_longer(cast, api):
    second = make_user()
    place = join(second, cast.firm, role=Role.OWNER)
    _offer(cast, api)
    changed = api(second).patch(
        f"/api/v1/firms/{cast.firm.public_id}/members/{_place(cast, cast.owner).pk}", {"role": "admin"}, format="json"
    )
    assert changed.status_code == 200

    answer = api(cast.colleague).post(_address(cast, "/acceptance"))

    assert (answer.status_code, answer.json()["code"]) == (404, "accounts.no_ownership_offer")
    with tenant(cast.firm.firm_id):
        assert Membership.objects.get(pk=place.pk).role == "owner"


def test_what_is_no_member_is_named(cast, api):
    answer = api(cast.owner).post(_address(cast), {"membership_id": "x"}, format="json")

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/membership_id"]
