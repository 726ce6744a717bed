"""Say something to somebody, once, as part of the caller's transaction."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

from apps.core.encryption import encrypt
from apps.core.tenancy import WrongTenant, acting_as, current_firm_id, tenant
from apps.notifications.contracts import Category, Channel, ContextValue, DeliveryReference, OutsideAddress
from apps.notifications.models import Delivery, Notification
from apps.notifications.queries.preferences import wants_in_inbox
from apps.notifications.rules.catalogue import check_context, get_kind
from apps.notifications.services.ring import ring


def notify(
    *, recipient: int | OutsideAddress, kind: str, context: Mapping[str, ContextValue], firm_id: int | None = None
) -> int:
    """Promise a message in the open transaction and wake a worker after commit; return the notification's id.

    recipient: a user's id, reached where their contact card says at the moment of sending, or an outside address, for
    which `firm_id` is needed and its transaction open. context: exactly the names of the kind's sample. firm_id: the
    firm it is about. Rolled back with the caller. Raises UnknownKind, ContextDoesNotFit; RuntimeError without a
    transaction; WrongTenant inside another firm.
    """
    chosen = get_kind(kind)
    check_context(chosen, context)
    if not connection.in_atomic_block:
        raise RuntimeError("notify() belongs inside the transaction whose fact it tells")
    user_id = None if isinstance(recipient, OutsideAddress) else recipient
    with _wall(user_id, firm_id):
        notification = Notification.objects.create(
            user_id=user_id,
            outside_email=recipient.email if isinstance(recipient, OutsideAddress) else "",
            firm_id=firm_id,
            kind=chosen.key,
            in_app=user_id is not None and wants_in_inbox(user_id, chosen),
            sealed_context=encrypt(json.dumps(dict(context))),
        )
        for channel in chosen.channels:
            if channel is Channel.EMAIL or (channel is Channel.SMS and user_id is not None):
                _promise(notification, channel, is_urgent=chosen.category is Category.SECURITY)
    return notification.pk


@contextmanager
def _wall(user_id: int | None, firm_id: int | None) -> Iterator[None]:
    """Stand behind the wall the rows will be behind. It joins the caller's transaction, whatever firm that is in."""
    if firm_id is not None and current_firm_id() not in (None, firm_id):
        raise WrongTenant(f"notify about firm {firm_id} inside firm {current_firm_id()}")
    if user_id is not None:
        with acting_as(user_id):
            yield
    elif firm_id is not None and current_firm_id() == firm_id:
        with tenant(firm_id):
            yield
    else:
        raise WrongTenant("an outside address is written to in the name of the firm whose transaction is open")


def _promise(notification: Notification, channel: Channel, *, is_urgent: bool) -> None:
    """The inbox needs no delivery: there the notification itself is the message. A code does not queue behind news."""
    delivery = Delivery.objects.create(
        notification=notification,
        user_id=notification.user_id,
        firm_id=notification.firm_id,
        kind=notification.kind,
        channel=channel,
    )
    reference = DeliveryReference(delivery.pk, notification.user_id, notification.firm_id)
    ring(reference, queue="critical" if is_urgent else channel)
