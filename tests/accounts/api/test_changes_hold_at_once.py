"""What changes about a person's place holds from their next request on, with the token they already have.

Nothing about access is cached. Should that ever change, each of these is a way in which a cache must be emptied; others
are beside their subjects (a firm's demand for a second factor, a suspension, a key of somebody who left).
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Membership, User
from apps.accounts.services.end_all_sessions import end_all_sessions
from apps.core.scope import Level, Role
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user

pytestmark = pytest.mark.django_db


def _place(cast: Any, person: User) -> str:
    with tenant(cast.firm.firm_id):
        membership_id = Membership.objects.get(user=person).pk
    return f"/api/v1/firms/{cast.firm.public_id}/members/{membership_id}"


def _seen(client: Any, cast: Any) -> tuple[Any, ...]:
    """How the firm answers this person: its page, its people, and what they are told they may see."""
    firm = f"/api/v1/firms/{cast.firm.public_id}"
    told = [(each["role"], each["scope"]) for each in client.get("/api/v1/firms").json()]
    return client.get(firm).status_code, client.get(f"{firm}/members").status_code, told


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"role": "admin"}, (200, 200, [("admin", "whole_firm")])),
        ({"scope": "self", "clio_user_id": 7}, (200, 403, [("member", "self")])),
        ({"scope": "subset", "grants": [{"client_ids": [7]}]}, (200, 403, [("member", "subset")])),
        ({"permissions": ["names"]}, (200, 200, [("member", "whole_firm")])),
    ],
)
def test_a_changed_place_and_its_return(cast, api, change, after):
    client, place = api(cast.colleague), _place(cast, cast.colleague)
    before = _seen(client, cast)
    back: dict[str, Any] = {
        "role": "member",
        "scope": "whole_firm",
        "grants": [],
        "permissions": [],
        "clio_user_id": None,
    }

    assert api(cast.owner).patch(place, change, format="json").status_code == 200
    changed = _seen(client, cast)
    assert api(cast.owner).patch(place, back, format="json").status_code == 200

    assert before == (200, 403, [("member", "whole_firm")])
    assert changed == after
    assert _seen(client, cast) == before


def test_a_consultants_level_and_its_return(cast, api):
    consultant = make_user()
    join(consultant, cast.firm, role=Role.CONSULTANT, level=Level.READ_ONLY)
    client, place = api(consultant), _place(cast, consultant)
    people = f"/api/v1/firms/{cast.firm.public_id}/members"

    answers = [client.get(people).status_code]
    for level in ("full", "read_only"):
        assert api(cast.owner).patch(place, {"level": level}, format="json").status_code == 200
        answers.append(client.get(people).status_code)

    assert answers == [403, 200, 403]


def _deactivate(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def _sign_out_everywhere(person: User) -> None:
    end_all_sessions(user_id=person.pk, because="signed out everywhere", now=timezone.now())


@pytest.mark.parametrize("end", [_deactivate, _sign_out_everywhere])
def test_a_person_who_may_not_be_here_any_more_is_nobody(cast, api, end: Callable[[User], None]):
    client, firm = api(cast.colleague), f"/api/v1/firms/{cast.firm.public_id}"
    assert client.get(firm).status_code == 200

    end(cast.colleague)

    assert client.get(firm).status_code == 401
