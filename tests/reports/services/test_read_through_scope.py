"""What is made of several rows (a last day, a first day, a list of currencies, a day's hours) is made of those seen."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.access import Extra
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Dimension, Grain, Query
from apps.reports.contracts.explanation import Cell, CellQuestion
from apps.reports.queries.quality.checks import CHECK_BY_KEY
from apps.reports.queries.quality.read import count_faults, list_faults
from apps.reports.services.compute_overview import compute_overview
from apps.reports.services.explain_cell import explain_cell
from tests.reports.asking import ask
from tests.reports.conftest import NOON, golden

pytestmark = pytest.mark.django_db
ADA, BEN, FIRST, SECOND, BILL = 101, 102, 301, 302, 2001
TODAY = date(2025, 3, 31)


def shared(records: Any) -> Any:
    """Return golden March with its bill over two matters: Ben's line and payments on the second, which is nobody's."""
    records["matters"][1] |= {"responsible_attorney": None, "originating_attorney": None, "practice_area": {"id": 402}}
    bill = records["bills"][0]
    bill |= {"matters": [{"id": FIRST}, {"id": SECOND}], "due": bill["due"] + 500, "balance": bill["balance"] + 300}
    line = records["line_items"][1]
    typed = {"type": "LineItem", "activity": None, "discount": None, "sub_total": 500, "total": 500, "price": 500}
    records["line_items"].append({**line, **typed, "id": 3901, "matter": {"id": SECOND}, "user": {"id": BEN}})
    paid = records["allocations"][1]
    for number, day in ((4901, "2025-03-10"), (4902, "2025-03-29")):
        own = {"id": number, "date": day, "amount": 100, "matter": {"id": SECOND}, "parent": paid["parent"]}
        records["allocations"].append({**paid, **own})
    return records


@pytest.fixture
def firm_id(cast: Any, build: Callable[..., Any]) -> int:
    build(shared(golden("march")))
    firm_id: int = cast.firm.firm_id
    return firm_id


def adas_area(firm_id: int) -> Scope:
    return Scope(firm_id, ScopeKind.SUBSET, ADA, (Grant(practice_area_ids=(401,)),))


def bens_area(firm_id: int) -> Scope:
    return Scope(firm_id, ScopeKind.SUBSET, ADA, (Grant(practice_area_ids=(402,)),))


def last_payment(firm_id: int, scope: Scope) -> Any:
    detail = "bill.last_payment_on"
    found = ask(
        firm_id, "billed", period="2025-03", on=TODAY, scope=scope, dimensions=(Dimension.BILL,), details=(detail,)
    )
    return {row.keys[0]: row.details[detail] for row in found.rows}


def test_a_bills_last_payment_is_the_last_on_lines_one_sees(firm_id: int) -> None:
    assert last_payment(firm_id, Scope.whole_firm(firm_id)) == {BILL: date(2025, 3, 29)}
    assert last_payment(firm_id, bens_area(firm_id)) == {BILL: date(2025, 3, 29)}
    assert last_payment(firm_id, adas_area(firm_id)) == {BILL: date(2025, 3, 24)}


def payment_day(firm_id: int, scope: Scope) -> Any:
    asked = CellQuestion(Query(("payments",), "2025-03"), Cell("payments.payments"))
    with tenant(firm_id):
        found = explain_cell(scope=scope, asked=asked, now=NOON, permissions=frozenset(Extra))
    return [row.facts.day for row in found.rows]


def test_a_payments_day_is_of_its_money_one_sees(firm_id: int) -> None:
    """One payment, laid on the second matter on the 10th, on the first on the 24th."""
    assert payment_day(firm_id, Scope.whole_firm(firm_id)) == [date(2025, 3, 10)]
    assert payment_day(firm_id, bens_area(firm_id)) == [date(2025, 3, 10)]
    assert payment_day(firm_id, adas_area(firm_id)) == [date(2025, 3, 24)]


def faults(firm_id: int, check: str, scope: Scope) -> Any:
    declared = CHECK_BY_KEY[check]
    with tenant(firm_id):
        (count, _) = count_faults(scope=scope, checks=[declared], today=TODAY)[check]
        rows = list_faults(scope=scope, check=declared, today=TODAY, beyond=None, is_backwards=False, limit=10)
    assert count == len(rows)
    return [(row_id, fact.detail) for _, row_id, _, fact in rows]


def test_a_matters_currencies_are_those_of_lines_one_sees(cast: Any, build: Callable[..., Any]) -> None:
    """Ada billed the matter in dollars, Ben in Canadian ones: to whom only Ada's lines are open, it is not mixed."""
    records = golden("march")
    bill, line = records["bills"][0], records["line_items"][1]
    typed = {"type": "LineItem", "activity": None, "discount": None, "sub_total": 50, "total": 50, "price": 50}
    records["bills"].append({**bill, "id": 2901, "currency": {"code": "CAD"}, "due": 50, "balance": 50})
    records["line_items"].append({**line, **typed, "id": 3901, "bill": {"id": 2901}, "user": {"id": BEN}})
    build(records)
    firm_id = cast.firm.firm_id
    adas = Scope(firm_id, ScopeKind.SUBSET, ADA, (Grant(practice_area_ids=(401,), timekeeper_ids=(ADA,)),))

    assert faults(firm_id, "mixed_currencies", Scope.whole_firm(firm_id)) == [(FIRST, "CAD, USD")]
    assert faults(firm_id, "mixed_currencies", adas_area(firm_id)) == [(FIRST, "CAD, USD")]
    assert faults(firm_id, "mixed_currencies", adas) == []


def test_a_days_hours_are_those_one_sees(cast: Any, build: Callable[..., Any]) -> None:
    """Ben's 30 hours of a day: 20 of them on a matter kept to nobody."""
    records = golden("march")
    records["matters"][0]["group"] = {"id": 99}
    entry = {**records["activities"][3], "bill": None, "user": {"id": BEN}, "date": "2025-03-13"}
    for number, (matter, hours) in enumerate(((FIRST, 20), (SECOND, 10), (SECOND, 15)), start=9001):
        own = {"id": number, "matter": {"id": matter}, "rounded_quantity": hours * 3600}
        records["activities"].append({**entry, **own})
    build(records)
    firm_id = cast.firm.firm_id
    bens = Scope(firm_id, ScopeKind.SUBSET, ADA, (Grant(timekeeper_ids=(BEN,)),))

    assert faults(firm_id, "days_over_24_hours", Scope.whole_firm(firm_id)) == [(BEN, "45.00 hours")]
    assert faults(firm_id, "days_over_24_hours", bens) == [(BEN, "25.00 hours")]


def test_currencies_of_matters_behind_a_wall_are_not_listed(cast: Any, build: Callable[..., Any]) -> None:
    records = golden("march")
    records["matters"][0]["group"] = {"id": 99}
    records["bills"][0]["currency"] = {"code": "CAD"}
    build(records)
    firm_id = cast.firm.firm_id
    scope = Scope(firm_id, ScopeKind.SUBSET, BEN, (Grant(timekeeper_ids=(ADA, BEN)),))

    assert codes(firm_id, Scope.whole_firm(firm_id)) == ["USD", "CAD"]
    assert codes(firm_id, scope) == ["USD"]


def codes(firm_id: int, scope: Scope) -> list[str]:
    with tenant(firm_id):
        overview = compute_overview(scope=scope, period="2025-03", now=datetime(2025, 3, 31, 12, tzinfo=UTC))
    return [each.currency for each in overview.currencies]


@pytest.mark.parametrize("group", [None, 99])
def test_monthly_facts_answer_on_both_sides_of_a_wall(cast: Any, build: Callable[..., Any], group: int | None) -> None:
    records = golden("march")
    records["matters"][0]["group"] = group and {"id": group}
    build(records)
    firm_id = cast.firm.firm_id
    scope = Scope(firm_id, ScopeKind.SUBSET, BEN, (Grant(timekeeper_ids=(ADA, BEN)),))

    with CaptureQueriesContext(connection) as captured:
        found = ask(firm_id, "billed", period="2025-01-01..2025-02-28", on=TODAY, scope=scope, grain=Grain.MONTH)

    (statement,) = [each["sql"] for each in captured if "reports_line_facts" in each["sql"]]
    assert "reports_line r" not in statement
    assert found.total is not None
