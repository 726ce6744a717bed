"""Records as JSON objects turned into rows, and changes to single records, as a user of Clio would make them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from apps.clio.sandbox.entities.entity import Cell, Embedded, Entity, Nested, Recorded
from apps.clio.sandbox.errors import InvalidFields, MalformedParameter, NoSuchRecord
from apps.clio.sandbox.fragments import NULL, etag, utc_stamp
from apps.clio.sandbox.store import Store, Table

Record = dict[str, Any]


class ExactNumber(float):
    """A JSON number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> ExactNumber:
        """Keep the text beside the value."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def read_json(text: str | bytes) -> Any:
    """Return parsed JSON whose decimals keep the digits they were written with."""
    return json.loads(text, parse_float=ExactNumber)


_exact = json.JSONDecoder(parse_float=ExactNumber)
_PLAIN: dict[str, Any] = {NULL: None, "true": True, "false": False}


def _cell_value(text: str) -> Any:
    """Return the value of a cell's text; the commonest ones without a parser."""
    return _PLAIN[text] if text in _PLAIN else _exact.decode(text)


def fragment(value: object) -> str:
    """Return a plain JSON value as text; decimals as written."""
    if isinstance(value, ExactNumber):
        digits = value.text.partition(".")[2]
        return value.text if len(digits) != 1 else f"{value.text}0"
    if isinstance(value, float):
        return f"{value:.2f}"
    return json.dumps(value, ensure_ascii=False)


class RecordWriter:
    """Adds, changes and removes single records of a store."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store, self._clock = store, clock
        self._newest = 0
        self._version = 0

    def add(self, name: str, record: Record) -> Record:
        """Add a record, or replace the one with its id; return it as stored. Missing fields are null."""
        table = self._table(name)
        with self._store.changing():
            now = self._now()
            number = int(record.get("id") or table.top + 1)
            stamped = {**stamps(table.entity, now), **record, "id": number}
            recorded = row_from(table.entity, stamped, self._store, self._next_version())
            table.put(recorded)
        return record_from(table.entity, recorded)

    def change(self, name: str, number: int, changes: Record) -> Record:
        """Change fields of a record, its updated_at and etag with them; return it as stored."""
        table = self._table(name)
        with self._store.changing():
            at = table.position(number)
            if at is None:
                raise NoSuchRecord(f"No {name} record has the id {number}.")
            known = record_from(table.entity, (table.rows[at], table.created[at], table.updated[at]))
            known.pop("etag", None)
            stamp = {name: text for name, text in stamps(table.entity, self._now()).items() if name == "updated_at"}
            changed = {**known, **stamp, **changes, "id": number}
            recorded = row_from(table.entity, changed, self._store, self._next_version())
            table.put(recorded)
        return record_from(table.entity, recorded)

    def remove(self, name: str, number: int) -> None:
        """Remove a record without a trace. Raises NoSuchRecord."""
        with self._store.changing():
            if not self._table(name).remove(number):
                raise NoSuchRecord(f"No {name} record has the id {number}.")

    def _table(self, name: str) -> Table:
        if name not in self._store.tables:
            raise NoSuchRecord(f"The sandbox has no {name}.")
        return self._store.tables[name]

    def moment(self) -> str:
        """Return the moment a change would get now."""
        return self._now()

    def _now(self) -> str:
        """Return the second of a change: now, but later than the firm's history and never before another change."""
        self._newest = max(int(self._clock()), self._newest or self._store.newest_change() + 1)
        return utc_stamp(self._newest).strip('"')

    def _next_version(self) -> int:
        self._version += 1
        return self._newest * 1_000_003 + self._version


def stamps(entity: Entity, moment: str) -> Record:
    """Return the timestamps of a new record, those that its kind has."""
    return {name: moment for name in ("created_at", "updated_at") if name in entity.scalars}


def row_from(entity: Entity, record: Record, store: Store, version: int | None = None) -> Recorded:
    """Return the row of a JSON record. version: what the etag is made from, else its last change.

    Raises InvalidFields for names the entity does not know.
    """
    known = {*entity.scalars, *entity.unset, *entity.nested}
    for name in record:
        if name not in known:
            raise InvalidFields(f"{name} is not a field of {entity.name}.")
    number = int(record["id"])
    created, updated = _seconds(record.get("created_at")), _seconds(record.get("updated_at"))
    cells: list[Cell] = [fragment(record.get(name)) for name in entity.scalars]
    cells[0] = number
    if entity.has_etag and record.get("etag") is None:
        cells[1] = etag(number, updated if version is None else version)
    cells += [_nested_cell(nested, record.get(name), store) for name, nested in entity.nested.items() if nested.is_kept]
    return tuple(cells), created, updated


def _nested_cell(nested: Nested, value: Any, store: Store) -> Cell:
    if nested.many:
        return tuple(_one(nested, each, store) for each in value or ())
    return None if value is None else _one(nested, value, store)


def _one(nested: Nested, value: Any, store: Store) -> int | Embedded:
    if not isinstance(value, dict):
        raise MalformedParameter("A nested object must be a JSON object.")
    if nested.target is not None and "id" in value:
        number = int(value["id"])
        if set(value) == {"id"} or store.tables[nested.target].find(number) is not None:
            return number
    return Embedded(**{name: fragment(each) for name, each in value.items()})


def record_from(entity: Entity, recorded: Recorded) -> Record:
    """Return the JSON record of a row; objects kept in tables as their id alone."""
    row, record = recorded[0], {}
    for name, at in entity.positions.items():
        nested = entity.nested.get(name)
        record[name] = _cell_value(str(row[at])) if nested is None else _nested_record(nested, row[at])
    return record


def _nested_record(nested: Nested, cell: Cell) -> Any:
    if isinstance(cell, tuple):
        return [_nested_record(nested, each) for each in cell]
    if isinstance(cell, Embedded):
        return {name: _cell_value(text) for name, text in cell.fragments.items()}
    return None if cell is None else {"id": cell}


def _seconds(text: object) -> int:
    if text is None or text == NULL:
        return 0
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise MalformedParameter(f"{text!r} is not a timestamp.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
