"""Who may call what: one table of routes, filled by each app, read by the base views and by the tests.

Accounts answers who is calling (a Principal on `request.user`); this module answers whether that person may use the
route. A route without a row is refused for everyone, and fails `make check`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.errors import NotAllowed, NotAuthenticated
from apps.core.scope import Role, Scope

if TYPE_CHECKING:  # DRF's views load the authenticator, which needs this module
    from rest_framework.views import APIView


class Audience(StrEnum):
    """For whom a route exists at all."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    FIRM = "firm"


ALL_ROLES = frozenset(Role)
ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: the audience, and in a firm the roles that may come and the extra permission they need."""

    audience: Audience
    roles: frozenset[Role] = ALL_ROLES
    permission: str | None = None


PUBLIC = Rule(Audience.PUBLIC)
SIGNED_IN = Rule(Audience.SIGNED_IN)
MEMBERS = Rule(Audience.FIRM)
ADMINS_ONLY = Rule(Audience.FIRM, roles=ADMINISTRATORS)


@dataclass(frozen=True, slots=True)
class FirmAccess:
    """A person's place in one firm: their membership's id, role, scope and extra permissions."""

    firm_id: int
    membership_id: int
    role: Role
    scope: Scope
    permissions: frozenset[str] = frozenset()

    def may(self, rule: Rule) -> bool:
        """Tell whether this place in the firm satisfies the rule. Owners and admins hold every extra permission."""
        if self.role not in rule.roles:
            return False
        return rule.permission is None or self.role in ADMINISTRATORS or rule.permission in self.permissions


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: the person, their session, and on firm-scoped routes their place in that firm."""

    user_id: int
    session_id: int | None
    firm: FirmAccess | None = None
    is_authenticated: bool = field(default=True, init=False)

    @property
    def pk(self) -> int:
        return self.user_id


def caller(request: Request) -> Principal:
    """Return who is calling. Raises NotAuthenticated on a route that let nobody in particular through."""
    who: Any = request.user
    if not isinstance(who, Principal):
        raise NotAuthenticated
    return who


class PermissionTable:
    """Route name -> HTTP method -> rule."""

    def __init__(self) -> None:
        self._rows: dict[str, Mapping[str, Rule]] = {}

    def register(self, rows: Mapping[str, Mapping[str, Rule]]) -> None:
        """Add an app's rows, `{"firm-overview": {"GET": MEMBERS}}`; a route may be added once."""
        known = self._rows.keys() & rows.keys()
        if known:
            raise ValueError(f"routes already in the permission table: {sorted(known)}")
        self._rows.update(rows)

    def find_rule(self, route: str, method: str) -> Rule | None:
        """Return the rule of a route and method, or None. HEAD follows GET."""
        return self._rows.get(route, {}).get("GET" if method == "HEAD" else method)

    def routes(self) -> dict[str, Mapping[str, Rule]]:
        """Return a copy of the whole table."""
        return dict(self._rows)


table = PermissionTable()


class PermissionTableAllows(BasePermission):
    """DRF's way in: look the route up and judge the caller."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True or raise the domain error that says why not."""
        match = request.resolver_match
        rule = table.find_rule(match.url_name if match and match.url_name else "", request.method or "")
        if request.method == "OPTIONS":
            return True
        if rule is None and match and match.url_name in table.routes():
            raise MethodNotAllowed(request.method or "")
        if rule is None:
            raise NotAllowed
        if rule.audience is Audience.PUBLIC:
            return True
        return _judge(rule, request.user)


def _judge(rule: Rule, caller: Any) -> bool:
    if not isinstance(caller, Principal):
        raise NotAuthenticated
    if rule.audience is Audience.FIRM and (caller.firm is None or not caller.firm.may(rule)):
        raise NotAllowed("Your role in this firm does not allow this.")
    return True
