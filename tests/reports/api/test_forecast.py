"""What is expected to come in (K45): a firm that bills 1,000 on every 10th and is paid 30 days later."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.core.scope import Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts.forecast import Forecast
from apps.reports.services.compute_forecast import compute_forecast
from tests.reports.conftest import Records, golden

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 31)


def months(first: tuple[int, int], last: tuple[int, int]) -> list[date]:
    count = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    return [date(first[0] + (first[1] - 1 + n) // 12, (first[1] - 1 + n) % 12 + 1, 10) for n in range(count)]


def a_steady_firm(first: tuple[int, int] = (2023, 5)) -> Records:
    """Bills from a month on, all paid after 30 days as far as these are over; and 300 of work on 20 March."""
    records = golden("march")
    bill, line, paid = records["bills"][0], records["line_items"][0], records["allocations"][1]
    entry = {**records["activities"][3], "date": "2025-03-20", "total": 300, "bill": None}
    records |= {name: [] for name in ("bills", "line_items", "allocations", "credit_memos")}
    records["activities"] = [entry]
    for number, day in enumerate(months(first, (2025, 3))):
        records["bills"].append({**bill, "id": 5000 + number, "issued_at": day.isoformat(), "due": 1000, "balance": 0})
        typed = {
            "type": "LineItem",
            "activity": None,
            "discount": None,
            "sub_total": 1000,
            "total": 1000,
            "quantity": 1,
        }
        records["line_items"].append({**line, **typed, "id": 6000 + number, "bill": {"id": 5000 + number}})
        on = day + timedelta(days=30)
        if on <= TODAY:
            own = {"id": 7000 + number, "bill": {"id": 5000 + number}, "amount": 1000, "date": on.isoformat()}
            records["allocations"].append({**paid, **own, "parent": {"id": 8000 + number, "type": "Payment"}})
    return records


def forecast(firm_id: int, scope: Scope | None = None) -> Forecast:
    with tenant(firm_id, read_only=True):
        return compute_forecast(
            scope=scope or Scope.whole_firm(firm_id), currency="", now=datetime(2025, 3, 31, 12, tzinfo=UTC)
        )


@pytest.fixture
def steady(cast: Any, build: Callable[..., Any]) -> Callable[..., Forecast]:
    build(a_steady_firm())
    return lambda scope=None: forecast(cast.firm.firm_id, scope)


def expected(found: Forecast, side: str) -> dict[int, str]:
    amounts = {place: getattr(week, side) for place, week in enumerate(found.weeks, start=1)}
    return {place: str(amount) for place, amount in amounts.items() if amount}


def test_the_open_bill_comes_in_on_its_30th_day(steady: Callable[..., Forecast]) -> None:
    """It is 21 days old: nine days are left."""
    found = steady()

    assert expected(found, "from_receivables") == {2: "1000.00"}
    assert (found.weeks[1].starts_on, found.weeks[1].ends_on) == (date(2025, 4, 8), date(2025, 4, 14))
    assert len(found.weeks) == 13


def test_unbilled_work_waits_for_the_usual_day(steady: Callable[..., Forecast]) -> None:
    """The matter is billed every 31 days, so on 10 April, and paid on 10 May."""
    assert expected(steady(), "from_unbilled") == {6: "300.00"}


def test_past_quarters_tell_how_well_it_does(steady: Callable[..., Forecast]) -> None:
    """Three quarters had a year of bills before them; each time one bill was open, and paid in full."""
    found = steady()

    assert [(str(each.made_on), str(each.expected), str(each.came_in)) for each in found.past] == [
        ("2024-12-30", "1000.00", "1000.00"),
        ("2024-09-30", "1000.00", "1000.00"),
        ("2024-07-01", "1000.00", "1000.00"),
    ]
    assert {(week.low, week.high) for week in found.weeks} == {(week.total, week.total) for week in found.weeks}


def test_too_few_past_quarters_give_no_band(cast: Any, build: Callable[..., Any]) -> None:
    build(a_steady_firm((2023, 9)))

    found = forecast(cast.firm.firm_id)
    assert len(found.past) == 2
    assert {(week.low, week.high) for week in found.weeks} == {(None, None)}
    assert expected(found, "total") == {2: "1000.00", 6: "300.00"}


def test_under_12_months_of_bills_there_is_no_forecast(cast: Any, build: Callable[..., Any]) -> None:
    build(a_steady_firm((2024, 5)))

    found = forecast(cast.firm.firm_id)
    assert (found.status, found.weeks) == ("too_short", ())


def test_credits_count_as_never_collected(cast: Any, build: Callable[..., Any]) -> None:
    """Every bill was settled half by a credit on its first day: half of what is open is expected."""
    records = a_steady_firm()
    for allocation in list(records["allocations"]):
        memo = {
            "id": allocation["id"] + 9000,
            "date": "2024-01-01",
            "amount": 500,
            "discount": False,
            "voided_at": None,
        }
        records["credit_memos"].append(memo)
        issued = date.fromisoformat(allocation["date"]) - timedelta(days=30)
        credit = {"id": allocation["id"] + 5000, "date": issued.isoformat(), "amount": 500}
        records["allocations"].append({**allocation, **credit, "parent": {"id": memo["id"], "type": "CreditMemo"}})
        allocation["amount"] = 500
    build(records)

    assert expected(forecast(cast.firm.firm_id), "from_receivables") == {2: "500.00"}


def test_a_scope_forecasts_its_own_part(cast: Any, steady: Callable[..., Forecast]) -> None:
    """Ben is nobody's attorney and did none of the work: there is nothing of his to learn from."""
    firm_id = cast.firm.firm_id
    found = steady(Scope(firm_id, ScopeKind.SELF, 102))
    adas = forecast(firm_id, Scope(firm_id, ScopeKind.SELF, 101))

    assert (found.status, found.weeks) == ("too_short", ())
    assert expected(adas, "total") == {2: "1000.00", 6: "300.00"}


def test_how_often_a_matter_is_billed_is_told_by_the_lines_in_scope(cast: Any, build: Callable[..., Any]) -> None:
    """Ada's lines come every month; Ben's extra bill of 20 March would make her work wait another month."""
    records, firm_id = a_steady_firm(), cast.firm.firm_id
    matter = records["matters"][0]
    matter |= {"responsible_attorney": None, "originating_attorney": None}
    bill, line = records["bills"][-1], records["line_items"][-1]
    records["bills"].append({**bill, "id": 5900, "issued_at": "2025-03-20"})
    records["line_items"].append({**line, "id": 6900, "bill": {"id": 5900}, "user": {"id": 102}})
    build(records)

    adas = forecast(firm_id, Scope(firm_id, ScopeKind.SELF, 101))

    assert expected(adas, "from_unbilled") == {6: "300.00"}
    assert expected(forecast(firm_id), "from_unbilled") != {6: "300.00"}


def test_the_api_shows_it_with_its_method(
    cast: Any, api: Callable[[Any], APIClient], build: Callable[..., Any]
) -> None:
    build(a_steady_firm(), now=timezone.now())

    body = api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/forecast").json()

    assert body["status"] == "ready"
    assert len(body["weeks"]) == 13
    assert "24 to 6 months" in body["method"]


def test_the_api_refuses_what_it_does_not_know(cast: Any, api: Callable[[Any], APIClient]) -> None:
    answer = api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/forecast?period=2025-03")

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/period"]
    assert api(cast.stranger).get(f"/api/v1/firms/{cast.firm.public_id}/forecast").status_code == 404
