"""Mailgun's signed events, read by Anymail and put into our words."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.conf import settings
from django.http import HttpRequest

from apps.notifications.contracts import EventKind, SuppressionReason, VendorEvent
from apps.notifications.errors import CallbackNotSigned, CallbackTooOld, CallbackUnreadable

VENDOR = "mailgun"
WINDOW = timedelta(minutes=15)
_KINDS = {
    EventType.QUEUED: EventKind.SENT,
    EventType.DELIVERED: EventKind.DELIVERED,
    EventType.OPENED: EventKind.OPENED,
    EventType.CLICKED: EventKind.CLICKED,
    EventType.BOUNCED: EventKind.BOUNCED,
    EventType.REJECTED: EventKind.FAILED,
    EventType.COMPLAINED: EventKind.COMPLAINED,
    EventType.UNSUBSCRIBED: EventKind.UNSUBSCRIBED,
}
# Mailgun's words for a permanent failure that blames the address. Others (a full block list, a message too old, content
# refused) say nothing about the next mail. Source: Anymail 15.2's webhook view; it notes that they are undocumented.
_BAD_ADDRESS = ("bounce", "suppress-bounce")
# Siblings of `suppress-bounce` by name; not confirmed by a document.
_BLOCKED_BY_PERSON = {
    "suppress-complaint": SuppressionReason.COMPLAINT,
    "suppress-unsubscribe": SuppressionReason.STOP,
}


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """A verified event and its signature's token, by its digest: whoever takes the token first, takes the event.

    event: None where it says nothing we keep.
    """

    token_digest: str
    event: VendorEvent | None


def is_configured() -> bool:
    """Tell whether events can be verified. Anymail would fall back to the API key, which signs nothing."""
    return bool(settings.MAILGUN_WEBHOOK_SIGNING_KEY)


def read_event(request: HttpRequest, *, now: datetime) -> SignedEvent:
    """Verify an event and say it in our words.

    Mailgun signs time stamp and token only, and Anymail checks neither age nor reuse: the age is checked here, the
    token is the caller's to take. Raises CallbackNotSigned, CallbackTooOld, CallbackUnreadable.
    """
    view = MailgunTrackingWebhookView(webhook_signing_key=settings.MAILGUN_WEBHOOK_SIGNING_KEY)
    if request.content_type != "application/json":
        raise CallbackUnreadable("Events come as JSON.")
    try:
        view.validate_request(request)
    except (AnymailWebhookValidationFailure, TypeError, UnicodeEncodeError) as error:
        raise CallbackNotSigned from error
    body = json.loads(request.body)
    _check_age(body["signature"]["timestamp"], now)
    digest = hashlib.sha256(str(body["signature"]["token"]).encode()).hexdigest()
    try:
        (told,) = view.parse_events(request)
        return SignedEvent(digest, _in_our_words(told, body["event-data"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CallbackUnreadable(f"The event is not as documented ({type(error).__name__}).") from error


def _check_age(timestamp: Any, now: datetime) -> None:
    try:
        signed_at = datetime.fromtimestamp(int(timestamp), tz=UTC)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise CallbackTooOld from error
    if abs(now - signed_at) > WINDOW:
        raise CallbackTooOld


def _in_our_words(told: AnymailTrackingEvent, raw: dict[str, Any]) -> VendorEvent | None:
    kind = _KINDS.get(told.event_type)
    key = (told.metadata or {}).get("message_key")
    if kind is None or key is None:  # a passing delay, or a mail that is not ours
        return None
    reason = str(raw.get("reason") or "")
    if kind is EventKind.BOUNCED and reason not in _BAD_ADDRESS:
        kind = EventKind.FAILED
    happened_at: datetime = told.timestamp
    return VendorEvent(
        vendor=VENDOR,
        # Mailgun's ids are unique within a day.
        delivery_key=f"{happened_at:%Y-%m-%d}:{raw['id']}"[:200],
        kind=kind,
        address=str(told.recipient),
        happened_at=happened_at,
        message_key=UUID(str(key)),
        vendor_message_id=str(told.message_id or ""),
        code=(reason or str((raw.get("delivery-status") or {}).get("code") or ""))[:40],
        makes_unusable=_unusable(kind, reason),
    )


def _unusable(kind: EventKind, reason: str) -> SuppressionReason | None:
    if kind is EventKind.BOUNCED:
        return SuppressionReason.HARD_BOUNCE
    if kind is EventKind.COMPLAINED:
        return SuppressionReason.COMPLAINT
    if kind is EventKind.UNSUBSCRIBED:
        return SuppressionReason.STOP
    return _BLOCKED_BY_PERSON.get(reason) if kind is EventKind.FAILED else None
