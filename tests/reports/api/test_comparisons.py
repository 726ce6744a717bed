"""Periods set beside several earlier ones: averages of amounts, ratios of sums, what is new (K46)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def ask(cast: Any, api: Callable[[Any], APIClient]) -> Callable[..., Any]:

    def send(**parameters: str) -> Any:
        return api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/query", {"period": "2025-03", **parameters})

    return send


def test_averages_the_three_periods_before(ask: Callable[..., Any]) -> None:
    """Of December, January and February only February has any: 14 hours, 4,000 unbilled at its end."""
    body = ask(metrics="recorded_hours,unbilled,billable_share", compare="average_of_3").json()

    assert body["averaged_over"] == 3
    assert (body["compared_with"]["starts_on"], body["compared_with"]["ends_on"]) == ("2024-12-01", "2025-02-28")
    compared = body["total"]["compared"]
    assert compared["recorded_hours.total"] == 4.67
    assert compared["unbilled.total"] == "1333.33"
    assert compared["billable_share.rate"] == 100.0
    assert body["total"]["change"]["recorded_hours.total"] == 242.9
    assert body["total"]["change"]["billable_share.rate"] == -31.3
    assert [(each["starts_on"], each["ends_on"]) for each in body["compared_periods"]] == [
        ("2025-02-01", "2025-02-28"),
        ("2025-01-01", "2025-01-31"),
        ("2024-12-01", "2024-12-31"),
    ]


def test_averages_twelve_months(ask: Callable[..., Any]) -> None:
    body = ask(metrics="recorded_hours", dimensions="timekeeper", compare="trailing_12_months").json()

    assert body["averaged_over"] == 12
    compared = {row["labels"][0]: row["compared"]["recorded_hours.total"] for row in body["rows"]}
    assert compared == {"Ada Archer": 0.83, "Ben Brook": 0.33}


def test_a_median_has_no_average(ask: Callable[..., Any]) -> None:
    body = ask(metrics="days_to_bill", compare="average_of_3").json()

    assert body["total"]["compared"]["days_to_bill.median"] is None


def test_says_what_is_new(ask: Callable[..., Any]) -> None:
    """Nothing was billed in February; Ben's expenses are nothing in both."""
    body = ask(metrics="billed", dimensions="timekeeper", compare="prior_period").json()

    assert "billed.fees" in body["total"]["new"]
    assert body["total"]["change"]["billed.fees"] is None
    rows = {row["labels"][0]: row for row in body["rows"]}
    assert rows["Ben Brook"]["new"] == ["billed.fees", "billed.total"]


def test_ratios_are_never_new(ask: Callable[..., Any]) -> None:
    body = ask(metrics="utilization", dimensions="timekeeper", compare="prior_period").json()

    assert all(row["new"] == [] for row in body["rows"])


def test_ratios_change_in_their_own_unit(ask: Callable[..., Any]) -> None:
    body = ask(metrics="lockup,effective_rate,collection_rate,billed,payments", compare="prior_period").json()

    told = {column["key"]: column["changes_in"] for column in body["columns"]}
    assert told["lockup.total"] == "days"
    assert told["effective_rate.billed"] == "money"
    assert told["collection_rate.rate"] == "points"
    assert {told["billed.fees"], told["payments.payments"]} == {"percent"}


def test_days_change_by_days_and_rates_by_money(
    cast: Any, api: Callable[[Any], APIClient], build: Callable[..., Any]
) -> None:
    """A second bill of 1 April takes a line of 20 February's work: 40 days, 150 an hour, after 19.3 and 235.71."""
    records = golden("march")
    bill, line = records["bills"][0], records["line_items"][1]
    records["bills"].append(
        {
            **bill,
            "id": 9001,
            "issued_at": "2025-04-01",
            "due_at": "2025-05-01",
            "due": 600,
            "balance": 600,
            "paid": 0,
            "credits_issued": 0,
        }
    )
    entry = {**records["activities"][1], "id": 9002, "bill": {"id": 9001}}
    records["activities"].append(entry)
    records["line_items"].append({**line, "id": 9003, "bill": {"id": 9001}, "activity": {"id": 9002}})
    build(records, now=datetime(2025, 5, 10, tzinfo=UTC))

    address = f"/api/v1/firms/{cast.firm.public_id}/query"
    asked = {"metrics": "days_to_bill,effective_rate,billed", "period": "2025-04", "compare": "prior_period"}
    total = api(cast.owner).get(address, asked).json()["total"]

    assert (total["figures"]["days_to_bill.average"], total["compared"]["days_to_bill.average"]) == (40.0, 19.3)
    assert total["change"]["days_to_bill.average"] == 20.7
    assert (total["figures"]["effective_rate.billed"], total["compared"]["effective_rate.billed"]) == (
        "150.00",
        "235.71",
    )
    assert total["change"]["effective_rate.billed"] == "-85.71"
    assert total["change"]["billed.fees"] == -81.8


def test_weeks_of_a_year_before_fall_on_the_weeks_they_are_beside(ask: Callable[..., Any]) -> None:
    """A year later every date is on another weekday, and its rows belong to the week that holds it."""
    parameters = {"metrics": "recorded_hours,unbilled", "compare": "prior_year", "grain": "week"}
    body = ask(**parameters, period="2026-02-01..2026-03-31").json()

    weeks = [row["keys"][0] for row in body["rows"]]
    assert all(date.fromisoformat(week).isoweekday() == 1 for week in weeks)
    compared = {row["keys"][0]: row["compared"]["recorded_hours.total"] for row in body["rows"]}
    assert {week: hours for week, hours in compared.items() if hours} == {
        "2026-02-09": 10.0,
        "2026-02-16": 4.0,
        "2026-03-02": 14.0,
        "2026-03-09": 2.0,
    }
    ends = {row["keys"][0]: row["compared"]["unbilled.total"] for row in body["rows"]}
    assert (ends["2026-02-23"], ends["2026-03-30"]) == ("4000.00", "3300.00")


def test_refuses_trailing_months_for_a_week(ask: Callable[..., Any]) -> None:
    answer = ask(metrics="billed", period="2025-03-03..2025-03-09", compare="trailing_12_months")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/compare"
