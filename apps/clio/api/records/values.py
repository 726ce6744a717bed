"""Read values out of an address, each of its kind: what is not one is named, never guessed."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from apps.clio.queries.records.declaration import Kind

LARGEST_ID = 2**63 - 1
_MOST_IDS, _LONGEST_TEXT = 100, 200
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+ -]\d\d:\d\d)", re.ASCII)


def read_value(kind: Kind, text: str) -> Any:
    """Return a value of a kind. Raises ValueError with what is wanted instead."""
    return _READERS[kind](text)


def read_id(text: str) -> int:
    """Return a 64-bit id. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST_ID):
        raise ValueError("An id is a whole number.")
    return int(text)


def _ids(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > _MOST_IDS:
        raise ValueError(f"At most {_MOST_IDS} ids, by commas.")
    return [read_id(part.strip()) for part in parts]


def _day(text: str) -> date:
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # a 30th of February: said below
    raise ValueError("A date such as 2025-03-31.")


def _instant(text: str) -> datetime:
    if _INSTANT.fullmatch(text):
        try:
            # An unescaped plus sign arrives as a blank.
            return datetime.fromisoformat(re.sub(r" (\d\d:\d\d)$", r"+\1", text))
        except ValueError:
            pass  # an hour 25: said below
    raise ValueError("An instant with its zone, such as 2025-03-31T12:00:00Z.")


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false.")
    return text == "true"


def read_text(text: str) -> str:
    """Return words. Raises ValueError for what no database can hold, and for far too many."""
    if not text or len(text) > _LONGEST_TEXT or "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError(f"Text of 1 to {_LONGEST_TEXT} characters.")
    return text


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.ID: _ids,
    Kind.DAY: _day,
    Kind.INSTANT: _instant,
    Kind.FLAG: _flag,
    Kind.TEXT: read_text,
}
