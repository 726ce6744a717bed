"""Links by which mails are refused without signing in, and what they would change."""

import base64
import binascii
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import Channel, Choice
from apps.notifications.errors import UnknownKind, UnsubscribeLinkInvalid
from apps.notifications.models import ContactCard, OutsideRefusal
from apps.notifications.queries.preferences import read_choices
from apps.notifications.rules.catalogue import KINDS, Kind, get_kind
from apps.notifications.rules.choices import DIGEST_KIND, choice_of, gathers
from apps.notifications.rules.masking import mask_address
from apps.notifications.rules.unsubscribe_subject import Subject, subject_from_text, subject_to_text

_LONGEST_TOKEN = 400
# The separator of the signature; a link ends at none of these signs wherever it is pasted.
_SALT, _SEPARATOR = "notifications.unsubscribe", "."


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a link is about and how it stands. gathered: labels of the kinds that go with it when it is the digest.

    masked_address: empty for outside addresses and for people who are gone.
    """

    subject: Subject
    kind: Kind
    is_refused: bool
    masked_address: str
    gathered: tuple[str, ...]
    stays_in_inbox: bool


def make_token(subject: Subject) -> str:
    """Return what names the subject in an address: signed, so that nobody can make one for somebody else."""
    plain = base64.urlsafe_b64encode(subject_to_text(subject).encode()).decode().rstrip("=")
    return _signer().sign(plain)


def read_token(token: str) -> Subject:
    """Return the subject of a token of ours. It never expires: old mails must keep their way out.

    Raises UnsubscribeLinkInvalid.
    """
    try:
        plain = _signer().unsign(token[:_LONGEST_TOKEN])
        return subject_from_text(base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4)).decode())
    except (signing.BadSignature, binascii.Error, UnicodeDecodeError) as error:
        raise UnsubscribeLinkInvalid from error


def page_address(subject: Subject) -> str:
    """Return the page that takes one click: for the footer of a mail and for `List-Unsubscribe`."""
    return f"{settings.PUBLIC_BASE_URL}/notifications/unsubscribe/{make_token(subject)}"


def choices_address(user_id: int) -> str:
    """Return the page on which a person chooses which mails they get."""
    token = choices_token(Subject(DIGEST_KIND, user_id=user_id))
    return f"{settings.PUBLIC_BASE_URL}/notifications/choices/{token}"


def choices_token(subject: Subject) -> str:
    """Return the token of a person's page of choices, empty for outside addresses: they have one kind each."""
    return make_token(Subject("", user_id=subject.user_id)) if subject.user_id is not None else ""


def read_choices_token(token: str) -> int:
    """Return whose page of choices it is; a mail's own link opens it too. Raises UnsubscribeLinkInvalid."""
    subject = read_token(token)
    if subject.user_id is None:
        raise UnsubscribeLinkInvalid
    with acting_as(subject.user_id, read_only=True):
        if not ContactCard.objects.filter(user_id=subject.user_id).exists():
            raise UnsubscribeLinkInvalid  # the account is gone
    return subject.user_id


def find_refusal(subject: Subject) -> Refusal:
    """Return what a link would change and how it stands now. Raises UnsubscribeLinkInvalid for kinds not refusable."""
    try:
        kind = get_kind(subject.kind)
    except UnknownKind as error:
        raise UnsubscribeLinkInvalid from error
    if not kind.may_refuse:
        raise UnsubscribeLinkInvalid
    return _of_person(subject, kind, subject.user_id) if subject.user_id is not None else _of_outside(subject, kind)


def _signer() -> signing.Signer:
    """With the keys that can be rotated: a link in last month's mail must not end with a key."""
    keys: list[str | bytes] = [*settings.ENCRYPTION_KEYS]
    return signing.Signer(key=keys[0], fallback_keys=keys[1:], salt=_SALT, sep=_SEPARATOR)


def _of_person(subject: Subject, kind: Kind, user_id: int) -> Refusal:
    chosen = read_choices(user_id)
    with acting_as(user_id, read_only=True):
        email = ContactCard.objects.filter(user_id=user_id).values_list("email", flat=True).first()
    gathered = [other.label for other in KINDS if kind.key == DIGEST_KIND and gathers(other, chosen)]
    return Refusal(
        subject=subject,
        kind=kind,
        is_refused=choice_of(kind, Channel.EMAIL, chosen) is Choice.OFF,
        masked_address=mask_address(email or ""),
        gathered=tuple(gathered),
        stays_in_inbox=Channel.IN_APP in kind.channels and choice_of(kind, Channel.IN_APP, chosen) is Choice.ON,
    )


def _of_outside(subject: Subject, kind: Kind) -> Refusal:
    assert subject.firm_id is not None
    with tenant(subject.firm_id, read_only=True):
        rows = OutsideRefusal.objects.filter(
            firm_id=subject.firm_id, address_digest=subject.address_digest, kind=kind.key
        )
        is_refused = rows.exists()
    return Refusal(subject, kind, is_refused, masked_address="", gathered=(), stays_in_inbox=False)
