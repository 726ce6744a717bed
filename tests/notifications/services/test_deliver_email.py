"""A mail carries what mailboxes, the vendor and the law expect, and goes to nobody who must not get it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.tenancy import tenant
from apps.notifications.contracts import Channel, DeliveryReference, SuppressionReason
from apps.notifications.interface import OutsideAddress, notify
from apps.notifications.models import Delivery
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.apply_events import apply_due_events
from apps.notifications.services.deliver import deliver
from apps.notifications.services.suppress import lift_suppression, suppress
from apps.notifications.services.unsubscribe import unsubscribe
from tests.accounts.factories import make_user
from tests.fakes.mailgun import event, sign
from tests.fakes.vendor import Fault
from tests.notifications.factories import change_delivery, get_delivery, promise

pytestmark = pytest.mark.django_db
REFUSABLE, SECURITY, ORDINARY = "reports.scheduled_report", "accounts.password_reset", "accounts.welcome"


def test_a_refusable_kind_is_refused_with_one_click(mailgun, settings):
    ada = make_user()

    deliver(promise(ada, REFUSABLE))

    (message,) = mailgun.messages
    address = message["h:List-Unsubscribe"][0].strip("<>")
    assert address.startswith(f"{settings.PUBLIC_BASE_URL}/notifications/unsubscribe/")
    assert message["h:List-Unsubscribe-Post"] == ["List-Unsubscribe=One-Click"]
    assert address in message["text"][0]
    unsubscribe(token=address.rpartition("/")[2], now=timezone.now())
    later = promise(ada, REFUSABLE)
    deliver(later)
    assert (len(mailgun.messages), get_delivery(later).status) == (1, "skipped")


@pytest.mark.parametrize("kind", [SECURITY, ORDINARY])
def test_what_may_not_be_refused_offers_no_way_to(mailgun, kind):
    deliver(promise(make_user(), kind))

    (message,) = mailgun.messages
    assert not [name for name in message if "unsubscribe" in name.lower()]


def test_is_tagged_and_named_for_the_vendors_events(mailgun):
    reference = promise(make_user(), REFUSABLE)

    deliver(reference)

    (message,) = mailgun.messages
    delivery = get_delivery(reference)
    assert message["o:tag"] == [REFUSABLE, "transactional"]
    assert message["v:message_key"] == [str(delivery.message_key)]
    assert message["o:tracking-opens"] == ["yes"]
    assert delivery.vendor_message_id == message["h:Message-Id"][0]
    assert (delivery.kind, delivery.masked_address) == (REFUSABLE, "p•••@e•••.com")


def test_nobody_follows_the_clicks_of_a_security_mail(mailgun):
    deliver(promise(make_user(), SECURITY))

    (message,) = mailgun.messages
    assert (message["o:tracking-opens"], message["o:tracking-clicks"]) == (["no"], ["no"])


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_an_address_on_the_list_gets_nothing(mailgun, reason):
    ada = make_user()
    suppress(channel=Channel.EMAIL, address=ada.email.upper(), reason=reason)
    reference = promise(ada, ORDINARY)

    assert deliver(reference) is None

    assert mailgun.requests == 0
    assert (get_delivery(reference).status, get_delivery(reference).reason) == ("suppressed", reason.value)


@pytest.mark.parametrize(
    ("reason", "status"), [("hard_bounce", "sent"), ("complaint", "sent"), ("stop", "sent"), ("invalid", "suppressed")]
)
def test_what_protects_an_account_goes_wherever_it_can_arrive(mailgun, reason, status):
    ada = make_user()
    suppress(channel=Channel.EMAIL, address=ada.email, reason=SuppressionReason(reason))
    reference = promise(ada, SECURITY)

    deliver(reference)

    assert get_delivery(reference).status == status


def test_another_channel_and_a_lifted_reason_do_not_count(mailgun):
    ada = make_user()
    suppress(channel=Channel.SMS, address=ada.email, reason=SuppressionReason.STOP)
    suppress(channel=Channel.EMAIL, address=ada.email, reason=SuppressionReason.STOP)
    lift_suppression(channel=Channel.EMAIL, address=ada.email, reason=SuppressionReason.STOP)
    reference = promise(ada, ORDINARY)

    deliver(reference)

    assert get_delivery(reference).status == "sent"


def test_an_address_mailgun_calls_invalid_is_not_written_to_again(mailgun):
    ada = make_user()
    first, second = promise(ada, ORDINARY), promise(ada, ORDINARY)
    mailgun.invalid.add(ada.email)

    deliver(first)
    deliver(second)

    assert (get_delivery(first).status, get_delivery(second).status) == ("dead", "suppressed")
    assert mailgun.requests == 1


def test_an_outside_address_is_refused_for_its_firm(cast, mailgun):
    firm_id = cast.firm.firm_id
    outside = OutsideAddress("auditor@example.net")

    def promise_outside() -> DeliveryReference:
        with tenant(firm_id):
            context = get_kind(REFUSABLE).sample
            told = notify(recipient=outside, kind=REFUSABLE, context=context, firm_id=firm_id)
            return DeliveryReference(Delivery.objects.get(notification_id=told).pk, firm_id=firm_id)

    deliver(promise_outside())
    address = mailgun.messages[0]["h:List-Unsubscribe"][0].strip("<>")
    unsubscribe(token=address.rpartition("/")[2], now=timezone.now())
    deliver(promise_outside())

    assert len(mailgun.messages) == 1


def test_a_mail_taken_without_an_answer_is_not_sent_again_once_the_vendor_reports_it(mailgun, call_back):
    reference = promise(make_user(), ORDINARY)
    mailgun.failures.append(Fault(is_taken=True, after_seconds=2.2))
    assert deliver(reference) is not None

    assert call_back(sign(event(mailgun.messages[0], "delivered"))).status_code == 200
    apply_due_events()
    change_delivery(reference, available_at=Now())
    deliver(reference)

    assert len(mailgun.messages) == 1
    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("delivered", 1)


def test_waits_as_long_as_the_vendor_asks(mailgun):
    reference = promise(make_user(), ORDINARY)
    mailgun.failures.append(Fault(429, {"Retry-After": "300"}))
    begun = timezone.now()

    deliver(reference)

    assert begun <= get_delivery(reference).available_at - timedelta(seconds=300) <= timezone.now()
