"""Read records of a kind: one statement for a page, however deep it lies, and one for a single record.

A page begins after the last record seen (its value in the order, then its id), so that what others write meanwhile
shifts nothing. Where the value may be missing, PostgreSQL puts such records last going up and first going down; a page
that may reach into them asks for both parts, each in the index's order.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection

from apps.clio.queries.records.asked import Asked, Position, RecordPage
from apps.clio.queries.records.candidates import MOST, find_candidates
from apps.clio.queries.records.declaration import RecordKind, Sort
from apps.clio.queries.records.select import Selection, select_fields
from apps.core.access import Extra
from apps.core.scope import Scope

_CASTS = {"id": "bigint", "key": "text", "day": "date", "instant": "timestamptz", "text": "text"}


def list_records(
    kind: RecordKind, *, scope: Scope, holds: Collection[Extra], asked: Asked, few: int = MOST
) -> RecordPage:
    """Return one page of the records a person may see; joins the firm's transaction; no counting.

    few: a part of the firm that holds at most so many of a long list is not looked for in the list, but by itself.
    """
    selection = select_fields(kind, scope=scope, holds=holds, wanted=asked.fields)
    if kind.ways is not None and not scope.is_whole_firm:
        keys = find_candidates(kind.ways, scope=scope, values=selection.values, most=few)
        if keys == []:
            return RecordPage([], None, None)
        selection = selection if keys is None else selection.only(kind.key, keys)
    sort = next(each for each in kind.all_sorts if each.name == asked.sort)
    statement, values = _page(kind, selection, asked, sort)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    rows.sort(key=lambda row: row[-1])  # each part of the page comes in its order; the parts come in any
    return _as_page(rows, selection, asked)


def find_record(
    kind: RecordKind,
    *,
    scope: Scope,
    holds: Collection[Extra],
    key: int | str,
    fields: frozenset[str] | None,
    includes_gone: bool,
) -> dict[str, Any] | None:
    """Return one record by Clio's id, or None if there is none the person may see. Joins the firm's transaction."""
    selection = select_fields(kind, scope=scope, holds=holds, wanted=fields)
    conditions = [*selection.conditions, f"{kind.key} = %(key)s", *_gone(kind, includes_gone)]
    statement = f"{selection.head} {selection.tail(conditions)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, {**selection.values, "key": key})
        row = cursor.fetchone()
    return None if row is None else selection.record(row)


def _page(kind: RecordKind, selection: Selection, asked: Asked, sort: Sort) -> tuple[str, dict[str, Any]]:
    conditions = [*selection.conditions, *_gone(kind, asked.includes_gone)]
    values = {**selection.values, "size": asked.size + 1}
    having = []
    for each in (*kind.filters, kind.updated_since):
        if each.name in asked.filters:
            value = f"%(filter_{each.name})s"
            conditions.append(each.sql.replace("{value}", value))
            having += [each.having.replace("{value}", value)] if each.having else []
            values[f"filter_{each.name}"] = asked.filters[each.name]
    if asked.search:
        conditions.append(_search(selection))
        values["search"] = asked.search
    if asked.position is not None:
        values |= {"at": asked.position.value, "at_key": asked.position.key}
    direction = "DESC" if _goes_down(asked) else "ASC"
    columns = [kind.key] if sort.name == "id" else [sort.column, kind.key]
    order = ", ".join(f"{column} {direction}" for column in columns)
    parts = [
        f"({selection.head}, {sort.column}, {kind.key}, {number} AS part "
        f"{selection.tail([*conditions, *part], having)} ORDER BY {order} LIMIT %(size)s)"
        for number, part in enumerate(_parts(kind, sort, asked))
    ]
    return " UNION ALL ".join(parts), values


def _goes_down(asked: Asked) -> bool:
    return asked.is_descending != (asked.position is not None and asked.position.is_backwards)


def _parts(kind: RecordKind, sort: Sort, asked: Asked) -> list[list[str]]:
    """Return the conditions of each part of a page, in the order they are shown in."""
    if asked.position is None:
        return [[]]
    sign = "<" if _goes_down(asked) else ">"
    beyond = f"{kind.key} {sign} %(at_key)s::{_CASTS[kind.key_kind]}"
    if sort.name == "id":
        return [[beyond]]
    missing = f"{sort.column} IS NULL"
    if asked.position.value is None:
        rest = [[f"{sort.column} IS NOT NULL"]] if _goes_down(asked) else []
        return [[missing, beyond], *rest]
    casts = f"%(at)s::{_CASTS[sort.kind]}, %(at_key)s::{_CASTS[kind.key_kind]}"
    after = [f"({sort.column}, {kind.key}) {sign} ({casts})"]
    return [after, [missing]] if sort.is_nullable and not _goes_down(asked) else [after]


def _search(selection: Selection) -> str:
    # Only comparisons of plain columns may use an index behind the tenant wall: no LIKE, no lower(), no tsvector.
    begins = "{0} >= lower(%(search)s) AND {0} < lower(%(search)s) || chr(1114111)"
    holds = "strpos(lower({0}), lower(%(search)s)) > 0"
    tests = [(holds if each.is_anywhere else begins).format(each.sql) for each in selection.sought]
    return f"({' OR '.join(f'({each})' for each in tests)})"


def _gone(kind: RecordKind, includes_gone: bool) -> list[str]:
    return [] if includes_gone else ["r.gone_at IS NULL"]


def _as_page(rows: list[tuple[Any, ...]], selection: Selection, asked: Asked) -> RecordPage:
    position = asked.position
    has_more, taken = len(rows) > asked.size, rows[: asked.size]
    if position is not None and position.is_backwards:
        taken.reverse()
    if not taken:
        return RecordPage([], None, None)
    first = Position(taken[0][-3], taken[0][-2], is_backwards=True)
    last = Position(taken[-1][-3], taken[-1][-2])
    records = [selection.record(row) for row in taken]
    if position is not None and position.is_backwards:
        return RecordPage(records, last, first if has_more else None)
    return RecordPage(records, last if has_more else None, first if position is not None else None)
