"""What a firm keeps: its rules, the rows of its tables, and the versions of both; inside the firm's transaction."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from apps.core.scope import Scope
from apps.reports import models
from apps.reports.contracts.kept import (
    IDS,
    AgingBasis,
    CapacityBasis,
    CellKind,
    FirmRules,
    KeptRow,
    KeptTable,
    LeaderboardNames,
    PaymentAllocation,
    RowKey,
)
from apps.reports.rules import kept_tables as tables

MODELS: Mapping[str, type[models.Kept]] = {
    tables.TARGETS.name: models.Target,
    tables.COST_RATES.name: models.CostRate,
    tables.STANDARD_RATES.name: models.StandardRate,
    tables.CREDIT_SPLITS.name: models.CreditSplit,
    tables.FEE_SPLITS.name: models.FeeSplit,
    tables.WORKING_TIMES.name: models.WorkingTime,
    tables.EMPLOYMENTS.name: models.EmploymentDates,
    tables.LEAVES.name: models.Leave,
    tables.EXCHANGE_RATES.name: models.ExchangeRate,
    tables.MERGED_TIMEKEEPERS.name: models.MergedTimekeeper,
    tables.MERGED_PRACTICE_AREAS.name: models.MergedPracticeArea,
}
RULES, PAYMENT_ALLOCATION = "rules", "payment_allocation"
"""Subjects of versions beside the tables: all rules together, and the one the ledger is made with."""
_LEDGER_SUBJECTS = (PAYMENT_ALLOCATION, *(table.name for table in tables.TABLES if table.rebuilds))
# Where the names behind Clio's ids are.
_NAMES = {
    CellKind.PERSON: "SELECT timekeeper_id AS id, name FROM reports_person WHERE firm_id = %(firm)s",
    CellKind.MATTER: "SELECT matter_id AS id, name FROM reports_matter WHERE firm_id = %(firm)s",
    CellKind.CLIENT: "SELECT record_id AS id, name FROM reports_name WHERE firm_id = %(firm)s AND kind = 'contact'",
    CellKind.PRACTICE_AREA: (
        "SELECT record_id AS id, name FROM reports_name WHERE firm_id = %(firm)s AND kind = 'practice_area'"
    ),
}


def get_rules(*, firm_id: int) -> FirmRules:
    """Return the firm's rules; a firm that never touched them has the defaults."""
    found = models.Rules.objects.filter(firm_id=firm_id).first()
    version = get_version(firm_id=firm_id, subject=RULES)
    if found is None:
        return FirmRules(version=version)
    return FirmRules(
        payment_allocation=PaymentAllocation(found.payment_allocation),
        aging_basis=AgingBasis(found.aging_basis),
        counts_no_charge_as_billable=found.counts_no_charge_as_billable,
        capacity_basis=CapacityBasis(found.capacity_basis),
        leaderboard_names=LeaderboardNames(found.leaderboard_names),
        leaderboard_minimum_hours=found.leaderboard_minimum_hours,
        minimum_people=found.minimum_people,
        version=version,
    )


def get_version(*, firm_id: int, subject: str) -> int:
    """Return how often a table, or the rules, changed."""
    found = models.SettingsVersion.objects.filter(firm_id=firm_id, subject=subject)
    return found.values_list("version", flat=True).first() or 0


def settings_version(*, firm_id: int) -> int:
    """Return a number that grows with every change of what the firm keeps; a part of its figures' data version."""
    found = models.SettingsVersion.objects.filter(firm_id=firm_id).aggregate(total=Sum("version"))
    return found["total"] or 0


def ledger_settings_version(*, firm_id: int) -> int:
    """Return a number that grows with every change of what the ledger is made with."""
    mine = models.SettingsVersion.objects.filter(firm_id=firm_id, subject__in=_LEDGER_SUBJECTS)
    return mine.aggregate(total=Sum("version"))["total"] or 0


def list_rows(
    *, scope: Scope, table: KeptTable, on: date | None = None, only: Mapping[str, int] | None = None
) -> QuerySet[models.Kept]:
    """Return the rows of a table. on: those that hold on this day. only: ids by the names of their columns."""
    rows: QuerySet[Any] = MODELS[table.name]._base_manager.filter(firm_id=scope.firm_id, **(only or {}))
    if on is None or not table.holds_from:
        return rows
    started = rows.filter(**{f"{table.holds_from}__lte": on})
    if table.holds_to:
        return started.filter(Q(**{f"{table.holds_to}__gte": on}) | Q(**{table.holds_to: None}))
    if table is tables.TARGETS:
        return started.filter(month=on.replace(day=1))
    return started.filter(~Exists(_later(table, scope.firm_id, on)))


def _later(table: KeptTable, firm_id: int, on: date) -> QuerySet[Any]:
    """Return the rows that came after a row for the same subject, by the day."""
    subject = {name: OuterRef(name) for name in table.keys if name != table.holds_from}
    since = table.holds_from
    return MODELS[table.name]._base_manager.filter(
        firm_id=firm_id, **{f"{since}__gt": OuterRef(since), f"{since}__lte": on}, **subject
    )


def read_table(*, firm_id: int, table: KeptTable) -> dict[RowKey, tuple[int, KeptRow]]:
    """Return every row of a table with its id, by key, in the order of the keys."""
    names = [column.name for column in table.columns]
    order = [F(name).asc(nulls_first=True) for name in table.keys]
    found = MODELS[table.name]._base_manager.filter(firm_id=firm_id).order_by(*order).values_list("pk", *names)
    rows: dict[RowKey, tuple[int, KeptRow]] = {}
    for pk, *cells in found.iterator(chunk_size=5000):
        row = {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in zip(names, cells, strict=True)}
        rows[table.key_of(row)] = (pk, row)
    return rows


def row_of(table: KeptTable, found: models.Kept) -> KeptRow:
    """Return the cells of a stored row."""
    cells = {column.name: getattr(found, column.name) for column in table.columns}
    return {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in cells.items()}


def read_names(*, firm_id: int, kind: CellKind, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Return the names of the records Clio has of a kind, of all of them or of these ids."""
    values = {"firm": firm_id, "ids": None if ids is None else list(ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, name FROM ({_NAMES[kind]}) n WHERE %(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s::bigint[])",  # noqa: S608 - our own words; every value is a parameter
            values,
        )
        return dict(cursor.fetchall())


def names_of(*, firm_id: int, table: KeptTable, rows: Iterable[KeptRow]) -> dict[str, dict[int, str]]:
    """Return, for every column of ids, the names of the ids its rows hold."""
    rows = list(rows)
    found = {}
    for column in table.columns:
        if column.kind in IDS:
            ids = {row[column.name] for row in rows} - {None}
            found[column.name] = read_names(firm_id=firm_id, kind=column.kind, ids=[int(str(each)) for each in ids])
    return found
