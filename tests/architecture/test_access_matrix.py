"""Every route x every kind of caller, generated from the permission table.

What is expected is worked out here once more, from literal statements about each caller, so that a slip in the judging
code cannot agree with itself.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.contracts import FirmProfile, Origin
from apps.accounts.models import ApiKey, Membership, Session, User
from apps.accounts.services.create_api_key import create_api_key
from apps.accounts.services.start_session import start_session
from apps.core.checks import list_routes
from apps.core.permissions import Audience, Rule, table
from apps.core.scope import Level, Role, ScopeKind
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import browser_of
from tests.accounts.factories import Cast, join, make_user, signed_in_client

pytestmark = pytest.mark.django_db
ALL = {"rates", "cost_and_profit", "trust", "names", "exports", "schedules_to_others", "api_keys"}
_REFUSALS = {"core.not_authenticated", "accounts.token_refused", "core.not_allowed"}


@dataclass(frozen=True)
class Caller:
    """What is true of a kind of caller. `fails_with` wins over everything on a route that is not public."""

    role: Role | None = None
    scope: ScopeKind = ScopeKind.WHOLE_FIRM
    holds: frozenset[str] = frozenset()
    level: Level | None = None
    key_scopes: frozenset[str] | None = None
    fails_with: int | None = None


def _caller(role: Role | None = None, *, holds: set[str] | None = None, **more: Any) -> Caller:
    return Caller(role=role, holds=frozenset(holds or ()), **more)


CALLERS = {
    "owner": _caller(Role.OWNER, holds=ALL),
    "admin": _caller(Role.ADMIN, holds=ALL),
    "member_whole_firm": _caller(Role.MEMBER, holds={"exports"}),
    "member_subset": _caller(Role.MEMBER, holds={"exports"}, scope=ScopeKind.SUBSET),
    "member_self": _caller(Role.MEMBER, holds={"exports"}, scope=ScopeKind.SELF),
    "member_with_names": _caller(Role.MEMBER, holds={"exports", "names"}),
    "member_with_api_keys": _caller(Role.MEMBER, holds={"exports", "api_keys"}),
    "consultant_full": _caller(Role.CONSULTANT, holds=ALL - {"api_keys"}, level=Level.FULL),
    "consultant_limited": _caller(Role.CONSULTANT, holds={"exports"}, level=Level.LIMITED),
    "consultant_read_only": _caller(Role.CONSULTANT, level=Level.READ_ONLY),
    "stranger": _caller(),
    "suspended": _caller(),
    "left": _caller(),
    "expired": _caller(fails_with=401),
    "signed_out": _caller(fails_with=401),
    "deactivated": _caller(fails_with=401),
    "key_of_figures": _caller(Role.OWNER, holds=ALL, key_scopes=frozenset({"figures"})),
    "key_of_records": _caller(Role.OWNER, holds=ALL, key_scopes=frozenset({"records"})),
    "key_of_the_firm": _caller(Role.OWNER, key_scopes=frozenset({"firm"})),
    "key_of_a_member": _caller(Role.MEMBER, holds={"exports"}, key_scopes=frozenset({"figures", "records", "firm"})),
    "key_of_another_firm": _caller(key_scopes=frozenset({"figures", "records", "firm"})),
    "key_revoked": _caller(fails_with=401),
    "key_expired": _caller(fails_with=401),
    "anonymous": _caller(fails_with=401),
}


def _expected(caller: Caller, rule: Rule, method: str) -> int:
    """Return the status of the gate, 200 standing for "let in, whatever comes of it"."""
    if caller.fails_with is not None:
        return caller.fails_with
    if rule.audience is Audience.SIGNED_IN:
        return 200 if caller.key_scopes is None else 403
    if caller.role is None:
        return 404
    return 200 if all(_conditions(caller, rule, method)) else 403


def _conditions(caller: Caller, rule: Rule, method: str) -> Iterator[bool]:
    yield caller.role in rule.roles
    yield caller.scope in rule.scopes
    yield rule.permission is None or rule.permission.value in caller.holds
    if caller.role is Role.CONSULTANT:
        ladder = ["read_only", "limited", "full"]
        least = rule.level.value if rule.level else ("read_only" if method == "GET" else "limited")
        assert caller.level is not None
        yield ladder.index(caller.level.value) >= ladder.index(least)
    if caller.key_scopes is not None:
        yield method == "GET"
        yield rule.key_scope is not None and rule.key_scope.value in caller.key_scopes
        yield rule.also_key_scope is None or rule.also_key_scope.value in caller.key_scopes


def _routes() -> dict[str, str]:
    return {name or path: path for name, path in list_routes(get_resolver().url_patterns)}


def _address(name: str, firm: FirmProfile) -> str:
    stand_ins = {"uuid": uuid.UUID("01234567-89ab-7def-8123-456789abcdef"), "int": 999_999_999, "str": "x", "slug": "x"}
    values: dict[str, Any] = {}
    for converter, parameter in re.findall(r"<(?:(\w+):)?(\w+)>", _routes()[name]):
        values[parameter] = firm.public_id if parameter == "firm_id" else stand_ins[converter or "str"]
    return reverse(name, kwargs=values)


def _member(cast: Cast, **place: Any) -> APIClient:
    user = make_user()
    join(user, cast.firm, **place)
    return signed_in_client(user)


def _with_status(cast: Cast, status: str) -> APIClient:
    user = make_user()
    membership = join(user, cast.firm)
    with tenant(cast.firm.firm_id):
        Membership.objects.filter(pk=membership.pk).update(status=status)
    return signed_in_client(user)


def _deactivated(cast: Cast) -> APIClient:
    user = make_user()
    join(user, cast.firm)
    client = signed_in_client(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return client


def _expired(cast: Cast) -> APIClient:
    pair = start_session(user_id=cast.owner.pk, origin=Origin(), now=timezone.now() - timedelta(days=31))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access}")
    return client


def _signed_out(cast: Cast) -> APIClient:
    client = signed_in_client(cast.owner)
    assert client.post("/api/v1/auth/logout", {}, format="json").status_code == 204
    return client


def _key(user: User, firm: FirmProfile, scopes: list[str], permissions: list[str], **changes: Any) -> APIClient:
    now = timezone.now()
    with tenant(firm.firm_id):
        membership_id = Membership.objects.get(user=user).pk
    made = create_api_key(
        firm_id=firm.firm_id,
        membership_id=membership_id,
        actor_id=user.pk,
        name="Power BI",
        scopes=scopes,
        permissions=permissions,
        expires_at=now + timedelta(days=90),
        now=now,
    )
    if changes:
        with tenant(firm.firm_id):
            ApiKey.objects.filter(pk=made.api_key_id).update(**changes)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {made.secret}")
    return client


def _members_key(cast: Cast) -> APIClient:
    user = make_user()
    join(user, cast.firm, permissions=["api_keys"])
    return _key(user, cast.firm, ["figures", "records", "firm"], ["exports"])


_EVERY = ["figures", "records", "firm"]
_GRANT = [{"practice_area_ids": [1]}]
MADE: dict[str, Callable[[Cast], APIClient]] = {
    "owner": lambda cast: signed_in_client(cast.owner),
    "admin": lambda cast: _member(cast, role=Role.ADMIN),
    "member_whole_firm": lambda cast: _member(cast),
    "member_subset": lambda cast: _member(cast, scope=ScopeKind.SUBSET, grants=_GRANT),
    "member_self": lambda cast: _member(cast, scope=ScopeKind.SELF, clio_user_id=5),
    "member_with_names": lambda cast: _member(cast, permissions=["names"]),
    "member_with_api_keys": lambda cast: _member(cast, permissions=["api_keys"]),
    "consultant_full": lambda cast: _member(cast, role=Role.CONSULTANT, level=Level.FULL),
    "consultant_limited": lambda cast: _member(cast, role=Role.CONSULTANT, level=Level.LIMITED),
    "consultant_read_only": lambda cast: _member(cast, role=Role.CONSULTANT, level=Level.READ_ONLY),
    "stranger": lambda cast: signed_in_client(cast.stranger),
    "suspended": lambda cast: _with_status(cast, "suspended"),
    "left": lambda cast: _with_status(cast, "ended"),
    "expired": _expired,
    "signed_out": _signed_out,
    "deactivated": _deactivated,
    "key_of_figures": lambda cast: _key(cast.owner, cast.firm, ["figures"], sorted(ALL)),
    "key_of_records": lambda cast: _key(cast.owner, cast.firm, ["records"], sorted(ALL)),
    "key_of_the_firm": lambda cast: _key(cast.owner, cast.firm, ["firm"], []),
    "key_of_a_member": _members_key,
    "key_of_another_firm": lambda cast: _key(cast.stranger, cast.strangers_firm, _EVERY, []),
    "key_revoked": lambda cast: _key(cast.owner, cast.firm, _EVERY, [], revoked_at=timezone.now()),
    "key_expired": lambda cast: _key(cast.owner, cast.firm, _EVERY, [], expires_at=timezone.now()),
    "anonymous": lambda cast: signed_in_client(None),
}


def _gate(client: APIClient, method: str, address: str, audience: Audience) -> int:
    """Call in a transaction that is undone, and return the gate's status, 200 for every answer from behind it.

    A firm that does not exist for the caller is the gate's 404; anything else that is not found has a code of its own,
    or lies outside of firms.
    """
    with transaction.atomic():
        answer = client.generic(method, address, "" if method == "GET" else "{}", content_type="application/json")
        transaction.set_rollback(True)
    if answer.status_code == 500:
        return 500
    is_problem = answer.get("Content-Type") == "application/problem+json"
    codes = _REFUSALS | {"core.not_found"} if audience is Audience.FIRM else _REFUSALS
    return answer.status_code if is_problem and answer.json()["code"] in codes else 200


@pytest.mark.every_case
@pytest.mark.parametrize("name", CALLERS)
def test_the_table_is_what_each_caller_meets(name, cast, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    client, caller = MADE[name](cast), CALLERS[name]

    rows = [
        (route, method, rule)
        for route, methods in table.routes().items()
        for method, rule in methods.items()
        if rule.audience is not Audience.PUBLIC and not rule.is_page
    ]
    met = {
        (route, method): _gate(client, method, _address(route, cast.firm), rule.audience)
        for route, method, rule in rows
    }

    assert len(rows) > 30
    assert met == {(route, method): _expected(caller, rule, method) for route, method, rule in rows}


# Callers with a browser: an API key, and a token that is no session any more, open no page.
BROWSERS = {
    "owner": lambda cast: cast.owner,
    "admin": lambda cast: _joined(cast, role=Role.ADMIN),
    "member_whole_firm": lambda cast: _joined(cast),
    "member_subset": lambda cast: _joined(cast, scope=ScopeKind.SUBSET, grants=_GRANT),
    "member_self": lambda cast: _joined(cast, scope=ScopeKind.SELF, clio_user_id=5),
    "member_with_names": lambda cast: _joined(cast, permissions=["names"]),
    "member_with_api_keys": lambda cast: _joined(cast, permissions=["api_keys"]),
    "consultant_full": lambda cast: _joined(cast, role=Role.CONSULTANT, level=Level.FULL),
    "consultant_limited": lambda cast: _joined(cast, role=Role.CONSULTANT, level=Level.LIMITED),
    "consultant_read_only": lambda cast: _joined(cast, role=Role.CONSULTANT, level=Level.READ_ONLY),
    "stranger": lambda cast: cast.stranger,
    "suspended": lambda cast: _joined_as(cast, "suspended"),
    "left": lambda cast: _joined_as(cast, "ended"),
    "signed_out": lambda cast: cast.owner,
    "expired": lambda cast: cast.owner,
    "deactivated": lambda cast: _joined(cast),
    "anonymous": lambda cast: None,
}


def _joined(cast: Cast, **place: Any) -> User:
    user = make_user()
    join(user, cast.firm, **place)
    return user


def _joined_as(cast: Cast, status: str) -> User:
    user = make_user()
    membership = join(user, cast.firm)
    with tenant(cast.firm.firm_id):
        Membership.objects.filter(pk=membership.pk).update(status=status)
    return user


def _browser(name: str, cast: Cast) -> Client:
    user = BROWSERS[name](cast)
    if user is None:
        return Client()
    browser = browser_of(user)
    with acting_as(user.pk):
        mine = Session.objects.filter(user=user)
        if name == "signed_out":
            mine.update(revoked_at=timezone.now())
        if name == "expired":
            mine.update(expires_at=timezone.now())
    if name == "deactivated":
        User.objects.filter(pk=user.pk).update(is_active=False)
    return browser


def _page_gate(browser: Client, method: str, address: str) -> int:
    """Return what the gate of the pages answers, 200 for every answer from behind it; in a transaction undone."""
    with transaction.atomic():
        answer = browser.generic(method, address, "", content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    if answer.status_code == 500 or not (answer.headers.get("Location") or answer["Content-Type"].startswith("text/")):
        return 500
    if answer.headers.get("Location", "").startswith("/sign-in?"):
        return 401
    words = answer.content.decode()
    if answer.status_code == 404 and "There is no such firm" in words:
        return 404
    return 403 if answer.status_code == 403 and "Your role in this firm does not allow this" in words else 200


@pytest.mark.every_case
@pytest.mark.parametrize("name", BROWSERS)
def test_the_table_is_what_each_visitor_of_a_page_meets(name, cast):
    browser, caller = _browser(name, cast), CALLERS[name]
    rows = [
        (route, method, rule)
        for route, methods in table.routes().items()
        for method, rule in methods.items()
        if rule.is_page
    ]

    met = {
        (route, method): _page_gate(browser, method, f"{_address(route, cast.firm)}?firm={cast.firm.public_id}")
        for route, method, rule in rows
    }

    assert len(rows) > 15
    assert met == {(route, method): _expected(caller, rule, method) for route, method, rule in rows}


def test_every_address_below_a_firm_is_a_row_of_a_firm():
    below = {
        name for name, path in list_routes(get_resolver().url_patterns) if "firm_id" in path or path.startswith("firm/")
    }
    rows = table.routes()

    # Leaving a firm is a page of one's own account and asks for its visitor itself.
    assert {
        name for name in below if any(rule.audience is not Audience.FIRM for rule in rows[name or ""].values())
    } == {"account-leave"}
    assert {name for name, methods in rows.items() if any(rule.is_page for rule in methods.values())} == {
        name for name, path in list_routes(get_resolver().url_patterns) if path.startswith("firm/")
    } | {"overview-page"}


def test_the_levels_of_a_consultant_are_told_apart():
    """Full sees what an admin sees, limited is a member, read-only changes nothing: each difference is in the table."""
    rows = [(route, method, rule) for route, methods in table.routes().items() for method, rule in methods.items()]

    def open_to(name: str) -> set[tuple[str, str]]:
        caller = CALLERS[name]
        return {
            (route, method)
            for route, method, rule in rows
            if rule.audience is Audience.FIRM and all(_conditions(caller, rule, method))
        }

    full, limited, read_only = (open_to(f"consultant_{level}") for level in ("full", "limited", "read_only"))
    assert read_only < limited < full
    assert ("firm-members", "GET") in full - limited
    assert {method for _, method in read_only} == {"GET", "DELETE"}
    assert {route for route, method in read_only if method == "DELETE"} == {"firm-my-membership"}


@pytest.mark.parametrize("name", ["anonymous", "stranger", "member_self"])
def test_public_routes_ask_nobody_who_they_are(name, cast, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    client = MADE[name](cast)

    for route, methods in table.routes().items():
        for method, rule in methods.items():
            if rule.audience is Audience.PUBLIC:
                with transaction.atomic():
                    body = "" if method == "GET" else "{}"
                    answer = client.generic(method, _address(route, cast.firm), body, content_type="application/json")
                    transaction.set_rollback(True)
                assert answer.status_code < 500, (route, method)
                if answer.get("Content-Type") == "application/problem+json":
                    assert answer.json()["code"] not in _REFUSALS, (route, method)


def test_every_caller_of_the_matrix_can_be_made():
    assert set(MADE) == set(CALLERS)
