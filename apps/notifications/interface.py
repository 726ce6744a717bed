"""The door of notifications, the lowest app: everybody above may speak through it."""

from apps.notifications.contracts import Category, Channel, NumberRefusal, OutsideAddress, PersonAt
from apps.notifications.errors import ContextDoesNotFit, InvalidContact, NumberNotVerifiable, UnknownKind
from apps.notifications.services.forget_person import forget_contact
from apps.notifications.services.notify import notify
from apps.notifications.services.set_contact import set_contact
from apps.notifications.services.verify_number import (
    cancel_verification,
    check_verification,
    start_verification,
    verifies_numbers,
)

__all__ = [
    "Category",
    "Channel",
    "ContextDoesNotFit",
    "InvalidContact",
    "NumberNotVerifiable",
    "NumberRefusal",
    "OutsideAddress",
    "PersonAt",
    "UnknownKind",
    "cancel_verification",
    "check_verification",
    "forget_contact",
    "notify",
    "set_contact",
    "start_verification",
    "verifies_numbers",
]
