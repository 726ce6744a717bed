"""What crosses the rooms and the door of notifications."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

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
    SMS = "sms"
    IN_APP = "in_app"


@dataclass(frozen=True, slots=True)
class OutsideAddress:
    """A recipient without an account, approved by the firm in whose name we write."""

    email: str


@dataclass(frozen=True, slots=True)
class PersonAt:
    """A person at an address their contact card does not name: a new one to be proved, or a former one to be warned.

    Exactly one of the two. The message is the person's own: it stands behind their wall and in no inbox.
    """

    user_id: int
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReference:
    """Where a delivery's row is found: behind the person's wall, or, for an outside address, behind the firm's."""

    delivery_id: int
    user_id: int | None = None
    firm_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom words are chosen: the zone and language of dates, and the page on which they may refuse such messages.

    unsubscribe_address: empty where the message may not be refused.
    """

    zone: str = "UTC"
    locale: str = "en-US"
    unsubscribe_address: str = ""


# Somebody of whom nothing is known.
ANYBODY = Reader()


@dataclass(frozen=True, slots=True)
class RenderedSms:
    """A text message, and how many segments it will be billed as."""

    text: str
    segments: int


@dataclass(frozen=True, slots=True)
class RenderedInApp:
    """A message of the inbox: one line, a few sentences, and where it leads (empty: nowhere)."""

    title: str
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one kind on one channel: its named parts, and the version they are (0: the file's own)."""

    kind: str
    channel: Channel
    parts: Mapping[str, str]
    version: int = 0


class WordingState(StrEnum):
    """Where a version of staff's words stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class WordingSummary:
    """A version of staff's words without the words."""

    version: int
    state: WordingState
    note: str
    author_id: int | None
    approver_id: int | None
    created_at: datetime
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A message in words: one line, plain text, and HTML with its styles inlined."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail ready to go. message_key: ours, the same at every try, so that a mailbox and the vendor's events can tell.

    unsubscribe_address: our page that takes one click, empty where the kind may not be refused. is_private: openings
    and clicks are not followed.
    """

    to: str
    message_key: UUID
    content: RenderedMail
    kind: str
    category: Category
    unsubscribe_address: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """A text message ready to go. to: E.164. message_key: ours, part of the address the vendor reports back to."""

    to: str
    message_key: UUID
    text: str


class SuppressionReason(StrEnum):
    """Why an address must not be written to."""

    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    STOP = "stop"
    INVALID = "invalid"


class EventKind(StrEnum):
    """What a vendor told us happened: to a message of ours, or what somebody wrote to our number."""

    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    BOUNCED = "bounced"
    FAILED = "failed"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class VendorEvent:
    """One verified callback in our words. delivery_key: names the callback among its vendor's.

    message_key: ours, None for a message somebody wrote to us. address: the other side's. code: the vendor's word for
    the reason. makes_unusable: what the event says about the address for good, if it does.
    """

    vendor: str
    delivery_key: str
    kind: EventKind
    address: str
    happened_at: datetime
    message_key: UUID | None = None
    vendor_message_id: str = ""
    code: str = ""
    makes_unusable: SuppressionReason | None = None


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """A mail that a development machine kept instead of sending it. name: unique in the outbox."""

    name: str
    sender: str
    to: str
    sent_at: datetime | None
    content: RenderedMail


@dataclass(frozen=True, slots=True)
class InboundSms:
    """A text message somebody sent to our number. stated_meaning: STOP, START or HELP if the vendor read it itself."""

    vendor_message_id: str
    address: str
    text: str
    stated_meaning: str = ""


@dataclass(frozen=True, slots=True)
class EventReference:
    """Where an event's row is found: behind the wall of its delivery, or by the address it came from."""

    event_id: int
    user_id: int | None
    firm_id: int | None
    address_digest: str


class Choice(StrEnum):
    """What a person wants of one kind on one channel. A digest gathers a day's mails into one."""

    ON = "on"
    OFF = "off"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Go:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Do not send it at all; reason: a sentence for the person and for staff."""

    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Ask again at `until` (UTC): the person's quiet hours end then."""

    until: datetime
    reason: str = "waits for the end of quiet hours"


@dataclass(frozen=True, slots=True)
class Digest:
    """Leave it to the person's next daily digest, which marks it; ask again at `until` (UTC) should it have not."""

    until: datetime
    reason: str = "waits for the daily digest"


Decision = Go | Skip | Hold | Digest


class Box(StrEnum):
    """Which part of an inbox."""

    INBOX = "inbox"
    UNREAD = "unread"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One notification as its person sees it in the inbox. link: empty where it leads nowhere."""

    id: UUID
    kind: str
    category: str
    label: str
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """How many are unread: exactly, or, where `is_more`, at least so many."""

    count: int
    is_more: bool


class NumberRefusal(StrEnum):
    """Why a vendor sends no code to a number: it takes none, the vendor blocks it, or it was sent too many."""

    NO_TEXTS = "no_texts"
    BLOCKED = "blocked"
    TOO_MANY = "too_many"
