"""Turn a page of Clio's JSON into lines for COPY: column by column, and no amount ever becomes a float."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from apps.clio.contracts import RecordKey
from apps.clio.mirror.declaration import Column, Entity, Kind
from apps.clio.mirror.unknown import Unknown

# What a record of unknown form makes its conversion raise; ValueError is also msgspec's and that of broken UTF-8.
ODD = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError)
Values = Sequence[Any]
_NULL = "\\N"
# The contract says booleans; its words are taken as well, since of some flags nobody has seen an answer.
_FLAGS = {True: "t", False: "f", None: _NULL, "true": "t", "false": "f"}
# COPY's own escapes; PostgreSQL's text cannot hold NUL at all.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})
# JSON's escape for NUL, not a backslash followed by the word; jsonb cannot hold it either.
_NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_documents = msgspec.json.Encoder(decimal_format="number")
_exact, _as_text = msgspec.json.Decoder(float_hook=Decimal), msgspec.json.Decoder(float_hook=str)


def lines_by_id(entity: Entity, page: bytes | memoryview) -> dict[RecordKey, str]:
    """Return one line in COPY's text format for each record of a JSON array (or a single one), by Clio's id.

    A record that comes twice stays once, as it is newest. Raises one of `ODD` on what has no known form.
    """
    return _converter(entity)(bytes(page))


def merge_newest(entity: Entity, known: dict[RecordKey, str], later: Mapping[RecordKey, str]) -> None:
    """Add lines that came later; of a record in both the newest stays, and the later one if that is not told."""
    twice = {number: known[number] for number in known.keys() & later.keys()}
    known.update(later)
    for number, line in twice.items():
        if _is_newer(entity, line, later[number]):
            known[number] = line


def find_odd_record(entity: Entity, page: bytes | memoryview) -> RecordKey | None:
    """Return the id of the first record of a page that `lines_by_id` cannot take, if it has one."""
    try:
        records = json.loads(bytes(page).decode("utf-8", "surrogateescape"), parse_float=str)
    except ValueError:
        return None
    for record in records if isinstance(records, list) else [records]:
        try:
            lines_by_id(entity, json.dumps(record if entity.is_single else [record]).encode())
        except ODD:
            key = record.get("id") if isinstance(record, dict) else None
            return key if isinstance(key, RecordKey) else None
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


@dataclass(frozen=True, slots=True)
class _Shape:
    """The records of a page as they came: which fields they have, and what takes those out of a record."""

    sources: tuple[str, ...]
    pick: Callable[[dict[str, Any]], tuple[Any, ...]]


class _Converter:
    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        self._groups = [(source, list(columns)) for source, columns in groupby(entity.columns, lambda c: c.source)]
        self._sources = tuple(source for source, _ in self._groups)
        self._optional = entity.optional_names
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._unknown = Unknown(entity)
        # Inside documents a decimal stays a number; elsewhere the digits as sent are all that is needed.
        self._keeps_numbers = any(column.kind is Kind.DOCUMENT for column in entity.columns)
        self._decoder = _exact if self._keeps_numbers else _as_text

    def __call__(self, page: bytes) -> dict[RecordKey, str]:
        records = self._records(page, self._decoder)
        if not records:
            return {}
        # In JSON every character COPY minds comes with a backslash; only quotes (each etag has two) are harmless.
        is_clean = page.count(b"\\") == page.count(b'\\"')
        values, is_regular = self._values(records)
        cells: list[list[str]] = []
        for source, columns in self._groups:
            cells += [_cells(column, values[source], is_clean) for column in columns]
        unknown = self._unknown.find(records, values, is_regular=is_regular)
        if unknown and not self._keeps_numbers:  # they are kept as they came, numbers as numbers
            unknown = self._unknown.find(self._records(page, _exact), values, is_regular=is_regular)
        cells.append([_document_cell(value) for value in unknown] if unknown else [_NULL] * len(records))
        ids = [record["id"] for record in records]
        lines = list(map("\t".join, zip(*cells, strict=True)))
        found = dict(zip(ids, lines, strict=True))
        if len(found) < len(ids):
            found = {}
            for key, line in zip(ids, lines, strict=True):
                merge_newest(self._entity, found, {key: line})
        return found

    def _records(self, page: bytes, decoder: "msgspec.json.Decoder[Any]") -> list[dict[str, Any]]:
        decoded = decoder.decode(page)
        return [decoded] if self._entity.is_single else decoded

    def _values(self, records: list[dict[str, Any]]) -> tuple[dict[str, Values], bool]:
        """Return the records' values by field, and whether no record lacks one; what is left out is not told."""
        shape = self._shape_of(records[0])
        try:
            rows = [shape.pick(record) for record in records]
        except KeyError:
            return {source: [record.get(source) for record in records] for source in self._sources}, False
        found: dict[str, Values] = dict(zip(shape.sources, zip(*rows, strict=True), strict=True))
        nothing = [None] * len(records)
        return {source: found.get(source, nothing) for source in self._sources}, True

    def _shape_of(self, record: dict[str, Any]) -> _Shape:
        """Optional fields are in all records of a page or in none, by what was asked for."""
        missing = tuple(name for name in self._optional if name not in record)
        shape = self._shapes.get(missing)
        if shape is None:
            sources = tuple(source for source in self._sources if source not in missing)
            pick: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(*sources)
            shape = self._shapes[missing] = _Shape(
                sources, pick if len(sources) > 1 else lambda record: (pick(record),)
            )
        return shape


def _cells(column: Column, values: Values, is_clean: bool) -> list[str]:
    if column.inner is not None:
        inner = column.inner
        values = [None if value is None else value.get(inner) for value in values]
    match column.kind:
        case Kind.FLAG:
            return [_FLAGS[value] for value in values]
        case Kind.DOCUMENT:
            return [_document_cell(value) for value in values]
        case Kind.IDENTIFIERS:
            return [_NULL if value is None else _identifiers(value) for value in values]
        case Kind.TEXT if not is_clean:
            return [_NULL if value is None else str(value).translate(_ESCAPES) for value in values]
    return [_NULL if value is None else str(value) for value in values]


def _document_cell(value: object) -> str:
    if value is None:
        return _NULL
    text = _documents.encode(value).decode()
    return (_NUL_IN_JSON.sub(r"\1", text) if "\\u0000" in text else text).translate(_ESCAPES)


def _identifiers(listed: list[Any]) -> str:
    """Take the ids of a nested collection, or a list of bare ids."""
    ids = [each.get("id") if isinstance(each, dict) else each for each in listed]
    return "{" + ",".join(str(each) for each in ids if each is not None) + "}"
