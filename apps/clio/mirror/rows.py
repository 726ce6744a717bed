"""Turn a page of Clio's JSON into lines for COPY: column by column, and no amount ever becomes a float."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from apps.clio.mirror.declaration import Column, Entity, Kind

# What a record of unknown form makes its conversion raise; ValueError is also msgspec's and that of broken UTF-8.
ODD = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError)
Values = Sequence[Any]
_NULL = "\\N"
_FLAGS = {True: "t", False: "f", None: _NULL}
# COPY's own escapes; PostgreSQL's text cannot hold NUL at all.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})
# JSON's escape for NUL, not a backslash followed by the word; jsonb cannot hold it either.
_NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_documents = msgspec.json.Encoder(decimal_format="number")


def lines_by_id(entity: Entity, page: bytes | memoryview) -> dict[int, str]:
    """Return one line in COPY's text format for each record of a JSON array, by Clio's id.

    A record that comes twice stays once, as it is newest. Raises one of `ODD` on what has no known form.
    """
    return _converter(entity)(bytes(page))


def merge_newest(entity: Entity, known: dict[int, str], later: Mapping[int, str]) -> None:
    """Add lines that came later; of a record in both the newest stays, and the later one if that is not told."""
    twice = {number: known[number] for number in known.keys() & later.keys()}
    known.update(later)
    for number, line in twice.items():
        if _is_newer(entity, line, later[number]):
            known[number] = line


def find_odd_record(entity: Entity, page: bytes | memoryview) -> int | None:
    """Return the id of the first record of a page that `lines_by_id` cannot take, if it has one."""
    try:
        records = json.loads(bytes(page).decode("utf-8", "surrogateescape"), parse_float=str)
    except ValueError:
        return None
    for record in records if isinstance(records, list) else []:
        try:
            lines_by_id(entity, json.dumps([record]).encode())
        except ODD:
            number = record.get("id") if isinstance(record, dict) else None
            return number if isinstance(number, int) else None
    return None


def _is_newer(entity: Entity, line: str, than: str) -> bool:
    first, second = _updated_at(entity, line), _updated_at(entity, than)
    return first is not None and second is not None and first > second


def _updated_at(entity: Entity, line: str) -> datetime | None:
    place = next((place for place, column in enumerate(entity.columns) if column.name == "updated_at"), None)
    try:
        instant = None if place is None else datetime.fromisoformat(line.split("\t")[place])
    except ValueError:
        return None
    return instant if instant is None or instant.tzinfo else instant.replace(tzinfo=UTC)


@lru_cache(maxsize=64)
def _converter(entity: Entity) -> "_Converter":
    return _Converter(entity)


class _Converter:
    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        self._groups = [(source, list(columns)) for source, columns in groupby(entity.columns, lambda c: c.source)]
        self._sources = [source for source, _ in self._groups]
        self._pick: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(*self._sources)
        # Inside documents a decimal stays a number; elsewhere the digits as sent are all that is needed.
        has_documents = any(column.kind is Kind.DOCUMENT for column in entity.columns)
        self._decoder = msgspec.json.Decoder(float_hook=Decimal if has_documents else str)

    def __call__(self, page: bytes) -> dict[int, str]:
        records = self._decoder.decode(page)
        if not records:
            return {}
        # In JSON every character COPY minds comes with a backslash; only quotes (each etag has two) are harmless.
        is_clean = page.count(b"\\") == page.count(b'\\"')
        cells: list[list[str]] = []
        for (_, columns), values in zip(self._groups, zip(*self._rows(records), strict=True), strict=True):
            cells += [_cells(column, values, is_clean) for column in columns]
        ids = [record["id"] for record in records]
        lines = list(map("\t".join, zip(*cells, strict=True)))
        found = dict(zip(ids, lines, strict=True))
        if len(found) < len(ids):
            found = {}
            for number, line in zip(ids, lines, strict=True):
                merge_newest(self._entity, found, {number: line})
        return found

    def _rows(self, records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        try:
            return [self._pick(record) for record in records]
        except KeyError:  # a field left out is a field not told
            return [tuple(record.get(source) for source in self._sources) for record in records]


def _cells(column: Column, values: Values, is_clean: bool) -> list[str]:
    if column.inner is not None:
        inner = column.inner
        values = [None if value is None else value.get(inner) for value in values]
    match column.kind:
        case Kind.FLAG:
            return [_FLAGS[value] for value in values]
        case Kind.DOCUMENT:
            texts = [_NULL if value is None else _document(value) for value in values]
            return [text if text is _NULL else text.translate(_ESCAPES) for text in texts]
        case Kind.IDENTIFIERS:
            return [_NULL if value is None else _identifiers(value) for value in values]
        case Kind.TEXT if not is_clean:
            return [_NULL if value is None else str(value).translate(_ESCAPES) for value in values]
    return [_NULL if value is None else str(value) for value in values]


def _document(value: object) -> str:
    text = _documents.encode(value).decode()
    return _NUL_IN_JSON.sub(r"\1", text) if "\\u0000" in text else text


def _identifiers(objects: list[dict[str, Any]]) -> str:
    return "{" + ",".join(str(each["id"]) for each in objects if each.get("id") is not None) + "}"
