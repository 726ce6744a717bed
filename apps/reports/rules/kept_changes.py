"""What it takes to make a kept table what somebody wants it to be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from apps.reports.contracts.kept import ChangedRow, KeptRow, RowKey


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes, the table after them, and how many of the wanted rows are there already."""

    changes: tuple[ChangedRow, ...]
    after: Mapping[RowKey, KeptRow]
    touched: frozenset[RowKey]
    unchanged: int


def plan_changes(
    *,
    existing: Mapping[RowKey, tuple[int, KeptRow]],
    wanted: Mapping[RowKey, KeptRow],
    gone: Collection[RowKey] = (),
    is_whole: bool = False,
) -> Plan:
    """Return the way from the rows there are to the wanted ones.

    existing: by key, with their ids. gone: keys to remove. is_whole: what is not wanted goes too.
    """
    leaving = {key for key in existing if key not in wanted and (is_whole or key in gone)}
    changes = [ChangedRow(existing[key][1], None, existing[key][0]) for key in existing if key in leaving]
    unchanged = 0
    for key, row in wanted.items():
        row_id, before = existing.get(key, (None, None))
        if before == row:
            unchanged += 1
        else:
            changes.append(ChangedRow(before, row, row_id))
    after = {key: row for key, (_, row) in existing.items() if key not in leaving} | dict(wanted)
    return Plan(tuple(changes), after, frozenset(leaving | wanted.keys()), unchanged)
