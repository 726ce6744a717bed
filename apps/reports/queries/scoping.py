"""A scope as SQL: which rows of the ledger somebody may see (kpis.md section 7)."""

from dataclasses import dataclass, field
from typing import Any

from apps.core.scope import Grant, Scope, ScopeKind

MATTER_JOIN = "LEFT JOIN reports_matter m ON m.firm_id = r.firm_id AND m.matter_id = r.matter_id"


@dataclass(frozen=True, slots=True)
class RowTest:
    """A condition on rows called `r`, the join it needs, and its values."""

    condition: str = "true"
    join: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def rows_in(scope: Scope, *, timekeeper: str = "r.timekeeper_id", payer: str = "") -> RowTest:
    """Return the test of rows that carry a timekeeper and a matter. payer: stands in for a matter's missing client."""
    if scope.kind is ScopeKind.WHOLE_FIRM:
        return RowTest()
    if scope.kind is ScopeKind.SELF:
        return _own_rows(scope, timekeeper)
    return _granted_rows(scope, (timekeeper,), f"coalesce(m.client_id, {payer})" if payer else "m.client_id")


def matters_in(scope: Scope, *, payer: str = "") -> RowTest:
    """Return the test of rows that count as matters: by the matter itself, or by who is responsible or originating.

    payer: stands in for a matter's missing client.
    """
    if scope.kind is ScopeKind.WHOLE_FIRM:
        return RowTest()
    if scope.kind is ScopeKind.SELF:
        return _own_rows(scope)
    client = f"coalesce(m.client_id, {payer})" if payer else "m.client_id"
    return _granted_rows(scope, ("m.responsible_id", "m.originating_id"), client)


def people_in(scope: Scope) -> RowTest:
    """Return the test of rows that carry a timekeeper and nothing else, as capacity does.

    A grant that also names practice areas, groups or clients admits a part of a person's work only, and capacity has no
    such parts.
    """
    if scope.kind is ScopeKind.WHOLE_FIRM:
        return RowTest()
    if scope.kind is ScopeKind.SELF:
        people = [] if scope.clio_user_id is None else [scope.clio_user_id]
    else:
        people = [
            person
            for grant in scope.grants
            if not (grant.practice_area_ids or grant.group_ids or grant.client_ids)
            for person in grant.timekeeper_ids
        ]
    return RowTest("r.timekeeper_id = ANY(%(people)s::bigint[])", values={"people": people})


def _own_rows(scope: Scope, *timekeeper: str) -> RowTest:
    if scope.clio_user_id is None:
        return RowTest("false")
    conditions = [f"{person} = %(me)s" for person in (*timekeeper, "m.responsible_id", "m.originating_id")]
    return RowTest(f"({' OR '.join(conditions)})", MATTER_JOIN, {"me": scope.clio_user_id})


def _granted_rows(scope: Scope, people: tuple[str, ...], client: str) -> RowTest:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for position, grant in enumerate(scope.grants):
        named = _conditions(grant, people, client)
        if named:  # a grant that names nothing grants nothing
            conditions.append(
                " AND ".join(_any_of(columns, f"%(grant{position}_{key}s)s::bigint[]") for key, columns, _ in named)
            )
            values |= {f"grant{position}_{key}s": list(ids) for key, _, ids in named}
    if not conditions:
        return RowTest("false")
    return RowTest(f"(({') OR ('.join(conditions)}))", MATTER_JOIN, values)


def _any_of(columns: tuple[str, ...], ids: str) -> str:
    tests = [f"{column} = ANY({ids})" for column in columns]
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def _conditions(
    grant: Grant, people: tuple[str, ...], client: str
) -> list[tuple[str, tuple[str, ...], tuple[int, ...]]]:
    columns = (
        ("timekeeper", people, grant.timekeeper_ids),
        ("area", ("m.practice_area_id",), grant.practice_area_ids),
        ("group", ("m.group_id",), grant.group_ids),
        ("client", (client,), grant.client_ids),
    )
    return [column for column in columns if column[2]]
