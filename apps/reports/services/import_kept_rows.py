"""Take a file into a table that a firm keeps, and hand the table out as one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from apps.core import audit
from apps.core.errors import DomainError, FieldFault
from apps.core.tenancy import tenant
from apps.reports.contracts.kept import IDS, CellFault, GivenRow, KeptTable, TableChange
from apps.reports.errors import FileNotValid
from apps.reports.queries.kept import names_of, read_names, read_table
from apps.reports.rules.cells import read_row
from apps.reports.rules.kept_files import FileContent, LineFault, read_file, write_file
from apps.reports.services.change_kept_table import Fault, Wanted, change_table

MOST_FAULTS = 200
_NamedIds = Mapping[str, Mapping[str, Sequence[int]]]


def import_rows(
    *,
    firm_id: int,
    actor_id: int,
    table: KeptTable,
    content: bytes,
    is_whole: bool,
    is_dry_run: bool,
    if_version: int | None,
    now: datetime,
) -> TableChange:
    """Add and replace rows as a CSV file says, all of it or nothing; a dry run tells what it would change.

    is_whole: rows the file does not have go. An empty id is looked up by the name beside it. Raises FileNotValid,
    which names line, column and fault, SettingsChanged, KeptTableTooLarge.
    """
    read = read_file(table, content)
    if read.faults:
        raise _refusal(read.faults)
    with tenant(firm_id):
        rows, faults = _rows(firm_id, table, read)
        return change_table(
            firm_id=firm_id,
            actor_id=actor_id,
            table=table,
            wanted=Wanted(rows, is_whole=is_whole, faults=faults),
            refuse=_refuse,
            if_version=if_version,
            is_dry_run=is_dry_run,
            now=now,
        )


def export_rows(*, firm_id: int, actor_id: int, table: KeptTable) -> Iterator[str]:
    """Return the lines of the table's file; the export is in the trail."""
    with tenant(firm_id):
        audit.record("reports.kept_table_exported", firm_id=firm_id, user_id=actor_id, target=f"settings:{table.name}")
        rows = [row for _, row in read_table(firm_id=firm_id, table=table).values()]
        named = names_of(firm_id=firm_id, table=table, rows=rows)
    columns = [(column.name, column.name_column) for column in table.columns if column.kind in IDS]
    return write_file(
        table,
        ((row, {shown: named[name].get(int(str(row[name] or 0)), "") for name, shown in columns}) for row in rows),
    )


def _rows(firm_id: int, table: KeptTable, read: FileContent) -> tuple[list[GivenRow], list[Fault]]:
    by_name = _ids_by_name(firm_id, table, read)
    rows: list[GivenRow] = []
    faults: list[Fault] = []
    for line, cells in read.lines:
        found, unnamed = _with_ids(table, cells, by_name)
        row, wrong = read_row(table, found)
        unread = {fault.column for fault in unnamed}
        faults += [(line, fault) for fault in [*unnamed, *(fault for fault in wrong if fault.column not in unread)]]
        rows.append(GivenRow(line, row))
    return rows, faults


def _with_ids(table: KeptTable, cells: Mapping[str, str], by_name: _NamedIds) -> tuple[dict[str, str], list[CellFault]]:
    """Return a line with the ids that its names stand for."""
    found, faults = dict(cells), []
    for column in table.columns:
        name = cells.get(column.name_column, "") if column.name_column else ""
        if not name or cells.get(column.name):
            continue
        ids = by_name[column.name].get(name.casefold(), ())
        if len(ids) == 1:
            found[column.name] = str(ids[0])
        else:
            many = f"{len(ids)} records have this name" if ids else "Clio has no record of this name"
            faults.append(CellFault(column.name_column, f"{many}: fill in {column.name}.", "unknown_name"))
    return found, faults


def _ids_by_name(firm_id: int, table: KeptTable, read: FileContent) -> _NamedIds:
    by_name: dict[str, dict[str, list[int]]] = {}
    for column in table.columns:
        if column.kind not in IDS:
            continue
        by_name[column.name] = defaultdict(list)
        if any(cells.get(column.name_column) and not cells.get(column.name) for _, cells in read.lines):
            for record_id, name in read_names(firm_id=firm_id, kind=column.kind).items():
                by_name[column.name][name.casefold()].append(record_id)
    return by_name


def _refuse(faults: Sequence[Fault]) -> DomainError:
    return _refusal([LineFault(line or 1, fault.column, fault.detail, fault.code) for line, fault in faults])


def _refusal(faults: Sequence[LineFault]) -> DomainError:
    shown = faults[:MOST_FAULTS]
    named = tuple(
        FieldFault(f"/lines/{fault.line}/{fault.column}".rstrip("/"), fault.detail, fault.code) for fault in shown
    )
    return FileNotValid(
        "Nothing was changed.", faults=named, lines=[asdict(fault) for fault in shown], fault_count=len(faults)
    )
