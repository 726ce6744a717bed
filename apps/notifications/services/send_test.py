"""Send a kind's sample to somebody who wants to look at it."""

from dataclasses import replace
from uuid import uuid4

from apps.core.errors import FieldFault, InvalidInput
from apps.notifications.contracts import (
    ANYBODY,
    Channel,
    OutgoingMail,
    OutgoingSms,
    Reader,
    RenderedMail,
    RenderedSms,
    Wording,
)
from apps.notifications.rendering.compose import compose_email, compose_sms
from apps.notifications.rendering.email import render_email
from apps.notifications.rendering.sms import render_sms
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.rules.kinds.kind import Kind
from apps.notifications.services.check_address import find_address_fault
from apps.notifications.vendors.email import send_email
from apps.notifications.vendors.sms import send_sms

_MARK = "[Test] "


def send_test(*, kind: str, channel: Channel, to: str, reader: Reader = ANYBODY, wording: Wording | None = None) -> str:
    """Send a kind with its sample, in these words or those now in use, marked as a test; return the vendor's id of it.

    Tried once, recorded nowhere: what the vendor reports about it is about no delivery of ours. Raises UnknownKind,
    InvalidInput for a wrong address or a channel the kind does not take, and what the vendor says.
    """
    chosen = get_kind(kind)
    if channel not in chosen.channels or channel is Channel.IN_APP:
        raise InvalidInput(f"{chosen.key} is not sent by {channel.value}.")
    if fault := find_address_fault(channel, to):
        raise InvalidInput(fault, faults=(FieldFault("/to", fault),))
    if channel is Channel.EMAIL:
        mail = compose_email(chosen, wording, chosen.sample, reader) if wording else None
        return _send_mail(chosen, to, mail or render_email(chosen, chosen.sample, reader))
    sms = compose_sms(chosen, wording, chosen.sample, reader) if wording else None
    return _send_sms(to, sms or render_sms(chosen, chosen.sample, reader))


def _send_mail(kind: Kind, to: str, content: RenderedMail) -> str:
    marked = replace(content, subject=_MARK + content.subject)
    mail = OutgoingMail(
        to=to, message_key=uuid4(), content=marked, kind=kind.key, category=kind.category, is_private=True
    )
    return send_email(mail)


def _send_sms(to: str, content: RenderedSms) -> str:
    return send_sms(OutgoingSms(to=to, message_key=uuid4(), text=_MARK + content.text))
