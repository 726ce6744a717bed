"""Reads and writes records for the acts, with a chance of its own and today's date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from apps.clio.sandbox.changes import Record, RecordWriter, record_from
from apps.clio.sandbox.entities.entity import Row
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream
from apps.clio.sandbox.sight import Access
from apps.clio.sandbox.store import Store

TRIES = 120
"""How many records are looked at before an act finds nothing to do."""


@dataclass(slots=True)
class Desk:
    """One store with what an act needs around it."""

    store: Store
    writer: RecordWriter
    seed: int
    access: Access = field(default_factory=Access)
    chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        self.chance = stream(self.seed, "live")

    def today(self) -> date:
        """Return the day on which things happen: the server's, or the day after the firm's history."""
        return datetime.fromisoformat(self.writer.moment()).date()

    def day(self, back: int = 0) -> str:
        """Return today or a day some days ago."""
        return (self.today() - timedelta(days=back)).isoformat()

    def get(self, name: str, number: int) -> Record:
        """Return a record that must be there."""
        table = self.store.tables[name]
        row = table.find(number)
        assert row is not None, (name, number)
        return record_from(table.entity, (row, 0, 0))

    def find(self, name: str, number: int | None) -> Record | None:
        """Return a record, if it is there."""
        if number is None or self.store.tables[name].find(number) is None:
            return None
        return self.get(name, number)

    def referring(self, name: str, column: str, number: int) -> list[Record]:
        """Return the records whose nested object is this one, in order of their ids."""
        return [self.get(name, each) for each in list(self.store.tables[name].ids_referring(column, number))]

    def add(self, name: str, /, **values: Any) -> int:
        """Add a record; return its id."""
        return int(self.writer.add(name, values)["id"])

    def change(self, name: str, number: int, /, **values: Any) -> None:
        """Change fields of a record, its time and etag with them."""
        self.writer.change(name, number, values)

    def remove(self, name: str, number: int) -> None:
        """Remove a record without a trace."""
        self.writer.remove(name, number)

    def choose(self, name: str, fits: Callable[[Row], bool] = lambda row: True, *, late: bool = False) -> Record | None:
        """Return a record that fits, by chance; late: rather one of the newest. None when too few do."""
        table = self.store.tables[name]
        rows = table.rows
        for _ in range(TRIES if rows else 0):
            mark = self.chance()
            row = rows[len(rows) - 1 - int(mark * mark * mark * len(rows))] if late else rows[int(mark * len(rows))]
            if fits(row):
                return record_from(table.entity, (row, 0, 0))
        return None

    def where(self, name: str, **wanted: str) -> Callable[[Row], bool]:
        """Return a test on the JSON texts of columns, such as status='"Open"'."""
        places = self.store.tables[name].entity.positions
        pairs = [(places[column], text) for column, text in wanted.items()]
        return lambda row: all(row[at] == text for at, text in pairs)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high."""
        return between(self.chance, low, high)

    def pick(self, items: Iterable[Any]) -> Any:
        """Return one of some items."""
        return pick(self.chance, list(items))

    def happens(self, share: float) -> bool:
        """Tell whether something happens that happens to a share of all."""
        return self.chance() < share
