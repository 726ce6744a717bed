"""The records the server answers from: one table per entity, sorted by id, rows ready as JSON text."""

from __future__ import annotations

import gc
from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import RLock
from typing import cast

from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.entities.entity import Entity, Recorded, Row
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm

MISSING = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One record before and after: `before` is None for a new one, `after` for a removed one."""

    entity: Entity
    number: int
    before: Row | None
    after: Row | None


class Table:
    """Rows of one entity with the Unix seconds of creation and last change beside them."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.journal: list[Change] = []
        self.top = 0
        """The highest id there ever was: ids are never given twice."""
        self.rows: list[Row] = []
        self.ids = array("q")
        self.created = array("q")
        self.updated = array("q")
        self._references: dict[str, dict[object, array[int]]] = {}

    def fill(self, records: Iterable[Recorded]) -> None:
        """Take records that come in order of their ids."""
        for row, created, updated in records:
            self.rows.append(row)
            self.ids.append(cast("int", row[0]))
            self.created.append(created)
            self.updated.append(updated)
        self.top = max(self.top, self.ids[-1] if self.ids else 0)

    def find(self, number: int) -> Row | None:
        """Return the row with an id, if there is one."""
        at = self.position(number)
        return None if at is None else self.rows[at]

    def position(self, number: int) -> int | None:
        """Return where the row with an id sits, if there is one."""
        at = bisect_left(self.ids, number)
        return at if at < len(self.ids) and self.ids[at] == number else None

    def referring(self, column: str, target: int | None) -> array[int]:
        """Return the positions of rows whose nested object has this id."""
        return array("q", (bisect_left(self.ids, number) for number in self.ids_referring(column, target)))

    def ids_referring(self, column: str, target: int | None) -> array[int]:
        """Return the ids of rows whose nested object has this id, ascending; the index is built at first use."""
        index = self._references.get(column)
        if index is None:
            index = {}
            at = self.entity.positions[column]
            for number, row in zip(self.ids, self.rows, strict=True):
                index.setdefault(row[at], array("q")).append(number)
            self._references[column] = index
        return index.get(target, array("q"))

    def _reindex(self, number: int, before: Row | None, after: Row | None) -> None:
        """Keep the indexes that were built as they should be."""
        for column, index in self._references.items():
            at = self.entity.positions[column]
            old, new = before[at] if before is not None else MISSING, after[at] if after is not None else MISSING
            if old is new or (type(old) is type(new) and old == new):
                continue
            if before is not None:
                index[old].remove(number)
            if after is not None:
                insort(index.setdefault(new, array("q")), number)

    def put(self, record: Recorded) -> None:
        """Add a row or replace the one with its id."""
        row, created, updated = record
        number = row[0]
        assert isinstance(number, int)
        self.top = max(self.top, number)
        at = bisect_left(self.ids, number)
        if at < len(self.ids) and self.ids[at] == number:
            self.journal.append(Change(self.entity, number, self.rows[at], row))
            self._reindex(number, self.rows[at], row)
            self.rows[at], self.created[at], self.updated[at] = row, created, updated
        else:
            self.journal.append(Change(self.entity, number, None, row))
            self._reindex(number, None, row)
            self.rows.insert(at, row)
            self.ids.insert(at, number)
            self.created.insert(at, created)
            self.updated.insert(at, updated)

    def remove(self, number: int) -> bool:
        """Drop the row with an id without a trace; tell whether there was one."""
        at = self.position(number)
        if at is None:
            return False
        self.journal.append(Change(self.entity, number, self.rows[at], None))
        self._reindex(number, self.rows[at], None)
        del self.rows[at], self.ids[at], self.created[at], self.updated[at]
        return True


Listener = Callable[[tuple[Change, ...]], None]


class Store:
    """All tables of one firm. `version` grows with every change, so that what was derived can be dropped."""

    def __init__(self, firm_name: str) -> None:
        self.firm_name = firm_name
        self.tables = {name: Table(entity) for name, entity in ENTITIES.items()}
        self.lock = RLock()
        self.written_off: set[int] = set()
        """Activities that were written off: only a filter tells."""
        self.version = 0
        self.edition = 0
        self._derived_for: tuple[object, ...] = ()
        self.listeners: list[Listener] = []
        self._journal: list[Change] = []
        self._depth = 0
        for table in self.tables.values():
            table.journal = self._journal

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock for a change, mark it, and tell the listeners once the outermost change is complete."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self.version += 1
                self._depth -= 1
                if not self._depth:
                    self._tell()

    def _tell(self) -> None:
        changes = tuple(self._journal)
        self._journal.clear()
        if changes:
            for listener in self.listeners:
                listener(changes)

    def derive(self, start: date | None = None, end: date | None = None) -> None:
        """Work out the snapshots as of now, of a span of work dates if asked; kept until something changes."""
        wanted = (self.version, start, end)
        if self._derived_for == wanted:
            return
        for name, entity in ENTITIES.items():
            if entity.derive is not None:
                table = Table(entity)
                table.fill(entity.derive(self, start, end))
                self.tables[name] = table
        self._derived_for = wanted
        self.edition += 1

    def newest_change(self) -> int:
        """Return the Unix seconds of the last change of any record."""
        return max((max(table.updated) for table in self.tables.values() if table.updated), default=0)


def store_firm(firm: Firm) -> Store:
    """Return the store of a generated firm. Millions of rows without cycles: the collector rests meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        store, lookups = Store(firm.name), Lookups(firm)
        for name, entity in ENTITIES.items():
            store.tables[name].fill(entity.rows(firm, lookups))
    finally:
        if was_enabled:
            gc.enable()
    return store
