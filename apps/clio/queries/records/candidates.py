"""Find a scope's rows by indexes before a list is walked through: what holds almost nothing is then found at once.

A list is read in its order until a page is full. Of a part of the firm that holds few of its rows that may mean all of
them. So the rows the scope may hold are looked for first, up to a number: if there are no more, only these are read. It
is never decided here who sees what: candidates may be too many and never too few, and the scope's test is made anyway.
"""

# ruff: noqa: S608 - names come from the declarations, values never

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.core.scope import Grant, Scope, ScopeKind

MOST = 3_000
_MINE = "ARRAY[%(me)s]::bigint[]"
_MATTERS = "SELECT m.clio_id FROM clio_matters m WHERE m.firm_id = %(firm)s AND m.{column} = ANY({ids})"


@dataclass(frozen=True, slots=True)
class Ways:
    """How rows of a kind are found: SELECTs of their keys.

    of_people: by `{ids}`, an array of people; empty where rows are of nobody's time. of_matters: by `{matters}`, a
    SELECT of matters; rows whose matter no index tells are all candidates. of_clients: by `{ids}`, beside the matters
    of these clients.
    """

    of_people: tuple[str, ...] = ()
    of_matters: tuple[str, ...] = ()
    of_clients: tuple[str, ...] = ()


def by_column(table: str, column: str, *, key: str = "clio_id", given: str = "") -> str:
    """Return the SELECT of a table's rows by a column with an index. given: what else must hold of a row `c`."""
    return _for_each("unnest({ids})", table, column, key, given)


def by_link(table: str, column: str, then: str, link: str, *, key: str = "clio_id", given: str = "") -> str:
    """Return the SELECT of rows of `then` by their `link` to rows of a table, which are found by a column."""
    return _for_each(f"({by_column(table, column)})", then, link, key, given)


def by_matter(table: str, *, key: str = "clio_id") -> str:
    """Return the SELECT of a table's rows by the matter they tell."""
    return _for_each("({matters})", table, "matter_id", key)


def of_no_matter(table: str, *, key: str = "clio_id", given: str = "") -> str:
    """Return the SELECT of a table's rows that tell no matter: something else may."""
    also = f" AND {given}" if given else ""
    return f"SELECT c.{key} AS key FROM {table} c WHERE c.firm_id = %(firm)s AND c.matter_id IS NULL{also}"


def _for_each(ids: str, table: str, column: str, key: str, given: str = "") -> str:
    """One lookup per id, whatever the planner thinks of it: it may end as soon as there are enough."""
    also = f" AND {given}" if given else ""
    return f"""SELECT found.key FROM {ids} AS wanted (id) CROSS JOIN LATERAL (
        SELECT c.{key} AS key FROM {table} c
        WHERE c.firm_id = %(firm)s AND c.{column} = wanted.id{also} OFFSET 0) found"""


def find_candidates(ways: Ways, *, scope: Scope, values: dict[str, Any], most: int) -> list[int] | None:
    """Return the keys of all rows the scope may hold, or None if there are more than `most`; joins the transaction.

    values: of the scope's tests, by name.
    """
    selects = list(dict.fromkeys(_selects(ways, scope)))
    if not selects:
        return []
    found = " UNION ALL ".join(f"({each})" for each in selects)
    statement = f"SELECT array_agg(key) FROM (SELECT key FROM ({found}) AS each LIMIT %(most)s) AS bounded"
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "firm": scope.firm_id, "most": most + 1})
        keys: list[int] = cursor.fetchone()[0] or []
    return None if len(keys) > most else sorted({key for key in keys if key is not None})


def _selects(ways: Ways, scope: Scope) -> Iterator[str]:
    if scope.kind is ScopeKind.SELF:
        yield from (each.format(ids=_MINE) for each in ways.of_people)
        attorneys = ("responsible_attorney_id", "originating_attorney_id") if scope.sees_own_matters else ()
        for attorney in attorneys:
            yield from _of_matters(ways, attorney, _MINE)
        return
    for position, grant in enumerate(scope.grants):
        yield from _of_grant(ways, position, grant)


def _of_grant(ways: Ways, position: int, grant: Grant) -> Iterator[str]:
    """What a grant names it demands together, so the rows of one of them hold all of it."""
    ids = f"%(grant{position}_{{}})s::bigint[]"
    if grant.timekeeper_ids:
        yield from (each.format(ids=ids.format("people")) for each in ways.of_people)
    elif grant.client_ids:
        yield from _of_matters(ways, "client_id", ids.format("clients"))
        yield from (each.format(ids=ids.format("clients")) for each in ways.of_clients)
    elif grant.group_ids:
        yield from _of_matters(ways, "group_id", ids.format("groups"))
    elif grant.practice_area_ids:
        yield from _of_matters(ways, "practice_area_id", ids.format("areas"))


def _of_matters(ways: Ways, column: str, ids: str) -> Iterator[str]:
    matters = _MATTERS.format(column=column, ids=ids)
    return (each.format(matters=matters) for each in ways.of_matters)
