"""Which day a snapshot is of, and until when it may still be taken."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

OPEN_FOR = timedelta(hours=6)
"""How long after a day's end its snapshot may be taken: later, too much of the next day would be in it."""

STALE_AFTER = timedelta(hours=6)
"""How old Clio's data may be: the age at which the sync itself is told to be failing."""


@dataclass(frozen=True, slots=True)
class DayEnded:
    """The last day that is over in a zone. is_open: its snapshot may still be taken."""

    day: date
    is_open: bool


class Watched(Enum):
    """How much of some days two snapshots, one after the other, tell of what left between them."""

    NEVER = 0
    PARTLY = 1
    ALWAYS = 2


def watched(first: date, last: date, taken: Sequence[date]) -> Watched:
    """Tell how much of what left in days can be seen. taken: the days with a snapshot, rising, up to `last` at least.

    What left is seen by the first snapshot without it, and belongs to that one's day.
    """
    within = taken[bisect_left(taken, first) : bisect_right(taken, last)]
    seen = [day for day in within if day != taken[0]]
    if not seen:
        return Watched.NEVER
    return Watched.ALWAYS if taken[0] < first and seen[-1] == last else Watched.PARTLY


def day_ended(time_zone: str, now: datetime) -> DayEnded:
    """Return the day that ended last. By the clock on the wall, so that a night of 23 or 25 hours changes nothing."""
    local = now.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return DayEnded(local.date() - timedelta(days=1), local - midnight < OPEN_FOR)


def is_stale(last_synced_at: datetime | None, now: datetime) -> bool:
    """Tell whether Clio's data are too old to be called what was known at this instant."""
    return last_synced_at is None or now - last_synced_at > STALE_AFTER


def days_between(first: date, last: date) -> list[date]:
    """Return the days from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
