"""Add, replace and remove rows of a table that a firm keeps."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.core.errors import DomainError, FieldFault
from apps.core.tenancy import tenant
from apps.reports.contracts.kept import CellFault, GivenRow, KeptRow, KeptTable, TableChange
from apps.reports.errors import KeptRowNotFound, KeptRowsNotValid
from apps.reports.queries.kept import MODELS, row_of
from apps.reports.rules.cells import read_row
from apps.reports.services.change_kept_table import Fault, Wanted, change_table

MOST_FAULTS = 200
Given = Mapping[str, object]


def save_rows(
    *,
    firm_id: int,
    actor_id: int,
    table: KeptTable,
    rows: Sequence[Given],
    removed_ids: Sequence[int] = (),
    if_version: int | None,
    is_dry_run: bool = False,
    now: datetime,
) -> TableChange:
    """Add rows, or replace those with the same key, and remove others, as one change that is checked as a whole.

    rows: cells by column, as text or JSON values. Raises KeptRowsNotValid, which names row and column,
    KeptRowNotFound, SettingsChanged, KeptTableTooLarge.
    """
    read = [read_row(table, row) for row in rows]
    faults = [*_strangers(table, rows), *((place, fault) for place, (_, found) in enumerate(read) for fault in found)]
    with tenant(firm_id):
        gone = frozenset(table.key_of(_row(firm_id, table, row_id)) for row_id in removed_ids)
        return change_table(
            firm_id=firm_id,
            actor_id=actor_id,
            table=table,
            wanted=Wanted([GivenRow(place, row) for place, (row, _) in enumerate(read)], gone, faults=faults),
            refuse=_refuse_rows,
            if_version=if_version,
            is_dry_run=is_dry_run,
            now=now,
        )


def change_row(
    *,
    firm_id: int,
    actor_id: int,
    table: KeptTable,
    row_id: int,
    cells: Given,
    is_partial: bool,
    if_version: int | None,
    now: datetime,
) -> TableChange:
    """Replace a row's cells; with is_partial those not named stay. Raises as save_rows does."""
    with tenant(firm_id):
        before = _row(firm_id, table, row_id)
        row, found = read_row(table, {**before, **cells} if is_partial else cells)
        faults = [*_strangers(table, [cells]), *((0, fault) for fault in found)]
        return change_table(
            firm_id=firm_id,
            actor_id=actor_id,
            table=table,
            wanted=Wanted([GivenRow(0, row)], row_id=row_id, faults=faults),
            refuse=_refuse_row,
            if_version=if_version,
            now=now,
        )


def remove_row(
    *, firm_id: int, actor_id: int, table: KeptTable, row_id: int, if_version: int | None, now: datetime
) -> TableChange:
    """Remove a row. Raises KeptRowNotFound, SettingsChanged, and KeptRowsNotValid where the rest cannot stand so."""
    return save_rows(
        firm_id=firm_id,
        actor_id=actor_id,
        table=table,
        rows=(),
        removed_ids=(row_id,),
        if_version=if_version,
        now=now,
    )


def _row(firm_id: int, table: KeptTable, row_id: int) -> KeptRow:
    found = MODELS[table.name]._base_manager.filter(firm_id=firm_id, pk=row_id).first()
    if found is None:
        raise KeptRowNotFound(row_id=row_id)
    return row_of(table, found)


def _strangers(table: KeptTable, rows: Sequence[Given]) -> list[Fault]:
    return [
        (place, CellFault(name[:60], "There is no such column.", "unknown_column"))
        for place, row in enumerate(rows)
        for name in row
        if table.column(name) is None
    ]


def _refuse_rows(faults: Sequence[Fault]) -> DomainError:
    """Name each fault by the row and the cell it is in; what is wrong with rows that were there, by their list."""
    return _refusal([("/rows" if place is None else f"/rows/{place}/{fault.column}", fault) for place, fault in faults])


def _refuse_row(faults: Sequence[Fault]) -> DomainError:
    return _refusal([(f"/{fault.column}", fault) for _, fault in faults])


def _refusal(faults: Sequence[tuple[str, CellFault]]) -> DomainError:
    named = tuple(FieldFault(pointer, fault.detail, fault.code) for pointer, fault in faults[:MOST_FAULTS])
    return KeptRowsNotValid("Nothing was changed.", faults=named, fault_count=len(faults))
