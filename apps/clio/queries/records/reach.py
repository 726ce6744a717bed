"""A scope as SQL over the mirror: which records somebody may see (kpis.md section 7).

Whoever sees a part of the firm meets Clio's walls too: a matter with a group is theirs to see only from inside that
group, or if everybody at work in the firm is in it. A matter the mirror does not have is behind a wall.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.core.scope import Grant, Scope, ScopeKind

# By the view that reports build from too, so that a wall stands in the same place everywhere.
_OPEN_GROUPS = """ARRAY(
    SELECT a.group_id FROM clio_out_group_access a
    WHERE a.firm_id = %(firm)s AND (a.user_id = %(me)s OR a.user_id IS NULL)
)"""


@dataclass(frozen=True, slots=True)
class RowTest:
    """A condition on rows called `r`, the joins it needs, and its values. is_part: it may hold rows back."""

    condition: str = "true"
    joins: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Where rows carry what a scope tests.

    timekeeper: of whom the row is; matter, client: whose. An empty timekeeper: a granted person must be responsible for
    the matter or have originated it (by_attorney), or the row has no timekeepers and such a grant does not reach it.
    row: what the matter's columns are called; "m" is joined here. joins: what the SQL above needs, for parts only.
    """

    matter: str = "r.matter_id"
    client: str = ""
    timekeeper: str = ""
    by_attorney: bool = False
    row: str = "m"
    joins: str = ""


def rows_of(reach: Reach) -> Callable[[Scope], RowTest]:
    """Return the test of rows that carry a matter, a timekeeper, a client."""

    def test(scope: Scope) -> RowTest:
        if scope.is_whole_firm:
            return RowTest()
        condition = f"{_reached(scope, reach)} AND {_unwalled(reach)}"
        return RowTest(condition, reach.joins + _matter_join(reach), values_of(scope), is_part=True)

    return test


def linked_to_matters(column: str, *, names: Callable[[Scope], list[int]], links: tuple[str, ...]) -> Any:
    """Return the test of what matters in scope point to by `links`, and of ids a scope names by itself."""

    def test(scope: Scope) -> RowTest:
        if scope.is_whole_firm:
            return RowTest()
        reach = Reach(matter="m.clio_id", by_attorney=True)
        matches = " OR ".join(f"m.{link} = {column}" for link in links)
        condition = f"""({column} = ANY(%(named)s::bigint[]) OR EXISTS (
            SELECT FROM clio_matters m WHERE m.firm_id = %(firm)s AND m.gone_at IS NULL AND ({matches})
              AND {_reached(scope, reach)} AND {_unwalled(reach)}))"""
        return RowTest(condition, values={**values_of(scope), "named": names(scope)}, is_part=True)

    return test


def values_of(scope: Scope) -> dict[str, Any]:
    """Return the values that the tests of a scope are made with."""
    values: dict[str, Any] = {"me": scope.clio_user_id}
    for position, grant in enumerate(scope.grants):
        values |= {f"grant{position}_{name}": list(ids) for name, ids in _named(grant)}
    return values


def clients_named(scope: Scope) -> list[int]:
    """Return the clients that a grant names with no other condition."""
    return [
        client
        for grant in scope.grants
        if not (grant.timekeeper_ids or grant.practice_area_ids or grant.group_ids)
        for client in grant.client_ids
    ]


def people_named(scope: Scope) -> list[int]:
    """Return the people that grants name, and oneself."""
    me = [] if scope.clio_user_id is None else [scope.clio_user_id]
    return [*me, *[person for grant in scope.grants for person in grant.timekeeper_ids]]


def areas_named(scope: Scope) -> list[int]:
    """Return the practice areas that grants name."""
    return [area for grant in scope.grants for area in grant.practice_area_ids]


def worked_out(matter: str) -> str:
    """Return the join that works a row's matter out as `own.matter_id`.

    Behind the tenant wall an index serves plain columns only; compared with a sum of functions it would lie idle.
    """
    return f" CROSS JOIN LATERAL (SELECT {matter} AS matter_id OFFSET 0) own"


def _matter_join(reach: Reach) -> str:
    if reach.row != "m":
        return ""
    return f" LEFT JOIN clio_matters m ON m.firm_id = %(firm)s AND m.clio_id = {reach.matter}"


def _reached(scope: Scope, reach: Reach) -> str:
    row = reach.row
    if scope.kind is ScopeKind.SELF:
        mine = [reach.timekeeper] if reach.timekeeper else []
        if scope.sees_own_matters:
            mine += [f"{row}.responsible_attorney_id", f"{row}.originating_attorney_id"]
        return f"({' OR '.join(f'{column} = %(me)s' for column in mine) or 'false'})"
    met = [_granted(position, grant, reach) for position, grant in enumerate(scope.grants)]
    return f"({' OR '.join(each for each in met if each) or 'false'})"


def _granted(position: int, grant: Grant, reach: Reach) -> str:
    """Return the condition of one grant; none for one that names nothing: it grants nothing."""
    row = reach.row
    client = f"coalesce({row}.client_id, {reach.client})" if reach.client else f"{row}.client_id"
    person = f"{reach.timekeeper} = ANY({{ids}})" if reach.timekeeper else "false"
    if reach.by_attorney:
        person = f"({row}.responsible_attorney_id = ANY({{ids}}) OR {row}.originating_attorney_id = ANY({{ids}}))"
    tests = {
        "people": person,
        "areas": f"{row}.practice_area_id = ANY({{ids}})",
        "groups": f"{row}.group_id = ANY({{ids}})",
        "clients": f"{client} = ANY({{ids}})",
    }
    met = [tests[name].format(ids=f"%(grant{position}_{name})s::bigint[]") for name, _ in _named(grant)]
    return f"({' AND '.join(met)})" if met else ""


def _named(grant: Grant) -> list[tuple[str, tuple[int, ...]]]:
    everything = {
        "people": grant.timekeeper_ids,
        "areas": grant.practice_area_ids,
        "groups": grant.group_ids,
        "clients": grant.client_ids,
    }
    return [(name, ids) for name, ids in everything.items() if ids]


def _unwalled(reach: Reach) -> str:
    row = reach.row
    is_open = f"({row}.group_id IS NULL OR {row}.group_id = ANY({_OPEN_GROUPS}))"
    return f"({reach.matter} IS NULL OR ({row}.clio_id IS NOT NULL AND {is_open}))"
