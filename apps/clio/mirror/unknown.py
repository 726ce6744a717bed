"""What a record holds besides the fields we know: kept raw, by its path, such as `{"user": {"redacted": true}}`."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from apps.clio.mirror.declaration import Entity


class Unknown:
    """Finds unknown fields of an entity's records. Hardly any page has one, so a page is dismissed by counting."""

    def __init__(self, entity: Entity) -> None:
        groups = [(source, list(columns)) for source, columns in groupby(entity.columns, lambda c: c.source)]
        self._outer = frozenset(source for source, _ in groups)
        # Collections and other documents are kept whole as they came: nothing in them is unknown.
        self._inner = {
            source: frozenset(column.inner for column in columns if column.inner is not None)
            for source, columns in groups
            if columns[0].inner is not None
        }

    def find(
        self, records: Sequence[Mapping[str, Any]], values: Mapping[str, Sequence[Any]], *, is_regular: bool
    ) -> list[dict[str, Any] | None] | None:
        """Return for each record what is unknown of it, or None if no record has anything.

        values: the records' by field. is_regular: no record lacks a field that others have.
        """
        if is_regular and not self._may_have(records, values):
            return None
        found = [self._of(record) for record in records]
        return found if any(found) else None

    def _may_have(self, records: Sequence[Mapping[str, Any]], values: Mapping[str, Sequence[Any]]) -> bool:
        lengths = set(map(len, records))
        if len(lengths) > 1 or not self._outer.issuperset(records[0]):
            return True
        return any(_lengths(values[source]) - {len(known)} for source, known in self._inner.items())

    def _of(self, record: Mapping[str, Any]) -> dict[str, Any] | None:
        found: dict[str, Any] = {name: value for name, value in record.items() if name not in self._outer}
        for source, known in self._inner.items():
            more = {name: value for name, value in (record.get(source) or {}).items() if name not in known}
            if more:
                found[source] = more
        return found or None


def _lengths(values: Iterable[Any]) -> set[int]:
    return set(map(len, filter(None, values)))
