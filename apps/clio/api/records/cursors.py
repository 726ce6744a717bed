"""Where a page begins, as text in an address: the order, and the value and id of the last record seen."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from apps.clio.api.records.values import LARGEST_ID, read_text
from apps.clio.queries.records.asked import Asked, Position
from apps.clio.queries.records.declaration import Kind, RecordKind
from apps.core.errors import FieldFault
from apps.core.pages import InvalidCursor

_LONGEST = 2000


def cursor_text(asked: Asked, position: Position) -> str:
    """Return what stands in an address."""
    value = position.value.isoformat() if isinstance(position.value, date) else position.value
    parts = [asked.sort, asked.is_descending, position.is_backwards, value, position.key]
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def read_position(kind: RecordKind, text: str, *, sort: str, is_descending: bool) -> Position:
    """Return the position of a cursor of ours, made for the same order. Raises InvalidCursor."""
    try:
        if len(text) > _LONGEST:
            raise ValueError("too long")
        made_for, went_down, is_backwards, value, key = json.loads(
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        )
        if (made_for, went_down) != (sort, is_descending) or not isinstance(is_backwards, bool):
            raise ValueError("made for another order")
        return Position(_value(kind, sort, value), _READERS[kind.key_kind](key), is_backwards)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        detail = "Take it from `next` or `previous`, and keep `sort` as it was."
        raise InvalidCursor(faults=(FieldFault("/cursor", detail),)) from error


def _value(kind: RecordKind, name: str, value: Any) -> Any:
    sort = next(each for each in kind.all_sorts if each.name == name)
    if value is None:
        if not sort.is_nullable:
            raise ValueError("never missing")
        return None
    return _READERS[sort.kind](value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_ID:
        raise ValueError("no id")
    return value


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("no zone")
    return found


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value if value == "" else read_text(value)


_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.ID: _number,
    Kind.KEY: _words,
    Kind.DAY: date.fromisoformat,
    Kind.INSTANT: _instant,
    Kind.TEXT: _words,
}
