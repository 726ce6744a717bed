"""When an entity is read, and in what parts: plain values in, plain values out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# What names a bill may have changed what Clio shows of the bill without moving its `updated_at` (clio-api.md 7).
NAMES_BILLS = ("allocations", "line_items", "interest_charges")
# Bills that are not settled are read again nightly, for the same reason.
OPEN_STATES = {"bills": ("draft", "awaiting_approval", "awaiting_payment")}
IDS_AT_ONCE = 100
_NIGHT = range(1, 6)  # hours of the firm's day
_AT_LEAST, _AT_MOST = timedelta(hours=18), timedelta(hours=30)


def is_due(*, every_hours: int, read_from: datetime | None, now: datetime) -> bool:
    """Tell whether an entity belongs into a run: never read to its end, or its last reading no longer suffices."""
    return not every_hours or read_from is None or now - read_from >= timedelta(hours=every_hours)


def is_night_work_due(*, last_at: datetime | None, now: datetime, local_hour: int) -> bool:
    """Tell whether what is read once a night is due: in the night, or whenever a night was missed."""
    if last_at is None:
        return True
    since = now - last_at
    return since >= _AT_MOST or (since >= _AT_LEAST and local_hour in _NIGHT)


def batches_of_ids(ids: Collection[int]) -> Iterator[list[str]]:
    """Split ids into questions, in ascending order."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        yield [str(each) for each in ordered[start : start + IDS_AT_ONCE]]


def cut_into_windows(*, first: date, last: date, parts: int) -> Sequence[tuple[date | None, date | None]]:
    """Cut all time into windows, from and to inclusive, none missing and none overlapping; the outer ones are open."""
    days = (last - first).days
    cuts = sorted({first + timedelta(days=days * number // parts) for number in range(1, parts)} - {first})
    begins = [None, *cuts]
    ends = [*(cut - timedelta(days=1) for cut in cuts), None]
    return list(zip(begins, ends, strict=True))


@dataclass(frozen=True, slots=True)
class SplitRule:
    """When reading a list in parts is faster: it is long, Clio answers slowly, and its limit leaves room.

    worth_pages: from so many pages left on. slow_seconds: if a page takes so long. room: and so many times what is
    asked already is allowed.
    """

    worth_pages: int = 40
    slow_seconds: float = 0.15
    room: float = 1.25

    def helps(
        self, *, pages_left: float, seconds_per_page: float, allowed_per_minute: int | None, lists_at_once: int
    ) -> bool:
        """Tell whether to split; None allowed is a limit not told."""
        if allowed_per_minute is None or pages_left < self.worth_pages or seconds_per_page < self.slow_seconds:
            return False
        return allowed_per_minute / 60 * seconds_per_page > lists_at_once * self.room
