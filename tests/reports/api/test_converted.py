"""Figures converted into one currency, at every entrance that takes a currency (R11)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.reports.api.test_custom_reports import DEFINITION
from tests.reports.conftest import golden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
Client = Callable[[Any], APIClient]
IN_EUR = {"period": "2025-03", "currency": "converted:EUR"}


class Firm:
    """The golden firm, which bills in dollars, as its owner reaches it."""

    def __init__(self, client: APIClient, public_id: Any) -> None:
        self._client, self._root = client, f"/api/v1/firms/{public_id}"

    def get(self, address: str, known: str = "", **parameters: str) -> Any:
        headers = {"If-None-Match": known} if known else {}
        return self._client.get(f"{self._root}/{address}", parameters, headers=headers)

    def post(self, address: str, body: Any) -> Any:
        return self._client.post(f"{self._root}/{address}", body, format="json")

    def catalogue(self) -> Any:
        return self._client.get("/api/v1/metrics")

    def keep(self, on: str, rate: str) -> None:
        """Save what a dollar is worth in euros through the settings."""
        row = {"on_date": on, "currency": "USD", "quote_currency": "EUR", "rate": rate}
        answer = self.post("settings/exchange-rates", {"rows": [row]})
        assert answer.status_code == 200, answer.json()


@pytest.fixture
def firm(cast: Any, api: Client, build: Callable[..., Any]) -> Firm:
    build(golden("march"))
    return Firm(api(cast.owner), cast.firm.public_id)


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def test_a_question_is_answered_converted_and_says_so(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")
    firm.keep("2025-03-20", "0.95")

    body = firm.get("query", metrics="billed,collected", **IN_EUR).json()

    assert body["currency"] == "EUR"
    assert body["total"]["figures"]["billed.total"] == "3330.00"  # 3700 of 3 March at 0.9
    assert body["total"]["figures"]["collected.total"] == "1757.50"  # 1850 of 24 March at 0.95
    assert body["conversion"]["into"] == "EUR"
    assert body["conversion"]["words"].startswith("converted into EUR")
    assert body["conversion"]["rates"] == [
        {"currency": "USD", "first_on": "2025-01-01", "last_on": "2025-03-20", "count": 2}
    ]
    assert (body["incomplete"], body["flags"], body["other_currencies"]) == ([], [], [])
    assert firm.get("query", metrics="billed", period="2025-03").json()["conversion"] is None


def test_a_saved_rate_is_a_new_answer(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")
    before = firm.get("query", metrics="billed", **IN_EUR)
    same = firm.get("query", before["ETag"], metrics="billed", **IN_EUR)
    firm.keep("2025-01-01", "0.8")

    after = firm.get("query", before["ETag"], metrics="billed", **IN_EUR)

    assert (same.status_code, after.status_code) == (304, 200)
    assert after.json()["total"]["figures"]["billed.total"] == "2960.00"


def test_a_report_leaves_out_what_is_not_converted(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")

    answer = firm.get("reports/work_in_progress", **IN_EUR)
    plain = firm.get("reports/work_in_progress", period="2025-03")

    (table,) = answer.json()["tables"]
    (whole,) = plain.json()["tables"]
    gone = set(table["left_out"]) - set(whole["left_out"])
    assert gone
    assert all(name.startswith("trust_") for name in gone)
    assert table["answer"]["conversion"]["into"] == "EUR"
    figures, before = table["answer"]["total"]["figures"], whole["answer"]["total"]["figures"]
    assert before["unbilled.fees"] == "3300.00"
    assert figures["unbilled.fees"] == "2970.00"


def test_a_report_of_nothing_else_is_refused(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")

    assert faults(firm.get("reports/budgets", table="matters", **IN_EUR)) == [("/currency", "not_converted")]


def test_a_firms_own_report_is_converted(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")
    kept = firm.post("custom-reports", DEFINITION | {"tables": [{**DEFINITION["tables"][0], "filters": {}}]}).json()

    answer = firm.get(f"custom-reports/{kept['id']}/answer", currency="converted:EUR").json()

    (table,) = answer["tables"]
    assert table["answer"]["conversion"]["into"] == "EUR"
    assert table["answer"]["total"]["figures"]["collected.total"] == "1665.00"


def test_an_explanation_shows_amount_rate_and_day(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")
    firm.keep("2025-03-20", "0.95")

    body = firm.get("explain", item="collected.fees", **IN_EUR).json()

    assert (body["value"], body["currency"], body["conversion"]["into"]) == ("1567.50", "EUR", "EUR")
    assert body["tie_out"] is None
    (key,) = [each["key"] for each in body["sums"] if each["role"] == "added"]
    assert {row["contributions"][key]: row["originals"] for row in body["results"]} == {
        "1282.50": [original(key, "1350.00")],
        "285.00": [original(key, "300.00")],
    }
    assert firm.get("explain", item="collected.fees", period="2025-03").json()["results"][0]["originals"] == []


def original(key: str, amount: str) -> dict[str, Any]:
    return {
        "currency": "USD",
        "amounts": {key: amount},
        "converted_on": "2025-03-24",
        "rate_since": "2025-03-20",
        "rate": "0.95",
    }


def test_an_item_that_is_not_converted_is_not_explained_converted(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")

    assert faults(firm.get("explain", item="cost_rates.unabsorbed", **IN_EUR)) == [("/item", "not_converted")]
    assert faults(firm.get("explain", item="trust_balance.total", **IN_EUR)) == [("/item", "not_converted")]


def test_people_are_ranked_by_converted_money(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")

    body = firm.get("leaderboard", metric="collected", item="fees", **IN_EUR).json()

    assert [row["figure"] for row in body["rows"] if row["place"] == 1] == ["1215.00"]
    assert (body["currency"], body["conversion"]["into"], body["flags"]) == ("EUR", "EUR", [])


def test_a_missing_rate_is_told_with_pair_and_day(firm: Firm) -> None:
    firm.keep("2025-03-20", "0.95")

    body = firm.get("query", metrics="billed,collected", **IN_EUR).json()
    board = firm.get("leaderboard", metric="billed", **IN_EUR).json()

    assert body["incomplete"] == ["billed"]
    (flag,) = body["flags"]
    assert (flag["code"], flag["count"]) == ("missing_exchange_rate", 1)
    assert flag["text"].startswith("No exchange rate of USD in EUR is kept for 2025-03-03:")
    assert body["total"]["figures"]["billed.total"] == "0.00"
    assert board["is_incomplete"] is True
    assert [each["code"] for each in board["flags"]] == ["missing_exchange_rate"]


@pytest.mark.parametrize(
    ("address", "parameters"),
    [
        ("query", {"metrics": "billed"}),
        ("reports/overview", {}),
        ("explain", {"item": "billed.total"}),
        ("leaderboard", {"metric": "billed"}),
    ],
)
def test_without_rates_it_is_refused_with_what_to_do(firm: Firm, address: str, parameters: dict[str, str]) -> None:
    answer = firm.get(address, **parameters, **IN_EUR)

    assert faults(answer) == [("/currency", "no_exchange_rates")]
    assert "exchange-rates" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("address", ["query", "explain", "reports/overview", "leaderboard", "forecast"])
@pytest.mark.parametrize("text", ["converted", "converted:", "converted:eur", "converted:EURO", "EUR:converted"])
def test_what_is_no_currency_is_refused(firm: Firm, address: str, text: str) -> None:
    more = {"query": {"metrics": "billed"}, "explain": {"item": "billed.total"}, "leaderboard": {"metric": "billed"}}

    assert ("/currency", "invalid") in faults(firm.get(address, currency=text, **more.get(address, {})))


def test_the_overview_is_told_in_one_currency(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")
    firm.keep("2025-03-20", "0.95")

    body = firm.get("reports/overview", **IN_EUR).json()
    plain = firm.get("reports/overview", period="2025-03").json()

    (euros,), (dollars,) = body["currencies"], plain["currencies"]
    assert (euros["currency"], dollars["currency"]) == ("EUR", "USD")
    assert euros["figures"]["billed"]["total"] == "3330.00"
    assert euros["figures"]["collected"]["fees"] == "1567.50"  # 1650 at 0.95
    assert euros["figures"]["receivable"]["total"] == "1332.00"  # 1480 of the bill of 3 March
    assert body["months"][0]["currencies"][0]["figures"]["billed"]["total"] == "3330.00"
    assert (body["conversion"]["into"], plain["conversion"]) == ("EUR", None)
    assert body["time"] == plain["time"]


def test_the_overview_names_missing_rates(firm: Firm) -> None:
    firm.keep("2025-03-20", "0.95")

    body = firm.get("reports/overview", **IN_EUR).json()

    (flag,) = [each for each in body["data_quality"] if each["code"] == "missing_exchange_rate"]
    assert "2025-03-03" in flag["text"]
    assert {"K8", "K22"} <= set(body["completeness"]["incomplete"])


def test_the_overview_of_one_currency_alone(firm: Firm) -> None:
    body = firm.get("reports/overview", period="2025-03", currency="USD").json()
    empty = firm.get("reports/overview", period="2025-03", currency="CAD").json()

    assert body["currencies"] == firm.get("reports/overview", period="2025-03").json()["currencies"]
    assert [each["currency"] for each in empty["currencies"]] == ["CAD"]
    assert empty["currencies"][0]["figures"]["billed"]["total"] == "0.00"


def test_a_forecast_is_not_converted(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")

    assert faults(firm.get("forecast", currency="converted:EUR")) == [("/currency", "not_converted")]


def test_what_was_kept_is_not_converted(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")

    assert faults(firm.get("query", metrics="billed", mode="as_reported", **IN_EUR)) == [("/currency", "not_converted")]


def test_the_catalogue_tells_what_can_be_converted(firm: Firm) -> None:
    metrics = {each["name"]: each for each in firm.catalogue().json()}

    assert metrics["billed"]["converted"] == list(metrics["billed"]["items"])
    assert metrics["trust_balance"]["converted"] == []
    assert set(metrics["cost_rates"]["items"]) - set(metrics["cost_rates"]["converted"]) == {"cost", "unabsorbed"}


def test_a_plain_question_reads_no_rates(firm: Firm) -> None:
    firm.keep("2025-01-01", "0.9")

    with CaptureQueriesContext(connection) as captured:
        assert firm.get("query", metrics="billed,collected,receivable", period="2025-03").status_code == 200

    statements = [each["sql"] for each in captured]
    assert any("reports_line" in each for each in statements)
    assert not any("exchange" in each for each in statements)
