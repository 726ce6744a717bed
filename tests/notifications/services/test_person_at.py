"""A person is reached at an address their contact card does not name, and nobody learns it."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import DeliveryReference, SuppressionReason
from apps.notifications.interface import Channel, OutsideAddress, PersonAt, notify, set_contact
from apps.notifications.models import Delivery, Notification
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.deliver import deliver
from apps.notifications.services.suppress import suppress
from tests.accounts.factories import make_user
from tests.notifications.factories import change_delivery, get_delivery

pytestmark = pytest.mark.django_db
CHANGED, CODE = "accounts.email_changed", "accounts.phone_code"
NEW, NUMBER = "Olivia@ash-and-birch.example", "+12125550142"


def _promise(ada, kind=CHANGED, **where):
    with transaction.atomic():
        said = notify(recipient=PersonAt(ada.pk, **where), kind=kind, context=get_kind(kind).sample)
    with acting_as(ada.pk):
        return DeliveryReference(Delivery.objects.get(notification_id=said).pk, user_id=ada.pk)


@pytest.fixture
def ada():
    user = make_user()
    set_contact(user_id=user.pk, email=user.email, phone="+12125550100", zone="America/New_York")
    return user


def test_goes_to_that_address_in_the_readers_own_zone_and_not_to_the_card(ada, mailoutbox):
    deliver(_promise(ada, email=NEW))

    assert [mail.to for mail in mailoutbox] == [[NEW]]
    assert "March 3, 2026, 4:15 PM EST" in mailoutbox[0].body


def test_is_in_no_inbox_though_the_kind_has_one(ada):
    _promise(ada, email=NEW)

    with acting_as(ada.pk):
        assert list(Notification.objects.values_list("in_app", flat=True)) == [False]


def test_a_text_goes_to_that_number(ada, twilio):
    deliver(_promise(ada, CODE, phone=NUMBER))

    assert [each["To"] for each in twilio.messages] == [NUMBER]


def test_the_address_is_kept_unreadable_behind_the_persons_wall(ada, cast):
    _promise(ada, email=NEW)

    with acting_as(ada.pk):
        row = Notification.objects.get()
    assert NEW not in str(vars(row))
    for wall in (acting_as(cast.owner.pk), tenant(cast.firm.firm_id)):
        with wall:
            assert not Notification.objects.exists()


def test_staff_are_shown_no_more_than_a_mask(ada, mailoutbox):
    reference = _promise(ada, email=NEW)
    deliver(reference)

    assert get_delivery(reference).masked_address == "O•••@a•••.example"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_column_privilege("
            "'smarterfirms_staff', 'notifications_notification', 'sealed_address', 'SELECT')"
        )
        assert cursor.fetchone() == (False,)


def test_a_retry_goes_there_too_whatever_became_of_the_card(ada, mailgun):
    mailgun.failures.append(500)
    reference = _promise(ada, email=NEW)
    deliver(reference)
    set_contact(user_id=ada.pk, email="elsewhere@example.com")
    change_delivery(reference, available_at="2020-01-01T00:00:00Z")

    deliver(reference)

    assert get_delivery(reference).status == "sent"
    assert [each["to"] for each in mailgun.messages] == [[NEW]]


def test_what_is_known_about_that_address_counts_and_what_about_the_cards_does_not(ada, mailoutbox):
    suppress(channel=Channel.EMAIL, address=ada.email, reason=SuppressionReason.INVALID)
    suppress(channel=Channel.EMAIL, address="nobody@example.com", reason=SuppressionReason.INVALID)

    good, bad = _promise(ada, email=NEW), _promise(ada, email="nobody@example.com")
    deliver(good)
    deliver(bad)

    assert (get_delivery(good).status, get_delivery(bad).status) == ("sent", "suppressed")
    assert len(mailoutbox) == 1


def test_reaches_somebody_whose_card_is_gone(mailoutbox):
    deliver(_promise(make_user(), email=NEW))

    assert [mail.to for mail in mailoutbox] == [[NEW]]


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        (CHANGED, {}),
        (CHANGED, {"email": NEW, "phone": NUMBER}),
        (CHANGED, {"phone": NUMBER}),
        (CODE, {"email": NEW}),
        ("reports.report_shared_with_you", {"email": NEW}),
    ],
)
def test_refuses_what_has_no_one_way_or_may_wait(ada, kind, where):
    with pytest.raises(ValueError, match="cannot go to one other address"):
        _promise(ada, kind, **where)


def test_the_database_keeps_such_a_message_out_of_inboxes_and_firms(ada, cast):
    _promise(ada, email=NEW)
    with pytest.raises(IntegrityError), acting_as(ada.pk):
        Notification.objects.update(in_app=True)

    with tenant(cast.firm.firm_id):
        invited = {"firm": "A", "inviter": "B", "role": "member", "expires_at": "2030-01-01T00:00:00+00:00"}
        context = {**invited, "address": "https://app.example.com/invitations/x"}
        outside = OutsideAddress("auditor@example.net")
        notify(recipient=outside, kind="accounts.invitation", context=context, firm_id=cast.firm.firm_id)
    with pytest.raises(IntegrityError), tenant(cast.firm.firm_id):
        Notification.objects.update(sealed_address="x")
