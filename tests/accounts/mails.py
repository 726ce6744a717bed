"""What was promised to be sent, read from the rows of notifications."""

import json
from typing import Any

from apps.accounts.contracts import FirmProfile
from apps.accounts.models import User
from apps.core.encryption import decrypt
from apps.core.tenancy import acting_as, tenant
from apps.notifications.models import Notification


def told(user: User) -> list[str]:
    """The kinds of messages promised to a person, in order."""
    with acting_as(user.pk):
        return list(Notification.objects.filter(user_id=user.pk).order_by("pk").values_list("kind", flat=True))


def last_told(user: User, kind: str) -> dict[str, Any]:
    """The words of the latest message of a kind to a person."""
    with acting_as(user.pk):
        message = Notification.objects.filter(user_id=user.pk, kind=kind).order_by("pk").last()
    assert message is not None
    words: dict[str, Any] = json.loads(decrypt(message.sealed_context))
    return words


def invitation_token(firm: FirmProfile, email: str) -> str:
    """The token in the latest invitation mailed to an address."""
    with tenant(firm.firm_id):
        message = Notification.objects.filter(outside_email=email, kind="accounts.invitation").order_by("pk").last()
    assert message is not None
    address: str = json.loads(decrypt(message.sealed_context))["address"]
    return address.rpartition("/")[2]
