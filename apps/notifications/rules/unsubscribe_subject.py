"""What an unsubscribe link is about, as plain text that can be signed."""

from dataclasses import dataclass

from apps.notifications.errors import UnsubscribeLinkInvalid


@dataclass(frozen=True, slots=True)
class Subject:
    """Mails of one kind to one person, or, in a firm's name, to one outside address, known by its digest."""

    kind: str
    user_id: int | None = None
    firm_id: int | None = None
    address_digest: str = ""


def subject_to_text(subject: Subject) -> str:
    """Return the text to sign."""
    if subject.user_id is not None:
        return f"p:{subject.user_id}:{subject.kind}"
    return f"o:{subject.firm_id}:{subject.address_digest}:{subject.kind}"


def subject_from_text(text: str) -> Subject:
    """Read what `subject_to_text` wrote. Raises UnsubscribeLinkInvalid."""
    match text.split(":"):
        case ["p", user_id, kind] if user_id.isdigit():
            return Subject(kind, user_id=int(user_id))
        case ["o", firm_id, digest, kind] if firm_id.isdigit():
            return Subject(kind, firm_id=int(firm_id), address_digest=digest)
    raise UnsubscribeLinkInvalid
