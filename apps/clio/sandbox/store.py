"""The records the server answers from: one table per entity, sorted by id, rows ready as JSON text."""

from __future__ import annotations

import gc
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import cast

from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.entities.entity import Entity, Recorded, Row
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm


class Table:
    """Rows of one entity with the Unix seconds of creation and last change beside them."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
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

    def find(self, number: int) -> Row | None:
        """Return the row with an id, if there is one."""
        at = self.position(number)
        return None if at is None else self.rows[at]

    def position(self, number: int) -> int | None:
        """Return where the row with an id sits, if there is one."""
        at = bisect_left(self.ids, number)
        return at if at < len(self.ids) and self.ids[at] == number else None

    def referring(self, column: str, target: int | None) -> array[int]:
        """Return the positions of rows whose nested object has this id; the index is built at first use."""
        index = self._references.get(column)
        if index is None:
            index = {}
            at = self.entity.positions[column]
            for position, row in enumerate(self.rows):
                index.setdefault(row[at], array("q")).append(position)
            self._references[column] = index
        return index.get(target, array("q"))

    def put(self, record: Recorded) -> None:
        """Add a row or replace the one with its id."""
        row, created, updated = record
        number = row[0]
        assert isinstance(number, int)
        at = bisect_left(self.ids, number)
        if at < len(self.ids) and self.ids[at] == number:
            self.rows[at], self.created[at], self.updated[at] = row, created, updated
        else:
            self.rows.insert(at, row)
            self.ids.insert(at, number)
            self.created.insert(at, created)
            self.updated.insert(at, updated)
        self._references.clear()

    def remove(self, number: int) -> bool:
        """Drop the row with an id without a trace; tell whether there was one."""
        at = self.position(number)
        if at is None:
            return False
        del self.rows[at], self.ids[at], self.created[at], self.updated[at]
        self._references.clear()
        return True


class Store:
    """All tables of one firm. `version` grows with every change, so that what was derived can be dropped."""

    def __init__(self, firm_name: str) -> None:
        self.firm_name = firm_name
        self.tables = {name: Table(entity) for name, entity in ENTITIES.items()}
        self.lock = RLock()
        self.version = 0

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock for a change and mark it."""
        with self.lock:
            yield
            self.version += 1

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
