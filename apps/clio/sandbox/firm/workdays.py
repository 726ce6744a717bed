"""The firm's calendar: weekdays less US federal holidays, months, seasons, and the offset of Eastern time.

Holidays: 5 U.S.C. 6103, observed rules included, plus the day after Thanksgiving, which most firms give.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

SEASON = (100, 100, 106, 102, 100, 97, 88, 84, 101, 106, 100, 82)
"""Work per month in percent of a plain month: summer and December are slow."""


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month of the history; days are ordinals, cut at the history's ends."""

    year: int
    number: int
    first: int
    last: int
    workdays: tuple[int, ...]


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _observed(day: date) -> date:
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[int]:
    """Return the ordinals of the days on which the firm is closed."""
    thanksgiving = _nth_weekday(year, 11, 3, 4)
    last_of_may = date(year, 5, 31)
    days = [_observed(date(year, month, day)) for month, day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))]
    days += [_nth_weekday(year, 1, 0, 3), _nth_weekday(year, 2, 0, 3), _nth_weekday(year, 9, 0, 1)]
    days += [_nth_weekday(year, 10, 0, 2), last_of_may - timedelta(days=last_of_may.weekday())]
    days += [thanksgiving, thanksgiving + timedelta(days=1)]
    return frozenset(day.toordinal() for day in days)


def is_workday(ordinal: int) -> bool:
    """Tell whether the firm is open."""
    day = date.fromordinal(ordinal)
    return day.weekday() < 5 and ordinal not in holidays(day.year)


def workday_on_or_after(ordinal: int) -> int:
    """Return the first open day from this one on."""
    while not is_workday(ordinal):
        ordinal += 1
    return ordinal


def first_of_next_month(day: date) -> date:
    """Return the day on which the next month begins."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months(first: date, last: date) -> list[Month]:
    """Return the months of a history from its first to its last day."""
    found = []
    begin = first
    while begin <= last:
        following = first_of_next_month(begin)
        low, high = begin.toordinal(), min(following.toordinal() - 1, last.toordinal())
        open_days = tuple(day for day in range(low, high + 1) if is_workday(day))
        found.append(Month(begin.year, begin.month, low, high, open_days))
        begin = following
    return found


@cache
def utc_offset_hours(ordinal: int) -> int:
    """Return the hours of America/New_York against UTC on a day, taken at noon (rules in force since 2007)."""
    year = date.fromordinal(ordinal).year
    summer = _nth_weekday(year, 3, 6, 2).toordinal() <= ordinal < _nth_weekday(year, 11, 6, 1).toordinal()
    return -4 if summer else -5
