"""A day as it was kept, or why it was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day with a snapshot, or without: why, stale or not_taken.

    is_end_of_day: taken when the day was over. last_synced_at: how old Clio's data were. checksum: of all rows of it.
    """

    day: date
    is_missing: bool
    why: str
    taken_at: datetime | None
    is_end_of_day: bool
    last_synced_at: datetime | None
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class DayMark:
    """A place in a list of days, newest first: the days before this one, or backwards those after it."""

    day: date
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class KeptDays:
    """A page of days, newest first, and the marks of the pages around it."""

    days: Sequence[KeptDay]
    next: DayMark | None = None
    previous: DayMark | None = None
