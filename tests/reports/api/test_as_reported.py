"""The knowledge mode of a question: refused where nothing keeps the figures, and told with every answer."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


@pytest.fixture
def ask(cast: Any, api: Client, build: Callable[..., Any]) -> Callable[..., Any]:
    build(golden("march"))

    def send(**parameters: str) -> Any:
        return api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/query", parameters)

    return send


def test_is_restated_unless_asked_otherwise(ask: Callable[..., Any]) -> None:
    body = ask(metrics="unbilled", period="2025-03").json()

    assert body["mode"] == "restated"
    assert body["gaps"] == []


def test_refuses_a_mode_it_does_not_know(ask: Callable[..., Any]) -> None:
    answer = ask(metrics="unbilled", period="2025-03", mode="guessed")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/mode"


def test_refuses_as_reported_what_nothing_keeps(ask: Callable[..., Any]) -> None:
    answer = ask(metrics="concentration", period="2025-03", mode="as_reported")

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "pointer": "/mode",
            "detail": (
                "Client concentration is kept neither day by day nor by closed months, at least not by what is asked "
                "here. Leave it out, or ask without `mode=as_reported`."
            ),
            "code": "not_as_reported",
        }
    ]


def test_refuses_restated_what_is_made_of_snapshots(ask: Callable[..., Any]) -> None:
    answer = ask(metrics="wip_written_off", period="2025-03")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "only_as_reported"


def test_every_day_before_the_first_snapshot_is_a_gap(ask: Callable[..., Any]) -> None:
    body = ask(metrics="unbilled", period="2025-03", mode="as_reported", grain="week").json()

    assert body["mode"] == "as_reported"
    assert [gap["nearest_before"] for gap in body["gaps"]] == [None] * 6
    assert {row["figures"]["unbilled.fees"] for row in body["rows"]} == {None}
    assert body["row_count"] == len(body["rows"]) == 6


def test_a_report_as_reported_leaves_out_what_was_not_kept(ask: Callable[..., Any], cast: Any, api: Client) -> None:
    address = f"/api/v1/firms/{cast.firm.public_id}/reports"

    whole = api(cast.owner).get(f"{address}/receivables_aging", {"mode": "as_reported"}).json()
    part = api(cast.owner).get(f"{address}/lockup", {"mode": "as_reported"}).json()
    refused = api(cast.owner).get(f"{address}/payments_received", {"mode": "as_reported"})

    assert {table["answer"]["mode"] for table in whole["tables"]} == {"as_reported"}
    assert [table["left_out"] for table in whole["tables"]] == [[], ["receivable_parts.fees"]]
    assert part["tables"][0]["table"]["columns"] == ["unbilled.total", "receivable.total"]
    assert "days_of_receivables.days" in part["tables"][0]["left_out"]
    assert (refused.status_code, refused.json()["code"]) == (409, "reports.months_open")


def test_the_explanation_of_a_figure_as_reported_is_as_reported(
    ask: Callable[..., Any], cast: Any, api: Client
) -> None:
    address = f"/api/v1/firms/{cast.firm.public_id}/explain"
    asked = {"metrics": "unbilled", "period": "2025-03", "mode": "as_reported", "item": "unbilled.fees"}

    body = api(cast.owner).get(address, asked).json()

    assert (body["mode"], body["value"], body["results"]) == ("as_reported", None, [])


def test_figures_of_a_period_as_reported_are_of_closed_months(ask: Callable[..., Any]) -> None:
    answer = ask(metrics="billed", period="2025-02-01..2025-03-31", mode="as_reported")

    assert answer.status_code == 409
    assert answer.json()["code"] == "reports.months_open"
    assert answer.json()["open_months"] == ["2025-02", "2025-03"]


def test_a_part_of_a_month_has_no_figures_as_reported(ask: Callable[..., Any]) -> None:
    answer = ask(metrics="billed", period="2025-02-03..2025-02-28", mode="as_reported")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "not_whole_months"
