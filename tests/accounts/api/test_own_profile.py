"""One's own name, time zone, and language of dates and numbers."""

import pytest

from apps.accounts.services.contact_card import update_contact_card
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from apps.notifications.models import ContactCard
from tests.accounts.entering import ADDRESS, make_rita
from tests.accounts.factories import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    user = make_rita()
    update_contact_card(user_id=user.pk)
    return user


def _change(user, **body):
    return signed_in_client(user).patch("/api/v1/me", body, format="json")


def test_shows_and_changes_oneself_and_the_contact_card_follows(rita):
    answer = _change(rita, name="Rita M. Moreno", time_zone="Europe/Dublin", locale="en-IE")

    assert answer.status_code == 200
    shown = signed_in_client(rita).get("/api/v1/me").json()
    assert shown == answer.json()
    assert shown | {"id": 0, "created_at": ""} == {
        "id": 0,
        "email": ADDRESS,
        "name": "Rita M. Moreno",
        "time_zone": "Europe/Dublin",
        "locale": "en-IE",
        "created_at": "",
    }
    with acting_as(rita.pk):
        card = ContactCard.objects.get()
        trail = AuditEntry.objects.get(action="accounts.profile_changed")
    assert (card.email, card.zone, card.locale) == (ADDRESS, "Europe/Dublin", "en-IE")
    assert trail.details == {"fields": ["locale", "name", "zone"]}


def test_changes_only_what_is_named_and_records_only_what_changed(rita):
    assert _change(rita, locale="en-GB").json()["name"] == "Rita Moreno"
    assert _change(rita, locale="en-GB").status_code == 200
    assert _change(rita).status_code == 200

    with acting_as(rita.pk):
        assert AuditEntry.objects.filter(action="accounts.profile_changed").count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"name": None}, "/name"),
        ({"name": ["Rita"]}, "/name"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"time_zone": "../etc/passwd"}, "/time_zone"),
        ({"locale": "tlh"}, "/locale"),
        ({"name": "Rita", "locale": 7}, "/locale"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(rita, body, pointer):
    answer = _change(rita, **body)

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert signed_in_client(rita).get("/api/v1/me").json()["name"] == "Rita Moreno"


def test_an_address_is_not_changed_by_the_way(rita):
    assert _change(rita, email="thief@example.com", id=7, is_staff=True).json()["email"] == ADDRESS
