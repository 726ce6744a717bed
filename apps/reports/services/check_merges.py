"""Refuse rows kept for whom, or what, stands under another one: only the main one's rows can hold."""

from collections.abc import Iterable, Sequence

from apps.accounts.interface import list_hours_targets
from apps.reports.contracts.kept import CellFault, CellKind, GivenRow, KeptColumn, KeptTable
from apps.reports.queries.kept import MODELS
from apps.reports.rules.kept_tables import MERGED_PRACTICE_AREAS, MERGED_TIMEKEEPERS, MERGES, TABLES

_MERGED = {CellKind.PERSON: MERGED_TIMEKEEPERS, CellKind.PRACTICE_AREA: MERGED_PRACTICE_AREAS}
Faults = list[tuple[int | None, CellFault]]


def find_merge_faults(*, firm_id: int, table: KeptTable, rows: Sequence[GivenRow]) -> Faults:
    """Return what is wrong with given rows: a merge of whom rows are kept for, or a row for whom was merged."""
    if table in MERGES:
        return [*_kept_rows(firm_id, table.columns[0], rows), *_target_hours(firm_id, table, rows)]
    return [fault for column in table.columns for fault in _merged(firm_id, column, rows)]


def _kept_rows(firm_id: int, own: KeptColumn, rows: Sequence[GivenRow]) -> Faults:
    """Rows of two people for one day may contradict each other; which of them holds is for the firm to say."""
    keeping = {
        table.title: _held(firm_id, table, column.name, rows, given=own.name)
        for table in TABLES
        if table not in MERGES
        for column in table.columns
        if column.kind is own.kind
    }
    return [
        (each.place, CellFault(own.name, f"{title} has rows for it: give them to the main one first.", "keeps_rows"))
        for each in rows
        for title, ids in keeping.items()
        if each.row[own.name] in ids
    ]


def _target_hours(firm_id: int, table: KeptTable, rows: Sequence[GivenRow]) -> Faults:
    if table is not MERGED_TIMEKEEPERS:
        return []
    planned = {target.timekeeper_id for target in list_hours_targets(firm_id=firm_id)}
    detail = "There are target hours for this user: give them to the main one first."
    own = table.columns[0].name
    return [(each.place, CellFault(own, detail, "keeps_rows")) for each in rows if each.row[own] in planned]


def _merged(firm_id: int, column: KeptColumn, rows: Sequence[GivenRow]) -> Faults:
    merges = _MERGED.get(column.kind)
    if merges is None:
        return []
    own = merges.columns[0]
    held = _held(firm_id, merges, own.name, rows, given=column.name)
    detail = "This one stands under another: keep the row for that one."
    return [(each.place, CellFault(column.name, detail, "merged")) for each in rows if each.row[column.name] in held]


def _held(firm_id: int, table: KeptTable, column: str, rows: Iterable[GivenRow], *, given: str) -> set[object]:
    """Return which of the given ids a table holds in a column."""
    ids = {each.row[given] for each in rows} - {None}
    found = MODELS[table.name]._base_manager.filter(firm_id=firm_id, **{f"{column}__in": ids})
    return set(found.values_list(column, flat=True))
