"""Refuse mails of one kind by the link in them, and take that back; no log-in, because the link is the key."""

from datetime import datetime
from typing import Any

from apps.core import audit
from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import Channel, Choice
from apps.notifications.models import ContactCard, Delivery, OutsideRefusal
from apps.notifications.queries.suppressions import digest_of
from apps.notifications.queries.unsubscribe import Refusal, find_refusal, page_address, read_token
from apps.notifications.rules.unsubscribe_subject import Subject
from apps.notifications.services.set_preferences import Change, set_preferences


def unsubscribe_address(delivery: Delivery, address: str) -> str:
    """Return the page on which the recipient of a delivery refuses more of its kind, with one click."""
    if delivery.user_id is not None:
        return page_address(Subject(delivery.kind, user_id=delivery.user_id))
    digest = digest_of(Channel.EMAIL, address)
    return page_address(Subject(delivery.kind, firm_id=delivery.firm_id, address_digest=digest))


def unsubscribe(*, token: str, now: datetime) -> Refusal:
    """Send no more mails of the kind to whom the token names; return how it stands then. Twice is once.

    Raises UnsubscribeLinkInvalid.
    """
    return _turn(token, now, Choice.OFF)


def resubscribe(*, token: str, now: datetime) -> Refusal:
    """Take `unsubscribe` back. Raises UnsubscribeLinkInvalid."""
    return _turn(token, now, Choice.ON)


def _turn(token: str, now: datetime, choice: Choice) -> Refusal:
    refusal = find_refusal(read_token(token))
    if refusal.is_refused is not (choice is Choice.OFF):
        _write(refusal.subject, choice, now)
    return find_refusal(refusal.subject)


def _write(subject: Subject, choice: Choice, now: datetime) -> None:
    action = "notifications.unsubscribed" if choice is Choice.OFF else "notifications.resubscribed"
    if subject.user_id is not None:
        with acting_as(subject.user_id):
            if not ContactCard.objects.filter(user_id=subject.user_id).exists():
                return  # the account is gone, and with it every mail
            change = Change(subject.kind, Channel.EMAIL.value, choice.value)
            set_preferences(user_id=subject.user_id, changes=[change], now=now)
            audit.record(action, user_id=subject.user_id, target=subject.kind)
    elif subject.firm_id is not None:
        with tenant(subject.firm_id):
            _write_outside(subject, choice)
            audit.record(action, firm_id=subject.firm_id, target=subject.kind)


def _write_outside(subject: Subject, choice: Choice) -> None:
    row: dict[str, Any] = {
        "firm_id": subject.firm_id,
        "address_digest": subject.address_digest,
        "kind": subject.kind,
    }
    if choice is Choice.OFF:
        OutsideRefusal.objects.get_or_create(**row)
    else:
        OutsideRefusal.objects.filter(**row).delete()
