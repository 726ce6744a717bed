"""Say something to somebody, once, as part of the caller's transaction."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

from apps.core.encryption import encrypt
from apps.core.tenancy import WrongTenant, acting_as, current_firm_id, tenant
from apps.notifications.contracts import (
    Category,
    Channel,
    ContextValue,
    DeliveryReference,
    OutsideAddress,
    PersonAt,
)
from apps.notifications.queries.preferences import wants_in_inbox
from apps.notifications.rules.catalogue import Kind, check_context, get_kind
from apps.notifications.services.ring import ring

# The message and its deliveries in one round trip; the inbox needs no delivery: there the message is the row itself.
_INSERT = """
WITH said AS (
    INSERT INTO notifications_notification (user_id, outside_email, firm_id, kind, in_app, sealed_context,
                                            sealed_address)
    VALUES (%(user)s, %(outside)s, %(firm)s, %(kind)s, %(in_app)s, %(sealed)s, %(elsewhere)s) RETURNING id
), promised AS (
    INSERT INTO notifications_delivery (notification_id, user_id, firm_id, kind, channel, status, attempts,
                                        vendor_message_id, address_digest, reason)
    SELECT said.id, %(user)s, %(firm)s, %(kind)s, channel, 'pending', 0, '', '', ''
    FROM said, unnest(%(channels)s::text[]) channel RETURNING id, channel
)
SELECT said.id, promised.id, promised.channel FROM said LEFT JOIN promised ON true
"""


def notify(
    *,
    recipient: int | PersonAt | OutsideAddress,
    kind: str,
    context: Mapping[str, ContextValue],
    firm_id: int | None = None,
) -> int:
    """Promise a message in the open transaction and wake a worker after commit; return the notification's id.

    recipient: a user's id, reached where their contact card says at the moment of sending; a person at another address
    than the card's, which is kept encrypted and gets nothing that may wait; or an outside address, for which `firm_id`
    is needed and its transaction open. context: exactly the names of the kind's sample. firm_id: the
    firm it is about. Rolled back with the caller. Raises UnknownKind, ContextDoesNotFit; RuntimeError without a
    transaction; WrongTenant inside another firm.
    """
    chosen = get_kind(kind)
    check_context(chosen, context)
    if not connection.in_atomic_block:
        raise RuntimeError("notify() belongs inside the transaction whose fact it tells")
    user_id, elsewhere = _person(recipient)
    channels = _channels(chosen, recipient)
    with _wall(user_id, firm_id):
        values = {
            "user": user_id,
            "outside": recipient.email if isinstance(recipient, OutsideAddress) else "",
            "firm": firm_id,
            "kind": chosen.key,
            "in_app": user_id is not None and not elsewhere and wants_in_inbox(user_id, chosen),
            "sealed": encrypt(json.dumps(dict(context))),
            "elsewhere": encrypt(elsewhere) if elsewhere else "",
            "channels": [channel.value for channel in channels],
        }
        return _promise(values, is_urgent=chosen.category is Category.SECURITY)


def _person(recipient: int | PersonAt | OutsideAddress) -> tuple[int | None, str]:
    """Return whose message it is, and where else than their card says they are reached with it."""
    if isinstance(recipient, OutsideAddress):
        return None, ""
    if isinstance(recipient, PersonAt):
        return recipient.user_id, recipient.email or recipient.phone
    return recipient, ""


def _channels(kind: Kind, recipient: int | PersonAt | OutsideAddress) -> list[Channel]:
    """Return how the message travels by a vendor; the inbox needs no delivery."""
    carried: list[Channel] = [channel for channel in kind.channels if channel is not Channel.IN_APP]
    if isinstance(recipient, OutsideAddress):
        return [channel for channel in carried if channel is Channel.EMAIL]
    if isinstance(recipient, int):
        return carried
    wanted = Channel.EMAIL if recipient.email else Channel.SMS
    if bool(recipient.email) is bool(recipient.phone) or wanted not in carried or kind.may_wait:
        raise ValueError(f"{kind.key} cannot go to one other address of a person")
    return [wanted]


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


def _promise(values: dict[str, Any], *, is_urgent: bool) -> int:
    """Write the rows and ring for each delivery. A code does not queue behind news."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        rows = cursor.fetchall()
    for _, delivery_id, channel in rows:
        if delivery_id is not None:
            reference = DeliveryReference(delivery_id, values["user"], values["firm"])
            ring(reference, queue="critical" if is_urgent else channel)
    notification_id: int = rows[0][0]
    return notification_id
