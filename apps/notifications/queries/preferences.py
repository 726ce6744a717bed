"""What a person wants to hear: one decision for one message, and the whole matrix."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.core.tenancy import acting_as
from apps.notifications.contracts import Category, Channel, Choice, Decision, Digest, Go, Hold, Skip
from apps.notifications.models import ContactCard, DigestSchedule, OutsideRefusal, Preference, QuietHours
from apps.notifications.rules.catalogue import Kind, get_kind
from apps.notifications.rules.choices import DIGEST_KIND, choice_of
from apps.notifications.rules.quiet_hours import QuietWindow, end_of_quiet

_REFUSED = Skip("The recipient does not want messages of this kind on this channel.")
_REFUSED_DIGEST = Skip("The recipient wants neither this message by itself nor the daily digest it would be part of.")
_REFUSED_OUTSIDE = Skip("The recipient unsubscribed from messages of this kind.")

# A digest that is late is still the one to go with; only then does a message look for another way.
_DIGEST_MAY_BE_LATE = timedelta(hours=1)

Chosen = Mapping[tuple[str, str], str]


def decide(user_id: int, kind: str, channel: Channel, now: datetime) -> Decision:
    """Say whether a person's message goes now, waits, or does not go. now: UTC. Raises UnknownKind.

    Security goes always, at once and unasked; so does what may neither be refused nor wait.
    """
    said = get_kind(kind)
    if said.category is Category.SECURITY or not (said.may_refuse or said.may_wait):
        return Go()
    with acting_as(user_id):
        chosen = _chosen(user_id, kinds=(said.key, DIGEST_KIND))
        choice = choice_of(said, channel, chosen)
        if choice is Choice.OFF:
            return _REFUSED
        if choice is Choice.DIGEST:
            return _with_digest(user_id, now, chosen)
        return _after_quiet(user_id, now) if said.may_wait and channel is not Channel.IN_APP else Go()


def decide_outside(firm_id: int, address_digest: str, kind: str) -> Decision:
    """Say whether an outside address still wants messages of this kind in the firm's name; inside its transaction."""
    refused = OutsideRefusal.objects.filter(firm_id=firm_id, address_digest=address_digest, kind=kind)
    return _REFUSED_OUTSIDE if get_kind(kind).may_refuse and refused.exists() else Go()


def wants_in_inbox(user_id: int, kind: Kind) -> bool:
    """Say, when something is said, whether it appears in a person's inbox. No query where there is no choice."""
    if Channel.IN_APP not in kind.channels:
        return False
    if not kind.may_refuse:
        return True
    with acting_as(user_id):
        return choice_of(kind, Channel.IN_APP, _chosen(user_id, kinds=(kind.key,))) is Choice.ON


def read_choices(user_id: int) -> Chosen:
    """Return a person's own choices, `{(kind, channel): choice}`; defaults are not among them."""
    with acting_as(user_id, read_only=True):
        return _chosen(user_id)


def find_quiet_window(user_id: int) -> QuietWindow | None:
    """Return a person's quiet hours, or None for "never"."""
    with acting_as(user_id):
        row = QuietHours.objects.filter(user_id=user_id).first()
    return QuietWindow(row.starts_at, row.ends_at) if row else None


def get_zone(user_id: int) -> str:
    """Return the zone of a person's contact card, UTC for people without one."""
    with acting_as(user_id):
        return ContactCard.objects.filter(user_id=user_id).values_list("zone", flat=True).first() or "UTC"


def _chosen(user_id: int, *, kinds: tuple[str, ...] = ()) -> dict[tuple[str, str], str]:
    rows = Preference.objects.filter(user_id=user_id)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return {(kind, channel): choice for kind, channel, choice in rows.values_list("kind", "channel", "choice")}


def _with_digest(user_id: int, now: datetime, chosen: Chosen) -> Decision:
    if choice_of(get_kind(DIGEST_KIND), Channel.EMAIL, chosen) is Choice.OFF:
        return _REFUSED_DIGEST
    next_at = DigestSchedule.objects.filter(user_id=user_id).values_list("next_at", flat=True).first()
    return Digest(max(next_at, now) + _DIGEST_MAY_BE_LATE) if next_at else Go()


def _after_quiet(user_id: int, now: datetime) -> Decision:
    window = find_quiet_window(user_id)
    until = end_of_quiet(now, window, ZoneInfo(get_zone(user_id))) if window else None
    return Hold(until) if until else Go()
