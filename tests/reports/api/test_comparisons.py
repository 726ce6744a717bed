"""Periods set beside several earlier ones: averages of amounts, ratios of sums, what is new (K46)."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(cast: Any, api: Callable[[Any], APIClient], build: Callable[..., Any]) -> Callable[..., Any]:
    build(golden("march"))

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
    assert body["total"]["change"]["recorded_hours.total"] == 242.6
    assert body["total"]["change"]["billable_share.rate"] == -31.2


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


def test_refuses_trailing_months_for_a_week(ask: Callable[..., Any]) -> None:
    answer = ask(metrics="billed", period="2025-03-03..2025-03-09", compare="trailing_12_months")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/compare"
