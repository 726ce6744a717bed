"""Things said to people, with the catalogue's own samples, and looks at what became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.tenancy import acting_as
from apps.notifications.contracts import DeliveryReference
from apps.notifications.interface import notify, set_contact
from apps.notifications.models import Delivery, Notification
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.set_preferences import Change, set_preferences

# May be refused, may wait, and travels by mail and inbox.
SHARED = "reports.report_shared_with_you"
# May be refused and asked for by text message too.
ALERT = "reports.alert_fired"
NEWS = "news.product"
SECURITY = "accounts.password_changed"


def reachable(user: User, *, zone: str = "UTC", phone: str | None = None) -> User:
    """A person with a contact card."""
    set_contact(user_id=user.pk, email=user.email, zone=zone, phone=phone)
    return user


def say(user: User, kind: str = SHARED, **context: Any) -> UUID:
    """Say something with its sample; return its name in the inbox."""
    with transaction.atomic():
        notification_id = notify(recipient=user.pk, kind=kind, context={**get_kind(kind).sample, **context})
    with acting_as(user.pk):
        return Notification.objects.get(pk=notification_id).public_id


def delivery_of(user: User, public_id: UUID, channel: str = "email") -> tuple[DeliveryReference, Delivery]:
    """The delivery of something said, as it is now."""
    with acting_as(user.pk):
        row = Delivery.objects.get(notification__public_id=public_id, channel=channel)
    return DeliveryReference(row.pk, user_id=user.pk), row


def choose(user: User, kind: str, channel: str, choice: str | None, *, now: datetime | None = None) -> None:
    """Make one choice."""
    set_preferences(user_id=user.pk, changes=[Change(kind, channel, choice)], now=now or timezone.now())
