"""kpis.md section 9, the second bill: two matters, a negative line, tax, interest, a refund, too much paid."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Overview
from apps.reports.services.compute_overview import compute_overview
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = datetime(2025, 4, 30, 16, tzinfo=UTC)


def overview(cast: Any, day: int = 30, scope: Scope | None = None) -> Overview:
    with tenant(cast.firm.firm_id):
        seen = scope or Scope.whole_firm(cast.firm.firm_id)
        return compute_overview(scope=seen, period="this_month", now=TODAY.replace(day=day))


@pytest.fixture(autouse=True)
def ledger(build: Callable[..., Any]) -> None:
    build(golden("april"), now=TODAY)


def shares(kind: str) -> list[tuple[Any, ...]]:
    query = """
        SELECT to_char(settled_on, 'MM-DD'), item, net, tax FROM reports_settle
        WHERE kind = %s ORDER BY settled_on, allocation_id, line_id
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [kind])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def test_each_payment_goes_where_the_page_says(cast: Any) -> None:
    with tenant(cast.firm.firm_id):
        assert shares("payment") == [
            ("04-10", "fee", 54286, 2714),
            ("04-25", "interest", 1200, 0),
            ("04-28", "fee", -10857, -543),
            ("04-30", "fee", 36571, 1829),
            ("04-30", "expense", 30000, 0),
            ("04-30", "credit", 1600, 0),
        ]


def test_april(cast: Any) -> None:
    figures = overview(cast).currencies[0].metrics

    assert figures["billed"]["fees"] == D("800.00")
    assert figures["billed"]["expenses"] == D("300.00")
    assert figures["billed"]["interest"] == D("12.00")
    assert figures["collected"]["fees"] == D("800.00")
    assert figures["collected"]["expenses"] == D("300.00")
    assert figures["collected"]["tax"] == D("40.00")
    assert figures["collected"]["interest"] == D("12.00")
    assert figures["receivable"] == {"total": D("0.00"), "overpaid": D("16.00")}


@pytest.mark.parametrize(("person", "billed"), [(101, "1000.00"), (102, "-200.00")])
def test_billed_fees_of_one_person(cast: Any, person: int, billed: str) -> None:
    scope = Scope(cast.firm.firm_id, ScopeKind.SUBSET, grants=(Grant(timekeeper_ids=(person,)),))

    assert overview(cast, scope=scope).currencies[0].metrics["billed"]["fees"] == D(billed)


@pytest.mark.parametrize(("clients", "owed"), [((201,), "384.00"), ((202,), "300.00"), ((201, 202), "684.00")])
def test_what_is_owed_before_the_last_payment(cast: Any, clients: tuple[int, ...], owed: str) -> None:
    scope = Scope(cast.firm.firm_id, ScopeKind.SUBSET, grants=(Grant(client_ids=clients),))

    assert overview(cast, 28).currencies[0].metrics["receivable"]["total"] == D("684.00")
    assert overview(cast, 28, scope).currencies[0].metrics["receivable"]["total"] == D(owed)
