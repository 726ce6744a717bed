"""How fast pages of mirrored records come: 50 of a firm of 1,000,000 activities, wherever in the list they lie.

In process and cold: the firm's transaction, the mirror's version, the page's one statement, its JSON.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from django.db import connection

from apps.clio.queries.records.asked import Asked, Position
from apps.clio.queries.records.declaration import RecordKind
from apps.clio.queries.records.kinds import RECORD_KINDS
from apps.clio.queries.records.read import list_records
from apps.clio.queries.syncs import get_mirror_version
from apps.core.access import Extra
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from bench.numbers_firm import LARGE, make_firm, settle

RUNS = 9
_KINDS: dict[str, RecordKind] = {kind.name: kind for kind in RECORD_KINDS}
_DOWN = Asked(sort="date", is_descending=True)


def run() -> dict[str, dict[str, Any]]:
    """Build the firm and measure the pages; the figure is the slowest median."""
    firm_id = make_firm(LARGE)
    _spread_changes(firm_id)
    timings = {name: _median_ms(page) for name, page in _pages(firm_id).items()}
    slowest = max(timings, key=lambda name: timings[name])
    return {
        "records.page_ms": {
            "value": round(timings[slowest], 1),
            "unit": "ms",
            "n": LARGE.activities,
            "median_of": RUNS,
            "detail": "; ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in timings.items()),
        }
    }


def _spread_changes(firm_id: int) -> None:
    """Let the entries have come in batches of 2,000, as a sync brings them."""
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            "UPDATE clio_activities SET changed_at = timestamptz '2025-01-01' + clio_id / 2000 * interval '1 second' "
            "WHERE firm_id = %s",
            [firm_id],
        )
    settle()


def _pages(firm_id: int) -> dict[str, Callable[[], object]]:
    whole, subset, self_only = Scope.whole_firm(firm_id), ScopeKind.SUBSET, ScopeKind.SELF
    scopes = {
        "whole firm": whole,
        "self": Scope(firm_id, self_only, clio_user_id=7),
        "five people": Scope(firm_id, subset, grants=(Grant(timekeeper_ids=(3, 14, 25, 36, 47)),)),
        "an area": Scope(firm_id, subset, grants=(Grant(practice_area_ids=(3,)),)),
        "a client": Scope(firm_id, subset, grants=(Grant(client_ids=(17,)),)),
        "nothing": Scope(firm_id, self_only, clio_user_id=999_999),
    }
    deep = Asked(sort="date", is_descending=True, position=Position(datetime(2017, 1, 3, tzinfo=UTC).date(), 15_000))
    back = Asked(
        sort="date", is_descending=True, position=Position(datetime(2017, 1, 3, tzinfo=UTC).date(), 15_000, True)
    )
    changed = Asked(sort="changed_at", filters={"updated_since": datetime(2020, 1, 1, tzinfo=UTC)})
    first = {
        "activities": _DOWN,
        "line_items": Asked(sort="id", is_descending=True),
        "bills": Asked(sort="issued_at", is_descending=True),
        "payments": Asked(sort="id", is_descending=True),
        "matters": Asked(sort="id", is_descending=True),
    }
    pages: dict[str, Callable[[], object]] = {
        f"{kind}, {name}": partial(_page, kind, scope, asked)
        for kind, asked in first.items()
        for name, scope in scopes.items()
    }
    pages |= {
        f"activities, deep, {name}": partial(_page, "activities", scopes[name], deep) for name in list(scopes)[:4]
    }
    pages |= {
        "activities, deep and back": partial(_page, "activities", whole, back),
        "activities, changed": partial(_page, "activities", whole, changed),
        "activities, one matter": partial(_page, "activities", whole, _filtered(matter_id=[2000])),
        "activities, one person": partial(_page, "activities", whole, _filtered(user_id=[7])),
        "activities, of no person": partial(_page, "activities", whole, _filtered(user_id=[999_999])),
        "activities, a kind nobody has": partial(_page, "activities", whole, _filtered(type="SoftCostEntry")),
        "line items, deep": partial(_page, "line_items", whole, Asked(sort="id", position=Position(500_000, 500_000))),
        "payments, deep": partial(_page, "payments", whole, Asked(sort="id", position=Position(5_000_000, 5_000_000))),
        "matters, searched": partial(_page, "matters", whole, Asked(sort="id", search="123")),
    }
    return pages


def _filtered(**filters: Any) -> Asked:
    return Asked(sort="date", is_descending=True, filters=filters)


def _page(kind: str, scope: Scope, asked: Asked) -> None:
    with tenant(scope.firm_id, read_only=True):
        get_mirror_version(firm_id=scope.firm_id)
        page = list_records(_KINDS[kind], scope=scope, holds=frozenset(Extra), asked=asked)
        msgspec.json.encode(page.records)


def _median_ms(act: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
