"""Defaults of permissions by role and level (decisions.md 15), and how a row of the table judges."""

import pytest

from apps.core.access import Audience, Extra, FirmAccess, KeyScope, Rule, permissions_held
from apps.core.scope import Level, Role, Scope, ScopeKind

ALL = {"rates", "cost_and_profit", "trust", "names", "exports", "schedules_to_others", "api_keys"}


@pytest.mark.parametrize(
    ("role", "level", "granted", "held"),
    [
        (Role.OWNER, None, [], ALL),
        (Role.ADMIN, None, [], ALL),
        (Role.MEMBER, None, [], {"exports"}),
        (Role.MEMBER, None, ["trust", "names"], {"exports", "trust", "names"}),
        (Role.MEMBER, None, ["no longer known"], {"exports"}),
        (Role.CONSULTANT, Level.FULL, [], ALL - {"api_keys"}),
        (Role.CONSULTANT, Level.LIMITED, [], {"exports"}),
        (Role.CONSULTANT, Level.READ_ONLY, [], set()),
        (Role.CONSULTANT, None, [], set()),
        (Role.CONSULTANT, Level.READ_ONLY, ["rates"], {"rates"}),
    ],
)
def test_what_comes_with_a_place(role, level, granted, held):
    assert permissions_held(role, level, granted) == held


def _access(**place) -> FirmAccess:
    kind = place.pop("kind", ScopeKind.WHOLE_FIRM)
    return FirmAccess(1, 2, **{"role": Role.MEMBER, "scope": Scope(1, kind), **place})


@pytest.mark.parametrize(
    ("rule", "place", "method", "allowed"),
    [
        ({}, {}, "POST", True),
        ({"roles": frozenset({Role.OWNER})}, {}, "GET", False),
        ({"scopes": frozenset({ScopeKind.WHOLE_FIRM})}, {"kind": ScopeKind.SELF}, "GET", False),
        ({"permission": Extra.TRUST}, {}, "GET", False),
        ({"permission": Extra.TRUST}, {"permissions": frozenset({Extra.TRUST})}, "GET", True),
        ({}, {"role": Role.CONSULTANT, "level": Level.READ_ONLY}, "HEAD", True),
        ({}, {"role": Role.CONSULTANT, "level": Level.READ_ONLY}, "POST", False),
        ({}, {"role": Role.CONSULTANT, "level": Level.LIMITED}, "POST", True),
        ({"level": Level.FULL}, {"role": Role.CONSULTANT, "level": Level.LIMITED}, "GET", False),
        ({"level": Level.READ_ONLY}, {"role": Role.CONSULTANT}, "DELETE", True),
        ({}, {"key_scopes": frozenset(KeyScope)}, "GET", False),
        ({"key_scope": KeyScope.FIRM}, {"key_scopes": frozenset(KeyScope)}, "GET", True),
        ({"key_scope": KeyScope.FIRM}, {"key_scopes": frozenset(KeyScope)}, "POST", False),
        ({"key_scope": KeyScope.FIRM}, {"key_scopes": frozenset({KeyScope.RECORDS})}, "GET", False),
        (
            {"key_scope": KeyScope.FIGURES, "also_key_scope": KeyScope.RECORDS},
            {"key_scopes": frozenset({KeyScope.RECORDS})},
            "GET",
            False,
        ),
        (
            {"key_scope": KeyScope.FIGURES, "also_key_scope": KeyScope.RECORDS},
            {"key_scopes": frozenset({KeyScope.FIGURES})},
            "GET",
            False,
        ),
        (
            {"key_scope": KeyScope.FIGURES, "also_key_scope": KeyScope.RECORDS},
            {"key_scopes": frozenset({KeyScope.FIGURES, KeyScope.RECORDS})},
            "GET",
            True,
        ),
        ({"key_scope": KeyScope.FIRM, "permission": Extra.RATES}, {"key_scopes": frozenset(KeyScope)}, "GET", False),
    ],
)
def test_a_row_judges_by_all_it_names(rule, place, method, allowed):
    assert _access(**place).may(Rule(Audience.FIRM, **rule), method) is allowed
