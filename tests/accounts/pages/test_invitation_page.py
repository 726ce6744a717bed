"""The page behind a mailed invitation."""

import pytest
from django.test import Client

from apps.accounts.models import Membership, User
from apps.core.tenancy import tenant
from tests.accounts.factories import PASSWORD, TICKED, make_user
from tests.accounts.mails import invitation_token

pytestmark = pytest.mark.django_db
_EMAIL = "cole@example.com"


@pytest.fixture
def page(cast, api):
    """The address of the page of an invitation just mailed."""
    place = {"email": _EMAIL, "role": "member", "scope": "self"}
    assert (
        api(cast.owner).post(f"/api/v1/firms/{cast.firm.public_id}/invitations", place, format="json").status_code
        == 201
    )
    return f"/invitations/{invitation_token(cast.firm, _EMAIL)}"


def _members(cast) -> int:
    with tenant(cast.firm.firm_id):
        return Membership.objects.filter(user__email=_EMAIL, status="active").count()


def test_opening_it_shows_the_offer_and_accepts_nothing(cast, page):
    answer = Client().get(page)

    assert answer.status_code == 200
    assert "Ash &amp; Birch LLP" in answer.content.decode()
    assert _EMAIL in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert _members(cast) == 0


def test_a_new_person_joins_with_name_and_password(cast, page):
    answer = Client().post(page, {"name": "Cole League", "password": PASSWORD, "agreed": TICKED})

    assert answer.status_code == 200
    assert "You belong to" in answer.content.decode()
    assert User.objects.get(email=_EMAIL).check_password(PASSWORD)
    assert _members(cast) == 1


def test_a_weak_password_is_said_at_its_field_and_joins_nobody(cast, page):
    answer = Client().post(page, {"name": "Cole League", "password": "password1234", "agreed": TICKED})

    assert answer.status_code == 400
    assert _members(cast) == 0
    assert not User.objects.filter(email=_EMAIL).exists()


def test_somebody_with_an_account_is_led_to_sign_in(cast, page):
    person = make_user()
    person.set_password(PASSWORD)
    person.email = _EMAIL
    person.save()

    answer = Client().get(page)

    assert "/sign-in?next=" in answer.content.decode()
    assert 'name="password"' not in answer.content.decode()


def test_a_used_link_says_so(cast, page):
    Client().post(page, {"name": "Cole League", "password": PASSWORD, "agreed": TICKED})

    answer = Client().post(page, {"name": "Cole League", "password": PASSWORD, "agreed": TICKED})

    assert answer.status_code == 400
    assert "no longer works" in answer.content.decode()
    assert _members(cast) == 1


@pytest.mark.parametrize("token", ["x", "%00", "%ED%A0%80", "a" * 500])
def test_rubbish_is_no_500(db, token):
    assert Client().get(f"/invitations/{token}").status_code in (400, 404)
