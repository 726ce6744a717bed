"""Send words to the member of staff who looks at them, and to nobody else."""

from collections.abc import Mapping

from django.db import transaction

from apps.core import audit
from apps.core.errors import InvalidInput
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel
from apps.notifications.models import ContactCard
from apps.notifications.queries.contacts import get_reader
from apps.notifications.rendering.judge import judge_wording
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.send_test import send_test


def send_wording_test(
    *, kind: str, channel: Channel, parts: Mapping[str, str], staff_id: int, staff_email: str
) -> None:
    """Send these words with the kind's sample to the member of staff's own address or number, and audit it.

    Raises UnknownKind, WordingRefused, InvalidInput without a number of their own, and what the vendor says.
    """
    wording = judge_wording(get_kind(kind), channel, parts)
    to = staff_email if channel is Channel.EMAIL else _number_of(staff_id)
    send_test(kind=kind, channel=channel, to=to, reader=get_reader(staff_id), wording=wording)
    with transaction.atomic():
        audit.record("notifications.wording_tested", user_id=staff_id, target=f"{kind}/{channel}")


def _number_of(user_id: int) -> str:
    with acting_as(user_id):
        card = ContactCard.objects.filter(user_id=user_id).only("phone").first()
    if card is None or not card.phone:
        raise InvalidInput("Your own account has no number for text messages.")
    return card.phone
