"""What a place in a firm allows: role, scope, extra permission and consultant's level, on plain values.

Defaults are decisions.md 15: owners and admins hold everything in the firm; a member exports what they may see and no
more unless granted; a consultant by level: full sees as an admin sees, limited is a member, read-only changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from apps.core.scope import Level, Role, Scope, ScopeKind


class Audience(StrEnum):
    """For whom a route exists at all."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    FIRM = "firm"


class Extra(StrEnum):
    """A permission beside the role (kpis.md section 7); each is granted on its own."""

    RATES = "rates"
    COST_AND_PROFIT = "cost_and_profit"
    TRUST = "trust"
    NAMES = "names"
    EXPORTS = "exports"
    SCHEDULES_TO_OTHERS = "schedules_to_others"
    API_KEYS = "api_keys"


class KeyScope(StrEnum):
    """What an API key may read. A key never writes."""

    FIGURES = "figures"
    RECORDS = "records"
    FIRM = "firm"


ALL_ROLES = frozenset(Role)
ALL_SCOPES = frozenset(ScopeKind)
ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMIN})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_EVERYTHING = frozenset(Extra)
# What comes with a place by itself. Keys of a firm reach its books from anywhere, so no adviser makes them unasked.
_BY_ROLE = {Role.OWNER: _EVERYTHING, Role.ADMIN: _EVERYTHING, Role.MEMBER: frozenset({Extra.EXPORTS})}
_BY_LEVEL = {
    Level.FULL: _EVERYTHING - {Extra.API_KEYS},
    Level.LIMITED: frozenset({Extra.EXPORTS}),
    Level.READ_ONLY: frozenset[Extra](),
}
STEP_UP_LASTS = timedelta(minutes=10)
_LEVELS = (Level.READ_ONLY, Level.LIMITED, Level.FULL)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: the audience, and in a firm who may come.

    roles and scopes: any of them. permission: the extra one needed. level: the least a consultant needs; None is
    read-only for reading and limited for anything else. key_scope: what an API key must hold to read here; None keeps
    keys out. also_key_scope: what it must hold besides. step_up: a sensitive act, for which the second factor must have
    been proved within ten minutes.
    before_terms: works also while the firm owes its agreement to the terms in force.
    is_page: a page of a firm, to whose visitors a cookie belongs instead of a token, and refusals are pages too.
    """

    audience: Audience
    roles: frozenset[Role] = ALL_ROLES
    permission: Extra | None = None
    scopes: frozenset[ScopeKind] = ALL_SCOPES
    level: Level | None = None
    key_scope: KeyScope | None = None
    also_key_scope: KeyScope | None = None
    step_up: bool = False
    is_page: bool = False
    before_terms: bool = False


def is_fresh(factor_at: datetime | None, now: datetime) -> bool:
    """Tell whether the second factor was proved recently enough for a sensitive act."""
    return factor_at is not None and now - factor_at <= STEP_UP_LASTS


def permissions_held(role: Role, level: Level | None, granted: Iterable[str]) -> frozenset[Extra]:
    """Return the extra permissions of a place in a firm: what its role or level brings, and what was granted besides.

    A grant that is no longer known is ignored.
    """
    own = _BY_LEVEL[level or Level.READ_ONLY] if role is Role.CONSULTANT else _BY_ROLE[role]
    return own | {Extra(name) for name in granted if name in _EVERYTHING}


@dataclass(frozen=True, slots=True)
class FirmAccess:
    """A place in one firm: the membership's id, role, scope and every extra permission held.

    level: a consultant's. key_scopes: None for a person; for an API key what it may read.
    needs_second_factor: consultants always, everybody where the firm demands it. terms_owed: documents whose version in
    force nobody agreed to for the firm yet. hides_client_names in `scope` is set for whom the firm hides them from.
    """

    firm_id: int
    membership_id: int
    role: Role
    scope: Scope
    permissions: frozenset[Extra] = frozenset()
    firm_public_id: UUID | None = None
    level: Level | None = None
    key_scopes: frozenset[KeyScope] | None = None
    needs_second_factor: bool = False
    terms_owed: tuple[str, ...] = ()

    def may(self, rule: Rule, method: str) -> bool:
        """Tell whether this place in the firm satisfies the rule of a route for an HTTP method."""
        return (
            self.role in rule.roles
            and self.scope.kind in rule.scopes
            and (rule.permission is None or rule.permission in self.permissions)
            and self._level_suffices(rule, method)
            and self._key_suffices(rule, method)
        )

    def must_agree_first(self, rule: Rule, method: str) -> bool:
        """Tell whether whoever acts for the firm must agree to the terms before this; looking is never held up."""
        return bool(self.terms_owed) and self.role in ADMINISTRATORS and method not in _READS and not rule.before_terms

    def holds(self, permission: Extra) -> bool:
        """Tell whether an extra permission is held; queries ask it for columns, routes have it in their row."""
        return permission in self.permissions

    def _level_suffices(self, rule: Rule, method: str) -> bool:
        if self.role is not Role.CONSULTANT:
            return True
        least = rule.level or (Level.READ_ONLY if method in _READS else Level.LIMITED)
        return _LEVELS.index(self.level or Level.READ_ONLY) >= _LEVELS.index(least)

    def _key_suffices(self, rule: Rule, method: str) -> bool:
        if self.key_scopes is None:
            return True
        if method not in _READS or rule.key_scope is None:
            return False
        return self.key_scopes >= {rule.key_scope, rule.also_key_scope or rule.key_scope}
