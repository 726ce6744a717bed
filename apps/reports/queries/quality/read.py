"""Count and list what the checks find, in a scope."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts.explanation import RowFacts, RowKind
from apps.reports.queries.quality.declaration import Check, RowSet
from apps.reports.queries.scoping import RowTest, matters_in, rows_in, unwalled

Found = tuple[RowKind, int, str, RowFacts]


def count_faults(*, scope: Scope, checks: Iterable[Check], today: date) -> dict[str, tuple[int, int | None]]:
    """Return what each check finds and of how many records, by its key. One statement per set of records."""
    by_set: dict[RowSet, list[Check]] = {}
    for check in checks:
        by_set.setdefault(check.of, []).append(check)
    found: dict[str, tuple[int, int | None]] = {}
    for row_set, of_set in by_set.items():
        counted = "DISTINCT r.row_id" if row_set.repeats else "*"
        counts = ", ".join(f"count({counted}) FILTER (WHERE {check.condition})" for check in of_set)
        (rows, inside), test = _rows(scope, row_set), _seen(scope, row_set)
        statement = f"SELECT count({counted}), {counts} FROM ({rows}) r {test.join} WHERE {test.condition}"
        total, *each = _fetch(statement, scope, today, {**inside, **test.values})[0]
        of = total if row_set.is_whole else None
        found |= {check.key: (count, of) for check, count in zip(of_set, each, strict=True)}
    return found


def list_faults(
    *, scope: Scope, check: Check, today: date, beyond: tuple[int, str] | None, is_backwards: bool, limit: int
) -> list[Found]:
    """Return records a check finds, from the place `beyond` on, those of the highest id first; backwards if asked."""
    direction, comparison = ("ASC", ">") if is_backwards else ("DESC", "<")
    further = f"AND (r.row_id, r.part) {comparison} (%(row_id)s, %(row_part)s)" if beyond else ""
    (rows, inside), test = _rows(scope, check.of), _seen(scope, check.of)
    statement = f"""
SELECT r.kind, r.row_id, r.part, min(r.detail), min(r.day), {_the_only("r.timekeeper_id")}, {_the_only("r.matter_id")},
       min(r.bill_id), min(r.client_id)
FROM ({rows}) r {test.join}
WHERE ({check.condition}) AND {test.condition} {further}
GROUP BY r.kind, r.row_id, r.part
ORDER BY r.row_id {direction}, r.part {direction}
LIMIT %(row_limit)s
"""
    place = dict(zip(("row_id", "row_part"), beyond, strict=True)) if beyond else {}
    found = _fetch(statement, scope, today, {**inside, **test.values, **place, "row_limit": limit})
    return [(RowKind(row[0]), row[1], row[2], RowFacts(*row[3:])) for row in found]


def _the_only(column: str) -> str:
    return f"CASE WHEN min({column}) = max({column}) THEN min({column}) END"


def _rows(scope: Scope, row_set: RowSet) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the records, what they add up being what the reader sees, and its values."""
    seen, within = rows_in(scope, payer="r.payer_id"), unwalled(scope)
    rows = row_set.rows.format(
        seen_join=seen.join, seen=seen.condition, unwalled_join=within.join, unwalled=within.condition
    )
    return rows, {**seen.values, **within.values}


def _seen(scope: Scope, row_set: RowSet) -> RowTest:
    return matters_in(scope) if row_set.are_matters else rows_in(scope, payer="r.client_id")


def _fetch(statement: str, scope: Scope, today: date, more: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"firm": scope.firm_id, "today": today, **more})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
