"""A scope as SQL: which rows of the ledger somebody may see (kpis.md section 7).

Whoever sees a part of the firm meets Clio's walls too (decision 25): a matter with a group is theirs to see only from
inside that group, or if everybody at work in the firm is in it. A matter gone from Clio stays behind its wall, and one
that was never seen is behind one.
"""

# ruff: noqa: S608 - conditions are put together from constants of this module; every value is a parameter

from dataclasses import dataclass, field
from typing import Any

from apps.core.scope import Grant, Scope, ScopeKind

MATTER_JOIN = "LEFT JOIN reports_matter m ON m.firm_id = r.firm_id AND m.matter_id = r.matter_id"

# The groups the reader is in are found once per statement; where no matter has a group, nobody asks for them, and where
# none is gone with work left on it, nobody asks for those.
_INSIDE = """ARRAY(SELECT ga.group_id FROM reports_group_access ga
    WHERE ga.firm_id = %(firm)s AND (ga.timekeeper_id = %(me)s OR ga.timekeeper_id IS NULL))"""
_UNWALLED = f"""(r.matter_id IS NULL OR CASE
    WHEN m.matter_id IS NOT NULL THEN m.group_id IS NULL OR m.group_id = ANY({_INSIDE})
    ELSE r.matter_id IN (SELECT gm.matter_id FROM reports_gone_matter gm WHERE gm.firm_id = %(firm)s
                         AND (gm.group_id IS NULL OR gm.group_id = ANY({_INSIDE}))) END)"""


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


def unwalled(scope: Scope) -> RowTest:
    """Return the test that rows lie on no matter kept from the reader, whoever's they are; it is in all others."""
    return RowTest() if scope.is_whole_firm else _within_walls(scope, "true", {})


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
        people = [] if scope.clio_user_id is None else [scope.clio_user_id, *scope.same_person_ids]
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
    attorneys = ("m.responsible_id", "m.originating_id") if scope.sees_own_matters else ()
    conditions = [f"{person} = ANY(%(mine)s::bigint[])" for person in (*timekeeper, *attorneys)] or ["false"]
    mine = [scope.clio_user_id, *scope.same_person_ids]
    return _within_walls(scope, f"({' OR '.join(conditions)})", {"mine": mine})


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
    return _within_walls(scope, f"(({') OR ('.join(conditions)}))", values)


def _within_walls(scope: Scope, condition: str, values: dict[str, Any]) -> RowTest:
    """Return the test with what every reader of a part must pass: no such test is made elsewhere."""
    return RowTest(f"({condition} AND {_UNWALLED})", MATTER_JOIN, {**values, "me": scope.clio_user_id})


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
