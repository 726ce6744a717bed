"""How fast the numbers come: a firm of 1,000,000 activities over ten years, written straight into the mirror's tables."""

import secrets
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
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
# 700 matters are worked on in any month, each for 20 months, and billed monthly; one entry in ten is not billable, one in
# twelve an expense. Bills are paid after some weeks, most in full, some in half, some not at all; the rest is written off
# after 18 months.
_MIRROR = (
    """
    INSERT INTO clio_users (firm_id, clio_id, name, enabled, clio_connect, subscription_type, created_at)
    SELECT %(firm)s, n, 'Timekeeper ' || n, true, false, CASE WHEN n %% 10 = 0 THEN 'NonAttorney' ELSE 'Attorney' END,
           '2016-11-01' FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO clio_matters (firm_id, clio_id, display_number, billable, billing_method, client_id, practice_area_id,
                              responsible_attorney_id, originating_attorney_id)
    SELECT %(firm)s, n, n::text, true, CASE WHEN n %% 9 = 0 THEN 'flat' ELSE 'hourly' END, 1 + n %% 2500, 1 + n %% 8,
           1 + n %% %(people)s, 1 + n * 7 %% %(people)s FROM generate_series(0, %(months)s * 35 + 700) n
    """,
    """
    INSERT INTO clio_activities (firm_id, clio_id, type, date, quantity, rounded_quantity, quantity_redacted, price, total,
        non_billable, non_billable_total, no_charge, flat_rate, contingency_fee, user_id, matter_id, bill_id)
    SELECT %(firm)s, n, CASE WHEN n %% 12 = 0 THEN 'HardCostEntry' ELSE 'TimeEntry' END,
           date '2016-11-01' + (n * 3652 / %(activities)s)::int, 360 * (1 + n %% 19), 360 * (1 + n %% 19), false, 300,
           CASE WHEN n %% 10 = 3 THEN 0 ELSE 30 * (1 + n %% 19) END, n %% 10 = 3,
           CASE WHEN n %% 10 = 3 THEN 30 * (1 + n %% 19) ELSE 0 END, false, false, false, 1 + n %% %(people)s, matter,
           CASE WHEN n %% 10 <> 3 AND month < %(months)s - 1 THEN month * 100000 + matter END
    FROM (SELECT n::bigint AS n, month, month * 35 + n::bigint * 7919 %% 700 AS matter
          FROM (SELECT n, n::bigint * %(months)s / (%(activities)s + 1) AS month FROM generate_series(1, %(activities)s) n) x) y
    """,
    """
    INSERT INTO clio_line_items (firm_id, clio_id, type, kind, date, price, quantity, sub_total, total, tax, secondary_tax,
                                 bill_id, activity_id, matter_id, user_id)
    SELECT firm_id, clio_id, 'ActivityLineItem', CASE WHEN type = 'TimeEntry' THEN 'Service' ELSE 'Expense' END, date, price,
           rounded_quantity / 3600, total * CASE WHEN clio_id %% 25 = 0 THEN 0.9 ELSE 1 END, total, 0, 0, bill_id, clio_id,
           matter_id, user_id
    FROM clio_activities WHERE firm_id = %(firm)s AND bill_id IS NOT NULL
    """,
    """
    INSERT INTO clio_bills (firm_id, clio_id, kind, state, issued_at, due_at, due, balance, paid, credits_issued, client_id,
                            matter_ids)
    SELECT firm_id, bill_id, 'revenue_kind', 'awaiting_payment', max(date) + 5, max(date) + 35, sum(sub_total),
           sum(sub_total) - paid, paid, 0, 1 + min(matter_id) %% 2500, ARRAY[min(matter_id)]
    FROM (SELECT l.*, round(sum(sub_total) OVER (PARTITION BY bill_id)
                            * CASE WHEN bill_id %% 20 = 0 THEN 0 WHEN bill_id %% 10 = 0 THEN 0.5 ELSE 1 END, 2) AS paid
          FROM clio_line_items l WHERE firm_id = %(firm)s) l
    GROUP BY firm_id, bill_id, paid
    """,
    """
    INSERT INTO clio_allocations (firm_id, clio_id, date, amount, interest, created_at, bill_id, matter_id, parent_id,
                                  parent_type)
    SELECT firm_id, clio_id, issued_at + 20 + (clio_id %% 60)::int, paid, false, issued_at, clio_id, matter_ids[1], clio_id,
           'Payment'
    FROM clio_bills WHERE firm_id = %(firm)s AND paid > 0
    """,
    """
    INSERT INTO clio_synced_entities (firm_id, entity, first_completed_at, last_completed_at, records, read_from)
    SELECT %(firm)s, entity, now(), now(), 0, now()
    FROM unnest(ARRAY['users', 'matters', 'activities', 'bills', 'line_items', 'allocations']) entity
    """,
    """
    INSERT INTO clio_credit_memos (firm_id, clio_id, date, amount, discount)
    SELECT firm_id, clio_id, issued_at + 540, due - paid, false
    FROM clio_bills WHERE firm_id = %(firm)s AND due > paid AND issued_at < date '2026-10-31' - 540
    """,
    """
    INSERT INTO clio_allocations (firm_id, clio_id, date, amount, interest, created_at, bill_id, parent_id, parent_type)
    SELECT firm_id, 1000000000 + clio_id, date, amount, false, date, clio_id, clio_id, 'CreditMemo'
    FROM clio_credit_memos WHERE firm_id = %(firm)s
    """,
    "INSERT INTO clio_mirror_versions (firm_id, version) VALUES (%(firm)s, 1)",
)
_TABLES = (
    "clio_users", "clio_matters", "clio_activities", "clio_line_items", "clio_bills", "clio_allocations", "clio_credit_memos",
    "reports_time", "reports_expense", "reports_line", "reports_settle", "reports_bill", "reports_interest",
    "reports_matter", "reports_employment",
)  # fmt: skip
_BOOKKEEPING = ("clio_synced_entities", "clio_mirror_versions", "reports_ledger_state")


def run() -> dict[str, dict[str, Any]]:
    """Measure, then remove the firm's rows again."""
    firm_id = _make_firm()
    try:
        rebuild_seconds = _once(lambda: rebuild_ledger(firm_id=firm_id, now=NOW))
        _settle()
        timings = {name: _median_ms(lambda s=scope: _overview(s)) for name, scope in _scopes(firm_id).items()}
    finally:
        _remove(firm_id)
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
    email = f"bench-{secrets.token_hex(6)}@example.com"
    owner_id = register_person(email=email, name="Bench", password=secrets.token_urlsafe(24))
    profile = create_firm(owner_id=owner_id, name="Bench LLP", time_zone="UTC", currency="USD")
    values = {"firm": profile.firm_id, "people": TIMEKEEPERS, "months": MONTHS, "activities": ACTIVITIES}
    with tenant(profile.firm_id), connection.cursor() as cursor:
        for statement in _MIRROR:
            cursor.execute(statement, values)
    _settle()
    return profile.firm_id


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


def _remove(firm_id: int) -> None:
    with tenant(firm_id), connection.cursor() as cursor:
        for table in (*_TABLES, *_BOOKKEEPING):
            cursor.execute(f"DELETE FROM {table} WHERE firm_id = %s", [firm_id])  # noqa: S608 - names are constants above
