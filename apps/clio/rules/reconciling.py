"""When the mirror is compared with Clio's own lists, and what a comparison may conclude: plain values only."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# kpis.md, edge case 22: money of the last 120 days every night, everything every week.
YOUNG = timedelta(days=120)
WHOLLY_EVERY = timedelta(days=6, hours=12)
# Whether `created_since` is inclusive is not told, and clocks differ: more is asked for than is compared.
ASKED_BEFORE = timedelta(days=1)
_NIGHT_BEGINS, _NIGHT_MINUTES = time(1), 240
_SCATTER = 2_654_435_761  # Knuth's multiplier: neighbors in number are far apart in the night
_SLACK_SHARE, _SLACK_RECORDS = 0.01, 5
_SUDDEN_SHARE, _SUDDEN_RECORDS = 0.10, 20
_SMALL_SHARE, _SMALL_RECORDS = 0.01, 10


def next_night(*, firm_id: int, time_zone: str, now: datetime) -> datetime:
    """Return when the firm's next comparison begins: at its own minute between one and five in its night."""
    zone = ZoneInfo(time_zone)
    minute = timedelta(minutes=(firm_id * _SCATTER % 2**32) % _NIGHT_MINUTES)
    today = now.astimezone(zone).date()
    for days in range(3):
        begins = datetime.combine(today + timedelta(days=days), _NIGHT_BEGINS, tzinfo=zone) + minute
        if begins > now:
            return begins
    raise AssertionError("one of the next nights is later than now")


def is_short(*, seen: int, promised: int | None) -> bool:
    """Tell whether a list ended before what Clio promised with its first page; a few may be deleted meanwhile."""
    return promised is not None and seen < promised - max(_SLACK_RECORDS, promised * _SLACK_SHARE)


def is_sudden(*, missing: int, known: int) -> bool:
    """Tell whether so many records vanished at once that a missing right is likelier than so many deletions."""
    return missing > max(_SUDDEN_RECORDS, known * _SUDDEN_SHARE)


def is_worth_telling(*, drift: int, known: int) -> bool:
    """Tell whether more differs than the few that a night in a busy firm explains."""
    return drift > max(_SMALL_RECORDS, known * _SMALL_SHARE)
