"""Counts and sums over everything stored, to compare a mirror with."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from apps.clio.sandbox.fragments import NULL
from apps.clio.sandbox.store import Store, Table


def count_records(store: Store) -> dict[str, dict[str, object]]:
    """Return for each entity the number of records and its sums as decimal strings."""
    return {
        name: {"count": len(table.rows), **{f"sum_{column}": _total(table, column) for column in table.entity.sums}}
        for name, table in store.tables.items()
    }


def _total(table: Table, column: str) -> str:
    at = table.entity.positions[column]
    texts = Counter(str(row[at]) for row in table.rows)
    total = sum((Decimal(text) * times for text, times in texts.items() if text != NULL), Decimal("0.00"))
    return str(total)
