"""Send one promised message: claim its row, send outside any transaction, write down how it went."""

import json
import logging
import random
from datetime import datetime, timedelta

from django.utils import timezone

from apps.core.encryption import decrypt
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.notifications.contracts import DeliveryReference, OutgoingMail
from apps.notifications.models import ContactCard, Delivery
from apps.notifications.rendering.mail import render_mail
from apps.notifications.rules.backoff import MOST_ATTEMPTS, retry_delay_seconds
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.delivery_lease import (
    Claim,
    claim_delivery,
    delivery_rows,
    mark_dead,
    mark_sent,
    put_back,
)
from apps.notifications.vendors.email import send_email

logger = logging.getLogger(__name__)


def deliver(reference: DeliveryReference) -> datetime | None:
    """Send a delivery that is due and free; return when to try again, or None when there is nothing more to do.

    Called twice, it sends once. A worker killed before the mail service had the mail loses nothing: the lease runs out
    and the sweeper rings again. Killed between the service's yes and our note of it, the mail goes twice, under one
    Message-ID: whether that yes was given is unknowable here.
    """
    claimed = claim_delivery(reference)
    if claimed is None:
        return None
    if claimed.attempts > MOST_ATTEMPTS:  # each of them cut off: it may be the mail that kills its workers
        _give_up(claimed, f"gave up after {MOST_ATTEMPTS} tries")
        return None
    mail = _write(reference)
    if mail is None:
        _give_up(claimed, "there is no contact card")
        return None
    return _send(claimed, mail)


def _write(reference: DeliveryReference) -> OutgoingMail | None:
    with delivery_rows(reference):
        delivery = Delivery.objects.select_related("notification").get(pk=reference.delivery_id)
        address = _find_address(delivery)
    if not address:
        return None
    context = json.loads(decrypt(delivery.notification.sealed_context))
    content = render_mail(get_kind(delivery.notification.kind), context)
    return OutgoingMail(to=address, message_id=str(delivery.message_key), content=content)


def _find_address(delivery: Delivery) -> str:
    if delivery.user_id is None:
        return delivery.notification.outside_email
    card = ContactCard.objects.filter(user_id=delivery.user_id).first()
    return card.email if card else ""


def _send(claimed: Claim, mail: OutgoingMail) -> datetime | None:
    try:
        send_email(mail)
    except VendorRejected as error:
        _give_up(claimed, error.detail)
        return None
    except VendorUnavailable as error:
        return _try_again(claimed, error)
    mark_sent(claimed)
    ids = {"delivery_id": claimed.reference.delivery_id, "attempts": claimed.attempts}
    logger.info("notifications.sent", extra=ids)
    return None


def _give_up(claimed: Claim, reason: str) -> None:
    mark_dead(claimed, reason)
    logger.error(
        "notifications.dead", extra={"delivery_id": claimed.reference.delivery_id, "attempts": claimed.attempts}
    )


def _try_again(claimed: Claim, error: VendorUnavailable) -> datetime | None:
    if claimed.attempts >= MOST_ATTEMPTS:
        _give_up(claimed, error.detail)
        return None
    delay = retry_delay_seconds(claimed.attempts, jitter=random.random())  # noqa: S311 - spreads retries, no secret
    put_back(claimed, delay_seconds=delay, reason=error.detail)
    return timezone.now() + timedelta(seconds=delay)
