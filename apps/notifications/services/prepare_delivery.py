"""Decide whether a message may go, to where, and in which words."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from apps.core.encryption import decrypt
from apps.notifications.contracts import (
    Category,
    Channel,
    Digest,
    Go,
    Hold,
    OutgoingMail,
    OutgoingSms,
    Reader,
    Skip,
    SuppressionReason,
)
from apps.notifications.errors import WordingRefused
from apps.notifications.models import ContactCard, Delivery
from apps.notifications.queries.preferences import decide, decide_outside
from apps.notifications.queries.suppressions import digest_of, list_reasons
from apps.notifications.rendering.email import render_email
from apps.notifications.rendering.sms import render_sms
from apps.notifications.rules.catalogue import Kind, get_kind
from apps.notifications.rules.masking import mask_address
from apps.notifications.services.delivery_lease import Claim, delivery_rows
from apps.notifications.services.unsubscribe import unsubscribe_address

Message = OutgoingMail | OutgoingSms
NotNow = Hold | Digest


@dataclass(frozen=True, slots=True)
class CannotGo:
    """It cannot be sent until a person mends something: there is no address, or the words do not hold."""

    reason: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The address must not be written to."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Target:
    delivery: Delivery
    kind: Kind
    address: str
    reader: Reader


def prepare_delivery(claimed: Claim, *, now: datetime) -> Message | NotNow | Skip | CannotGo | Suppressed:
    """Return the message to send, or why it does not go now.

    Asked in this order: is there an address, may it be written to, does the person want it, now. Notes on the delivery
    where it goes before anything is sent, so that the vendor's reports can be recognized.
    """
    with delivery_rows(claimed.reference):
        delivery = Delivery.objects.select_related("notification").get(pk=claimed.reference.delivery_id)
        target = _find_target(delivery)
        if isinstance(target, CannotGo | Skip):
            return target
        verdict = _judge(target, now)
        if not isinstance(verdict, Go):
            return verdict
        try:
            message, segments = _write(target)
        except WordingRefused as error:
            return CannotGo(f"the words do not hold: {error}")
        digest = digest_of(claimed.channel, target.address)
        Delivery.objects.filter(pk=delivery.pk).update(
            address_digest=digest, masked_address=mask_address(target.address)[:100], segments=segments
        )
    return message


def _find_target(delivery: Delivery) -> _Target | CannotGo | Skip:
    kind = get_kind(delivery.notification.kind)
    if delivery.user_id is None:
        return _Target(delivery, kind, delivery.notification.outside_email, Reader())
    card = ContactCard.objects.filter(user_id=delivery.user_id).first()
    if delivery.notification.sealed_address:
        return _Target(delivery, kind, decrypt(delivery.notification.sealed_address), _reader_of(card))
    if card is None:
        return CannotGo("there is no contact card")
    address = card.email if delivery.channel == Channel.EMAIL else card.phone
    if not address:
        return Skip("The recipient has given no number for text messages.")
    return _Target(delivery, kind, address, _reader_of(card))


def _reader_of(card: ContactCard | None) -> Reader:
    return Reader(zone=card.zone, locale=card.locale) if card else Reader()


def _judge(target: _Target, now: datetime) -> Go | NotNow | Skip | Suppressed:
    delivery, channel = target.delivery, Channel(target.delivery.channel)
    reasons = list_reasons(channel, target.address)
    if target.kind.category is Category.SECURITY:
        reasons &= {SuppressionReason.INVALID}  # what protects an account goes wherever it can arrive
    if reasons:
        return Suppressed(", ".join(sorted(reasons)))
    if delivery.user_id is not None:
        return decide(delivery.user_id, target.kind.key, channel, now)
    assert delivery.firm_id is not None
    return decide_outside(delivery.firm_id, digest_of(channel, target.address), target.kind.key)


def _write(target: _Target) -> tuple[Message, int | None]:
    delivery, kind = target.delivery, target.kind
    context = json.loads(decrypt(delivery.notification.sealed_context))
    if delivery.channel == Channel.SMS:
        sms = render_sms(kind, context, target.reader)
        return OutgoingSms(to=target.address, message_key=delivery.message_key, text=sms.text), sms.segments
    link = unsubscribe_address(delivery, target.address) if kind.may_refuse else ""
    reader = replace(target.reader, unsubscribe_address=link)
    mail = OutgoingMail(
        to=target.address,
        message_key=delivery.message_key,
        content=render_email(kind, context, reader),
        kind=kind.key,
        category=kind.category,
        unsubscribe_address=link,
        is_private=kind.category is Category.SECURITY,
    )
    return mail, None
