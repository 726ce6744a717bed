"""JSON text of single values, made once and shared by every record that holds the same value."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from apps.clio.sandbox.firm.workdays import utc_offset_hours

NULL = "null"
FLAGS = ("false", "true")
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

Key = TypeVar("Key", int, str)


class Memo(dict[Key, str], Generic[Key]):
    """A table that works out a missing entry and keeps it: a lookup costs no function call."""

    def __init__(self, make: Callable[[Key], str]) -> None:
        super().__init__()
        self._make: Callable[[Key], str] = make

    def __missing__(self, key: Key) -> str:
        text = self[key] = self._make(key)
        return text


def _two_decimals(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def _hours(seconds: int) -> str:
    return _two_decimals((seconds * 2 + 36) // 72)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _day(ordinal: int) -> str:
    return f'"{date.fromordinal(ordinal).isoformat()}"'


def _clock(second: int) -> str:
    return f"T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _offset(ordinal: int) -> str:
    return f'-{-utc_offset_hours(ordinal):02d}:00"'


MONEY: Memo[int] = Memo(_two_decimals)
"""Cents -> number with two decimals."""
HOURS: Memo[int] = Memo(_hours)
"""Seconds -> hours with two decimals."""
TEXT: Memo[str] = Memo(_text)
"""Plain text -> quoted JSON; only for texts that repeat."""
DAY: Memo[int] = Memo(_day)
"""Day ordinal -> quoted date."""
_PREFIX: Memo[int] = Memo(lambda ordinal: f'"{date.fromordinal(ordinal).isoformat()}')
_CLOCK: Memo[int] = Memo(_clock)
_OFFSET: Memo[int] = Memo(_offset)


def stamp(moment: int) -> str:
    """Return the timestamp of a moment (day ordinal x 86400 + local seconds) with its UTC offset."""
    ordinal, second = divmod(moment, 86_400)
    return _PREFIX[ordinal] + _CLOCK[second] + _OFFSET[ordinal]


def instant(moment: int) -> int:
    """Return the Unix seconds of a moment in the firm's zone."""
    ordinal = moment // 86_400
    return moment - EPOCH_ORDINAL * 86_400 - utc_offset_hours(ordinal) * 3600


def utc_stamp(seconds: int) -> str:
    """Return the timestamp of Unix seconds in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime('"%Y-%m-%dT%H:%M:%SZ"')


def optional_day(ordinal: int | None) -> str:
    """Return a quoted date or null."""
    return NULL if ordinal is None else DAY[ordinal]


def optional_stamp(moment: int | None) -> str:
    """Return a timestamp or null."""
    return NULL if moment is None else stamp(moment)


def optional_text(value: str | None) -> str:
    """Return quoted text or null."""
    return NULL if value is None else TEXT[value]


def etag(number: int, version: int) -> str:
    """Return a quoted etag that changes with the version; Clio's etags carry quotes inside the string."""
    mixed = (number * 0x9E3779B97F4A7C15 + version * 0xC2B2AE3D27D4EB4F) & 0xFFFFFFFFFFFFFFFF
    return f'"\\"{mixed:016x}\\""'
