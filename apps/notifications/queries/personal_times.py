"""When a person is left alone, and when their daily digest comes."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from apps.core.tenancy import acting_as
from apps.notifications.models import DigestSchedule
from apps.notifications.queries.preferences import find_quiet_window, get_zone, read_choices
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.choices import FIRST_DIGEST_HOUR, gathers
from apps.notifications.rules.quiet_hours import end_of_quiet


@dataclass(frozen=True, slots=True)
class QuietTimes:
    """Local times and their zone; None: no quiet hours. quiet_until: UTC, None when it is not quiet now."""

    starts_at: time | None
    ends_at: time | None
    zone: str
    quiet_until: datetime | None


@dataclass(frozen=True, slots=True)
class DigestTimes:
    """The local hour, what is gathered, and the next digest (UTC, None when nothing is gathered)."""

    hour: int
    zone: str
    kinds: tuple[str, ...]
    next_at: datetime | None


def find_quiet_times(user_id: int, now: datetime) -> QuietTimes:
    """Return a person's quiet hours and whether they hold now."""
    window, zone = find_quiet_window(user_id), get_zone(user_id)
    if window is None:
        return QuietTimes(None, None, zone, None)
    return QuietTimes(window.starts_at, window.ends_at, zone, end_of_quiet(now, window, ZoneInfo(zone)))


def find_digest_times(user_id: int) -> DigestTimes:
    """Return when a person's daily digest comes and which kinds it gathers."""
    with acting_as(user_id, read_only=True):
        schedule = DigestSchedule.objects.filter(user_id=user_id).first()
        chosen = read_choices(user_id)
        kinds = tuple(kind.key for kind in KINDS if gathers(kind, chosen))
        hour = schedule.hour if schedule else FIRST_DIGEST_HOUR
        return DigestTimes(hour, get_zone(user_id), kinds, schedule.next_at if schedule else None)
