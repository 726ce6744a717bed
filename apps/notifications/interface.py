"""The door of notifications, the lowest app: everybody above may speak through it."""

from apps.notifications.contracts import Category, Channel, OutsideAddress
from apps.notifications.errors import ContextDoesNotFit, InvalidContact, UnknownKind
from apps.notifications.services.notify import notify
from apps.notifications.services.set_contact import set_contact

__all__ = [
    "Category",
    "Channel",
    "ContextDoesNotFit",
    "InvalidContact",
    "OutsideAddress",
    "UnknownKind",
    "notify",
    "set_contact",
]
