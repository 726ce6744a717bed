"""When a person's quiet hours end, and when a local hour comes round: plain arithmetic of wall clocks.

Clocks jump. A local time that a jump skips stands for the moment of the jump. A local time that comes twice means the
first when something begins and the last when quiet ends: in doubt it stays quiet.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class QuietWindow:
    """Quiet from one local time to another, every day; over midnight when the end is the earlier one."""

    starts_at: time
    ends_at: time


def end_of_quiet(now: datetime, window: QuietWindow, zone: ZoneInfo) -> datetime | None:
    """Return the UTC instant at which the quiet that holds now is over, or None when it is not quiet."""
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        opens, closes = _instants(day, window, zone)
        if opens <= now < closes:
            return closes
    return None


def next_local_time(after: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Return the first UTC instant later than `after` at which clocks in the zone show `at`; once a day, DST or not."""
    day = after.astimezone(zone).date() - _DAY
    while (instant := first_instant(day, at, zone)) <= after:
        day += _DAY
    return instant


def first_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a local time: the first of two, and for a skipped one the jump that skips it."""
    earlier, later = _readings(day, at, zone)
    return earlier if earlier <= later else _jump_between(later, earlier, zone)


def _last_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    earlier, later = _readings(day, at, zone)
    return later if earlier <= later else _jump_between(later, earlier, zone)


def _instants(day: date, window: QuietWindow, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last_day = day if window.starts_at < window.ends_at else day + _DAY
    return first_instant(day, window.starts_at, zone), _last_instant(last_day, window.ends_at, zone)


def _readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instant by the offset before a jump and by the one after it: equal on ordinary days, crossed in a gap."""
    local = datetime.combine(day, at, tzinfo=zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _jump_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Find the second at which the zone's offset changes, by halving."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
