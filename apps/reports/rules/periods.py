"""Periods: closed intervals of plain dates in the firm's calendar (kpis.md R2, R4, R14)."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.reports.contracts import FirmCalendar, Period

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
LONGEST_YEARS = 30
_Bounds = tuple[date, date]


class NotAPeriod(ValueError):
    """The text names no period that can be reported on; the message says why, for people."""


def today_in(time_zone: str, now: datetime) -> date:
    """Return the date of an instant in a zone (R3)."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def resolve_period(text: str, *, today: date, calendar: FirmCalendar) -> Period:
    """Return the period a text names, cut at today, which counts whole.

    text: a preset (`PRESETS`), a month `2025-03`, or `2025-01-01..2025-03-31`, both ends included. Raises NotAPeriod.
    """
    name = text.strip()
    first, last = _bounds(name, today, calendar)
    if last < first:
        raise NotAPeriod("The period ends before it begins.")
    if first > today:
        raise NotAPeriod("The period begins after today.")
    if last.year - first.year > LONGEST_YEARS:
        raise NotAPeriod(f"A period may span {LONGEST_YEARS} years at most.")
    return Period(name=name, starts_on=first, ends_on=min(last, today), ends_whole_on=last, today=today)


def _bounds(name: str, today: date, calendar: FirmCalendar) -> _Bounds:
    preset = PRESETS.get(name)
    if preset is not None:
        return preset(today, calendar)
    try:
        if match := _MONTH.fullmatch(name):
            first = date(int(match[1]), int(match[2]), 1)
            return first, add_months(first, 1) - timedelta(days=1)
        if match := _RANGE.fullmatch(name):
            return date.fromisoformat(match[1]), date.fromisoformat(match[2])
    except (ValueError, OverflowError) as error:
        raise NotAPeriod(f"{name} holds a date that does not exist.") from error
    raise NotAPeriod(f"Use one of {', '.join(PRESETS)}, a month such as 2025-03, or 2025-01-01..2025-03-31.")


def twelve_months_before(day: date, *, years: int = 1) -> date:
    """Return the same date a year before, or several; 29 February becomes the 28th."""
    number = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - years, day=number)


def move_months(day: date, months: int) -> date:
    """Return the same day of the month some months later, or of a shorter month its last day, as SQL does."""
    first = add_months(day.replace(day=1), months)
    last = add_months(first, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def add_months(first: date, months: int) -> date:
    """Return the first day of the month that lies some months after (or, negative, before) a first day."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _week(weeks_back: int) -> Callable[[date, FirmCalendar], _Bounds]:
    def bounds(today: date, calendar: FirmCalendar) -> _Bounds:
        first = today - timedelta(days=(today.isoweekday() - calendar.week_starts_on) % 7 + 7 * weeks_back)
        return first, first + timedelta(days=6)

    return bounds


def _months(length: int, *, back: int) -> Callable[[date, FirmCalendar], _Bounds]:
    """Return the bounds of the whole months, quarters or years around today, that many periods back."""

    def bounds(today: date, calendar: FirmCalendar) -> _Bounds:
        since_start = (today.month - calendar.fiscal_year_start_month) % 12
        first = add_months(today.replace(day=1), -(since_start % length) - length * back)
        return first, add_months(first, length) - timedelta(days=1)

    return bounds


def _to_date(length: int) -> Callable[[date, FirmCalendar], _Bounds]:
    def bounds(today: date, calendar: FirmCalendar) -> _Bounds:
        return _months(length, back=0)(today, calendar)[0], today

    return bounds


def _last_12_months(today: date, calendar: FirmCalendar) -> _Bounds:
    return twelve_months_before(today) + timedelta(days=1), today


PRESETS: dict[str, Callable[[date, FirmCalendar], _Bounds]] = {
    "today": lambda today, _: (today, today),
    "yesterday": lambda today, _: (today - timedelta(days=1), today - timedelta(days=1)),
    "this_week": _week(0),
    "last_week": _week(1),
    "this_month": _months(1, back=0),
    "last_month": _months(1, back=1),
    "this_quarter": _months(3, back=0),
    "last_quarter": _months(3, back=1),
    "this_year": _months(12, back=0),
    "last_year": _months(12, back=1),
    "fiscal_year": _months(12, back=0),
    "last_fiscal_year": _months(12, back=1),
    "month_to_date": _to_date(1),
    "quarter_to_date": _to_date(3),
    "year_to_date": _to_date(12),
    "last_12_months": _last_12_months,
}
"""Quarters and years follow the firm's fiscal start month, so `this_year` and `fiscal_year` are the same."""
