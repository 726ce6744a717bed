"""Who may call what: one table of routes, filled by each app, read by the base views and by the tests.

Accounts answers who is calling (a Principal on `request.user`); this module answers whether that person, or that API
key, may use the route. A route without a row is refused for everyone, and fails `make check`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.access import (
    ADMINISTRATORS,
    ALL_ROLES,
    ALL_SCOPES,
    Audience,
    Extra,
    FirmAccess,
    KeyScope,
    Rule,
    is_fresh,
    permissions_held,
)
from apps.core.errors import NotAllowed, NotAuthenticated, SecondFactorNeeded, StepUpNeeded, TermsNeeded

if TYPE_CHECKING:  # DRF's views load the authenticator, which needs this module
    from rest_framework.views import APIView

__all__ = [
    "ADMINISTRATORS",
    "ADMINS_ONLY",
    "ALL_ROLES",
    "ALL_SCOPES",
    "MEMBERS",
    "PUBLIC",
    "SIGNED_IN",
    "Audience",
    "Extra",
    "FirmAccess",
    "KeyScope",
    "PermissionTable",
    "PermissionTableAllows",
    "Principal",
    "Rule",
    "caller",
    "judge",
    "permissions_held",
    "require_step_up",
    "table",
]

PUBLIC = Rule(Audience.PUBLIC)
SIGNED_IN = Rule(Audience.SIGNED_IN)
MEMBERS = Rule(Audience.FIRM)
ADMINS_ONLY = Rule(Audience.FIRM, roles=ADMINISTRATORS)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: the person, their session, and on firm-scoped routes their place in that firm.

    An API key calls as the person who made it, without a session; its place in its one firm is known from the start.
    is_two_factor: the session was opened with a second factor. factor_at: when one was last proved in it.
    """

    user_id: int
    session_id: int | None
    firm: FirmAccess | None = None
    api_key_id: int | None = None
    is_two_factor: bool = False
    factor_at: datetime | None = None
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


def is_public(request: Request) -> bool:
    """Tell whether a request goes to a public route: there nobody is asked who they are, whatever they send."""
    match = request.resolver_match
    rule = table.find_rule(match.url_name if match and match.url_name else "", request.method or "")
    return rule is not None and rule.audience is Audience.PUBLIC


class PermissionTableAllows(BasePermission):
    """DRF's way in: look the route up and judge the caller."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True or raise the domain error that says why not."""
        match = request.resolver_match
        method = request.method or ""
        rule = table.find_rule(match.url_name if match and match.url_name else "", method)
        if method == "OPTIONS":
            return True
        if rule is None and match and match.url_name in table.routes():
            raise MethodNotAllowed(request.method or "")
        if rule is None:
            raise NotAllowed
        if rule.audience is Audience.PUBLIC:
            return True
        return judge(rule, method, request.user)


def judge(rule: Rule, method: str, who: Any) -> bool:
    """Return True if the caller satisfies the rule of a route, or raise the error that says why not.

    Raises NotAuthenticated, NotAllowed, SecondFactorNeeded, TermsNeeded; last of all StepUpNeeded.
    """
    if not isinstance(who, Principal):
        raise NotAuthenticated
    if rule.audience is Audience.SIGNED_IN:
        if who.api_key_id is not None:
            raise NotAllowed("An API key may not do this; sign in.")
    elif who.firm is None or not who.firm.may(rule, method):
        raise NotAllowed("Your role in this firm does not allow this.")
    elif who.firm.needs_second_factor and not who.is_two_factor and who.api_key_id is None:
        raise SecondFactorNeeded("Set up a second step for your account if you have none, then sign in with it.")
    if who.firm is not None and who.firm.must_agree_first(rule, method):
        raise TermsNeeded(
            "An owner or admin agrees for the firm to the version in force.", documents=who.firm.terms_owed
        )
    if rule.step_up:
        require_step_up(who)
    return True


def require_step_up(who: Principal) -> None:
    """Raise StepUpNeeded unless the second factor was proved within the last ten minutes; an API key never has one."""
    if not is_fresh(who.factor_at, timezone.now()):
        raise StepUpNeeded("Prove your second step again, then repeat the request.")
