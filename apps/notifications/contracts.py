"""What crosses the rooms and the door of notifications."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# What a caller may put into a message. Plain values only: templates walk no attributes and call nothing.
ContextValue = str | int | bool


class Category(StrEnum):
    """Why we write. Security always goes; marketing goes only to those who asked."""

    SECURITY = "security"
    TRANSACTIONAL = "transactional"
    ALERT = "alert"
    SYSTEM = "system"
    MARKETING = "marketing"


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class OutsideAddress:
    """A recipient without an account, approved by the firm in whose name we write."""

    email: str


@dataclass(frozen=True, slots=True)
class DeliveryReference:
    """Where a delivery's row is found: behind the person's wall, or, for an outside address, behind the firm's."""

    delivery_id: int
    user_id: int | None = None
    firm_id: int | None = None


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A message in words: one line, plain text, and HTML with its styles inlined."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail ready to go. message_id: without angle brackets, the same at every try, so that a mailbox can tell."""

    to: str
    message_id: str
    content: RenderedMail


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """A mail that a development machine kept instead of sending it. name: unique in the outbox."""

    name: str
    sender: str
    to: str
    sent_at: datetime | None
    content: RenderedMail
