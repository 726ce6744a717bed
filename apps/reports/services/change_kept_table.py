"""Change a table that a firm keeps: all or nothing, checked as a whole, in the trail, under a new version."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from apps.core import audit
from apps.core.errors import DomainError
from apps.core.tenancy import tenant
from apps.reports import models
from apps.reports.contracts.kept import (
    IDS,
    CellFault,
    ChangedRow,
    GivenRow,
    KeptRow,
    KeptTable,
    RowKey,
    TableChange,
)
from apps.reports.errors import KeptTableTooLarge, SettingsChanged
from apps.reports.queries.closes import list_closed_since
from apps.reports.queries.kept import MODELS, get_version, read_names, read_table
from apps.reports.rules.cells import write_cell
from apps.reports.rules.kept_changes import Plan, plan_changes
from apps.reports.rules.kept_checks import check_row, check_rows
from apps.reports.services.check_merges import find_merge_faults
from apps.reports.services.request_rebuild import request_rebuild

MOST_ROWS = 100_000
WITHHELD = "withheld"
_PER_ENTRY, _AT_ONCE = 200, 2000
Fault = tuple[int | None, CellFault]
"""What is wrong, and the place of the given row it is wrong with; None: with rows that are there already."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a table is to become. gone: rows that go. is_whole: what is not given goes too. row_id: that row becomes it.

    faults: what was found wrong before; they are told together with what is found here.
    """

    rows: Sequence[GivenRow] = ()
    gone: frozenset[RowKey] = frozenset()
    is_whole: bool = False
    row_id: int | None = None
    faults: Sequence[Fault] = field(default_factory=tuple)


def change_table(
    *,
    firm_id: int,
    actor_id: int,
    table: KeptTable,
    wanted: Wanted,
    refuse: Callable[[Sequence[Fault]], DomainError],
    if_version: int | None,
    is_dry_run: bool = False,
    now: datetime,
) -> TableChange:
    """Make the table what is wanted and return what that changed; a dry run only tells.

    refuse: makes the error that names the faults. if_version: the version somebody read. Enqueues a rebuild where the
    ledger is made with the table. Raises SettingsChanged, KeptTableTooLarge, and what `refuse` returns.
    """
    with tenant(firm_id):
        version = take_version(firm_id, table.name, if_version=if_version, now=now, is_dry_run=is_dry_run)
        existing = read_table(firm_id=firm_id, table=table)
        plan, faults = _plan(firm_id, table, existing, wanted)
        if faults:
            raise refuse(faults)
        if len(plan.after) > MOST_ROWS:
            raise KeptTableTooLarge(f"A table holds at most {MOST_ROWS:,} rows.")
        if plan.changes and not is_dry_run:
            version += 1
            _write(firm_id, table, plan.changes)
            _record(firm_id, actor_id, table, plan.changes, version)
            raise_version(firm_id, table.name, actor_id=actor_id, now=now)
            if table.rebuilds:
                request_rebuild(firm_id=firm_id, now=now)
        closed = _closed_months(firm_id, table, plan.changes)
    return TableChange(version, plan.changes, plan.unchanged, closed)


def _closed_months(firm_id: int, table: KeptTable, changes: Sequence[ChangedRow]) -> tuple[date, ...]:
    """Return the closed months that changed rows hold in."""
    sides = [row for change in changes for row in (change.before, change.after) if row is not None]
    days = [day for row in sides if isinstance(day := row.get(table.holds_from), date)]
    if sides and not table.holds_from:
        days = [date.min]
    return list_closed_since(firm_id=firm_id, day=min(days)) if days else ()


def take_version(firm_id: int, subject: str, *, if_version: int | None, now: datetime, is_dry_run: bool) -> int:
    """Return the version of a table or of the rules, kept from others who change it. Raises SettingsChanged."""
    if is_dry_run:
        version = get_version(firm_id=firm_id, subject=subject)
    else:
        models.SettingsVersion.objects.get_or_create(firm_id=firm_id, subject=subject, defaults={"changed_at": now})
        version = models.SettingsVersion.objects.select_for_update().get(firm_id=firm_id, subject=subject).version
    if if_version is not None and if_version != version:
        raise SettingsChanged("Read it again, then repeat your change.", version=version)
    return version


def raise_version(firm_id: int, subject: str, *, actor_id: int, now: datetime) -> None:
    """Say that a table or the rules changed."""
    row, _ = models.SettingsVersion.objects.get_or_create(
        firm_id=firm_id, subject=subject, defaults={"changed_at": now}
    )
    row.version, row.changed_at, row.changed_by_id = row.version + 1, now, actor_id
    row.save(update_fields=["version", "changed_at", "changed_by"])


def _plan(
    firm_id: int, table: KeptTable, existing: Mapping[RowKey, tuple[int, KeptRow]], wanted: Wanted
) -> tuple[Plan, list[Fault]]:
    faults = list(wanted.faults)
    places: dict[RowKey, int] = {}
    rows: dict[RowKey, KeptRow] = {}
    faulty = {place for place, _ in faults}
    for given in wanted.rows:
        key = table.key_of(given.row)
        fault = check_row(table.name, given.row) if given.place not in faulty else None
        if fault:
            faults.append((given.place, fault))
        elif given.place not in faulty and key in places:
            faults.append((given.place, CellFault(table.keys[0], "The same row was given before.", "twice")))
        places.setdefault(key, given.place)
        rows[key] = given.row
    faults += _unknown_ids(firm_id, table, existing, wanted.rows)
    faults += find_merge_faults(firm_id=firm_id, table=table, rows=wanted.rows)
    plan = plan_changes(existing=existing, wanted=rows, gone=wanted.gone, is_whole=wanted.is_whole)
    if wanted.row_id is not None:
        plan, moved = _moved(table, existing, plan, wanted)
        faults += moved
    if not faults:
        faults += [(places.get(key), fault) for key, fault in check_rows(table.name, plan.after, plan.touched)]
    return plan, sorted(faults, key=lambda each: -1 if each[0] is None else each[0])


def _moved(
    table: KeptTable, existing: Mapping[RowKey, tuple[int, KeptRow]], plan: Plan, wanted: Wanted
) -> tuple[Plan, list[Fault]]:
    """Let one row become another and keep its id; it may not become one that is there."""
    (given,) = wanted.rows
    key = table.key_of(given.row)
    before = next(row for row_id, row in existing.values() if row_id == wanted.row_id)
    if key in existing and existing[key][0] != wanted.row_id:
        return plan, [(given.place, CellFault(table.keys[0], "There is such a row already.", "exists"))]
    after = {at: row for at, row in plan.after.items() if at != table.key_of(before)} | {key: given.row}
    changes = () if before == given.row else (ChangedRow(before, given.row, wanted.row_id),)
    return replace(plan, changes=changes, after=after, touched=frozenset({key, table.key_of(before)})), []


def _unknown_ids(
    firm_id: int, table: KeptTable, existing: Mapping[RowKey, tuple[int, KeptRow]], rows: Iterable[GivenRow]
) -> list[Fault]:
    """Refuse ids Clio has no record of; what is in the table already may stay."""
    faults: list[Fault] = []
    for column in table.columns:
        if column.kind not in IDS:
            continue
        given = {each.row[column.name] for each in rows} - {None} - {row[column.name] for _, row in existing.values()}
        wanted = [int(str(each)) for each in given]
        unknown = set(wanted) - read_names(firm_id=firm_id, kind=column.kind, ids=wanted).keys() if wanted else set()
        detail = f"Clio has no such {column.kind.value.replace('_', ' ')}."
        faults += [
            (each.place, CellFault(column.name, detail, "unknown_id"))
            for each in rows
            if each.row[column.name] in unknown
        ]
    return faults


def _write(firm_id: int, table: KeptTable, changes: Sequence[ChangedRow]) -> None:
    model = MODELS[table.name]
    rows = model._base_manager.filter(firm_id=firm_id)
    gone = [change.row_id for change in changes if change.what == "removed"]
    if gone:
        rows.filter(pk__in=gone).delete()
    moved = [
        change for change in changes if change.what == "changed" and _key(table, change, 0) != _key(table, change, 1)
    ]
    for change in moved:
        rows.filter(pk=change.row_id).update(**_stored(change.after or {}))
    kept = [
        model(firm_id=firm_id, **_stored(change.after)) for change in changes if change.after and change not in moved
    ]
    values = [column.name for column in table.columns if not column.is_key]
    model._base_manager.bulk_create(
        kept,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["firm", *table.keys],
        update_fields=values,
    )


def _key(table: KeptTable, change: ChangedRow, side: int) -> RowKey:
    row = (change.before, change.after)[side]
    return table.key_of(row) if row else ()


def _stored(row: KeptRow) -> dict[str, Any]:
    return {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in row.items()}


def _record(firm_id: int, actor_id: int, table: KeptTable, changes: Sequence[ChangedRow], version: int) -> None:
    """Put every row that changed into the trail, before and after, some in each entry."""
    for first in range(0, len(changes), _PER_ENTRY):
        audit.record(
            "reports.kept_table_changed",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"settings:{table.name}",
            version=version,
            rows=[_sides(table, change) for change in changes[first : first + _PER_ENTRY]],
        )


def _sides(table: KeptTable, change: ChangedRow) -> list[dict[str, str] | None]:
    """Return a row before and after, as the trail tells it: of what people earn no more than that it changed."""
    before, after = _told(change.before), _told(change.after)
    for name in (column.name for column in table.columns if column.is_pay):
        is_changed = before is not None and after is not None and before[name] != after[name]
        for side, withheld in ((before, WITHHELD), (after, f"{WITHHELD}, changed" if is_changed else WITHHELD)):
            if side is not None:
                side[name] = withheld
    return [before, after]


def _told(row: KeptRow | None) -> dict[str, str] | None:
    return None if row is None else {name: write_cell(cell) for name, cell in row.items()}
