"""The contact card is replaced as a whole, and only by something that can be right."""

import pytest

from apps.core.tenancy import acting_as
from apps.notifications.interface import InvalidContact, set_contact
from apps.notifications.models import ContactCard
from tests.accounts.factories import make_user
from tests.notifications.factories import count_rows

pytestmark = pytest.mark.django_db


def test_the_last_card_counts():
    ada = make_user()

    set_contact(user_id=ada.pk, email="old@example.com", phone="+12125550100", zone="America/New_York")
    set_contact(user_id=ada.pk, email="new@example.com", locale="en-CA")

    with acting_as(ada.pk):
        card = ContactCard.objects.get()
    assert (card.email, card.phone, card.zone, card.locale) == ("new@example.com", "", "UTC", "en-CA")


def test_names_every_fault_and_keeps_the_old_card():
    ada = make_user()
    set_contact(user_id=ada.pk, email="old@example.com")

    with pytest.raises(InvalidContact) as caught:
        set_contact(user_id=ada.pk, email="nowhere", phone="0212 555 01", zone="Mars/Base")

    assert [fault.pointer for fault in caught.value.faults] == ["/email", "/phone", "/zone"]
    with acting_as(ada.pk):
        assert ContactCard.objects.get().email == "old@example.com"


def test_nobody_else_sees_it():
    ada, eve = make_user("Ada"), make_user("Eve")

    set_contact(user_id=ada.pk, email="ada@example.com")

    with acting_as(eve.pk):
        assert count_rows("notifications_contactcard") == 0
    assert count_rows("notifications_contactcard") == 0
