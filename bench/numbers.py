"""How fast the numbers come: a firm of 1,000,000 activities over ten years, put straight into the mirror's tables."""

import secrets
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection

from apps.accounts.interface import create_firm, register_person
from apps.core.database_owner import owner_connection
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.interface import compute_overview, rebuild_ledger

ACTIVITIES, TIMEKEEPERS, MONTHS = 1_000_000, 80, 120
NOW = datetime(2026, 10, 31, 18, tzinfo=UTC)
RUNS = 7
_OWNER = "bench.numbers@example.com"
_MIRROR = Path(__file__).with_name("numbers_mirror.sql")
_TABLES = (
    "clio_users", "clio_matters", "clio_activities", "clio_line_items", "clio_bills", "clio_allocations",
    "clio_credit_memos", "reports_time", "reports_expense", "reports_line", "reports_settle", "reports_bill",
    "reports_interest", "reports_matter", "reports_employment", "reports_person", "reports_name",
)  # fmt: skip


def run() -> dict[str, dict[str, Any]]:
    """Build the firm's ledger and measure the overview on it."""
    firm_id = _make_firm()
    rebuild_seconds = _once(lambda: rebuild_ledger(firm_id=firm_id, now=NOW))
    _settle()
    timings = {name: _median_ms(partial(_overview, scope)) for name, scope in _scopes(firm_id).items()}
    slower = max(timings, key=lambda name: timings[name])
    detail = ", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in timings.items())
    return {
        "numbers.overview_ms": {
            "value": round(timings[slower], 1),
            "unit": "ms",
            "n": ACTIVITIES,
            "median_of": RUNS,
            "detail": f"12 months, cold, in process; {detail}; whole ledger built in {rebuild_seconds:.0f} s",
        }
    }


def _make_firm() -> int:
    owner_id = register_person(email=_OWNER, name="Bench", password=secrets.token_urlsafe(24))
    firm_id = create_firm(owner_id=owner_id, name="Bench LLP", time_zone="UTC", currency="USD").firm_id
    values = {"firm": firm_id, "people": TIMEKEEPERS, "months": MONTHS, "activities": ACTIVITIES}
    with tenant(firm_id), connection.cursor() as cursor:
        for statement in _MIRROR.read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
    _settle()
    return firm_id


def _scopes(firm_id: int) -> dict[str, Scope]:
    five = Grant(timekeeper_ids=(3, 14, 25, 36, 47))
    return {"whole firm": Scope.whole_firm(firm_id), "five people": Scope(firm_id, ScopeKind.SUBSET, grants=(five,))}


def _overview(scope: Scope) -> None:
    with tenant(scope.firm_id, read_only=True):
        overview = compute_overview(scope=scope, period="last_12_months", now=NOW)
    if overview.status != "ready":
        raise RuntimeError(f"the overview is {overview.status}")


def _once(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _median_ms(act: Callable[[], object]) -> float:
    return statistics.median(_once(act) for _ in range(RUNS)) * 1000


def _settle() -> None:
    """Do what autovacuum would have done by the time somebody asks."""
    with owner_connection(), connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
