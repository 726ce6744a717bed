"""What a refusal tells the people of a firm: the field it is about, what is missing, and what to do."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.reports.contracts import Dimension
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.models.money import CostKind, Item, Method
from apps.reports.rules.definitions import CLOSED_WORDS
from tests.reports.closing import close
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]
Ask = Callable[..., Any]


@pytest.fixture
def ask(cast: Any, api: Client, build: Callable[..., Any]) -> Ask:
    build(golden("march"))

    def send(place: str, query: str = "", **parameters: str) -> Any:
        address = f"/api/v1/firms/{cast.firm.public_id}/{place}{query}"
        return api(cast.owner).get(address, parameters or None)

    return send


def pointer(answer: Any) -> str:
    return str(answer.json()["errors"][0]["pointer"])


def test_every_table_says_what_it_may_be_grouped_by(ask: Ask) -> None:
    reports = {report["key"]: report for report in ask("reports").json()}

    for report in reports.values():
        for table in report["tables"]:
            assert set(table["group_by"]) <= set(table["groupings"])
            assert not report["groupings"] or set(table["groupings"]) <= {*report["groupings"], *table["group_by"]}
    for table in reports["revenue"]["tables"]:
        for grouping in table["groupings"]:
            given = {"table": table["key"], "group_by": grouping, "period": "2025-03"}
            assert ask("reports/revenue", **given).status_code == 200, given


def test_a_report_of_several_tables_names_those_that_fit(ask: Ask) -> None:
    (report,) = [each for each in ask("reports").json() if each["key"] == "payments_received"]
    fitting = [each["key"] for each in report["tables"] if "payer" in each["groupings"]]

    answer = ask("reports/payments_received", group_by="payer", period="2025-03")

    assert (answer.status_code, pointer(answer)) == (400, "/table")
    detail = answer.json()["detail"]
    assert "`table`" in detail
    assert "`group_by`" in detail
    assert detail.endswith(f"of {', '.join(fitting)}.")


def test_a_report_names_its_own_fields(ask: Ask) -> None:
    grouped = ask("reports/timekeeper_productivity", group_by="bank_account", table="timekeepers", period="2025-03")
    no_table = ask("reports/revenue", table="nothing", period="2025-03")
    no_column = ask("reports/timekeeper_productivity", columns="billed.nothing", period="2025-03")

    assert pointer(grouped) == "/group_by"
    assert "it may be by " in grouped.json()["detail"]
    assert pointer(no_table) == "/table"
    assert "it has " in no_table.json()["detail"]
    assert pointer(no_column) == "/columns"
    assert "recorded_hours.total" in no_column.json()["detail"]


def test_as_reported_names_the_months_to_close(ask: Ask) -> None:
    answer = ask("query", metrics="billed", period="2025-02-01..2025-03-31", mode="as_reported")

    assert (answer.status_code, pointer(answer)) == (409, "/period")
    assert answer.json()["open_months"] == ["2025-02", "2025-03"]
    assert "Close 2025-02, 2025-03 first" in answer.json()["detail"]


def test_a_month_that_runs_cannot_be_closed_and_is_said_to_run(ask: Ask) -> None:
    answer = ask("query", metrics="billed", period="this_month", mode="as_reported")

    assert answer.status_code == 409
    assert "is not over: ask for a `period` that ends before it" in answer.json()["detail"]
    assert "Close " not in answer.json()["detail"]


def test_the_months_set_beside_are_told_from_those_asked_for(ask: Ask, cast: Any) -> None:
    close(cast, ["2025-03"], datetime(2025, 4, 2, 12, tzinfo=UTC))
    question = {"period": "2025-03", "mode": "as_reported"}

    answer = ask("reports/firm_overview", **question)
    alone = ask("reports/firm_overview", **question, compare="none", table="cards")
    whole = ask("reports/firm_overview", **question, compare="none")

    assert (answer.status_code, pointer(answer)) == (409, "/compare")
    assert answer.json()["open_months"] == ["2024-03"]
    assert "also what is set beside (`compare=prior_year`)" in answer.json()["detail"]
    assert alone.status_code == 200, alone.json()
    assert alone.json()["tables"][0]["answer"]["compared_with"] is None
    assert (whole.status_code, pointer(whole)) == (400, "/table")
    assert "always of last 12 months" in whole.json()["detail"]
    assert "by `table`: cards" in whole.json()["detail"]


def test_what_is_no_whole_months_says_which_period_to_ask_for(ask: Ask) -> None:
    answer = ask("reports/period_close", period="last_12_months")

    assert (answer.status_code, pointer(answer)) == (400, "/period")
    detail = answer.json()["detail"]
    assert "`compare=closed`" in detail
    assert "is not whole months" in detail
    assert "last_month" in detail


def test_what_is_kept_day_by_day_says_how_to_ask(ask: Ask) -> None:
    (name,) = [each.name for each in BY_NAME.values() if each.only_as_reported][:1]

    answer = ask("query", metrics=name, period="2025-03")

    assert (answer.status_code, pointer(answer)) == (400, "/mode")
    assert "ask with `mode=as_reported`" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("place", "parameters", "field", "words"),
    [
        ("query", {"metrics": "billed", "limit": "5000"}, "limit", "from 1 to 500, not 5000"),
        ("query", {"metrics": "billed", "limit": "0"}, "limit", "from 1 to 500"),
        ("query", {"metrics": "billed", "offset": "-1"}, "offset", "from 0 to 1000000"),
        ("query", {"metrics": "billed", "period": "1900-01..2025-01"}, "period", "a month such as"),
        ("query", {"metrics": "billed", "period": "1900-01-01..2025-01-01"}, "period", "30 years"),
        ("query", {"metrics": "billed", "period": "2999-01"}, "period", "after today"),
        ("query", {"metrics": "biled"}, "metrics", "Did you mean billed"),
        ("query", {"metrics": "billed", "rows": "3"}, "rows", "there are attributes"),
        ("query", {"metrics": "billed", "sort": "bananas"}, "sort", "billed.fees"),
        (
            "query",
            {"metrics": "billed", "dimensions": "client", "details": "matter.client"},
            "details",
            "name that too",
        ),
        ("query", {"metrics": "utilization", "dimensions": "client"}, "dimensions", "timekeeper"),
        ("query", {"metrics": "billed", "grain": "day", "period": "2020-01-01..2025-01-01"}, "grain", "longer `grain`"),
        ("query", {"metrics": "collected", "filter[method]": "Cash"}, "filter[method]", "trust, card, echeck"),
        ("query", {"metrics": "collected", "filter[fee_expense]": "fees"}, "filter[fee_expense]", "fee, expense"),
        ("query", {"metrics": "collected", "filter[client]": "Smith"}, "filter[client]", "no id of a client"),
        ("explain", {"item": "billed"}, "item", "such as `collected.fees`"),
        ("settings/targets", {"bananas": "1"}, "bananas", "there are on, timekeeper_id"),
        ("snapshots", {"day": "2025-03-01"}, "day", "cursor, page_size"),
        ("explain", {"item": "billed.nothing"}, "item", "it has "),
        ("explain", {"item": "biled.fees"}, "item", "Did you mean billed"),
        ("explain", {"item": "billed.fees", "page_size": "1000"}, "page_size", "from 1 to 100"),
        ("explain", {"item": "billed.fees", "cursor": "zzz"}, "cursor", "`next` or `previous`"),
        ("explain", {"item": "utilization.rate", "cell[client]": "7"}, "cell[client]", "cannot be narrowed"),
        ("leaderboard", {"metric": "biled"}, "metric", "billed"),
        ("leaderboard", {"metric": "billed", "rows": "3"}, "rows", "there are currency"),
        ("forecast", {"period": "2025-03"}, "period", "there are currency"),
        ("reports/overview", {"metrics": "billed"}, "metrics", "there are currency, period"),
        ("snapshots", {"page_size": "101"}, "page_size", "from 1 to 100"),
        ("settings/targets", {"page_size": "101"}, "page_size", "from 1 to 100"),
    ],
)
def test_names_the_field_and_what_it_may_be(
    ask: Ask, place: str, parameters: dict[str, str], field: str, words: str
) -> None:
    answer = ask(place, **parameters)

    assert answer.status_code == 400, answer.content
    assert pointer(answer) == f"/{field}"
    assert f"`{field}" in answer.json()["detail"]
    assert words in answer.json()["detail"]


def test_our_own_words_of_filters_are_those_the_ledger_writes() -> None:
    words = {dimension: set(each) for dimension, each in CLOSED_WORDS.items()}

    assert words == {
        Dimension.FEE_EXPENSE: set(Item.values),
        Dimension.METHOD: set(Method.values),
        Dimension.COST_KIND: set(CostKind.values),
    }


@pytest.mark.parametrize(
    ("place", "query", "field"),
    [
        ("query", "?metrics=billed&metrics=collected", "metrics"),
        ("query", "?metrics=billed&filter[client]=1&filter[client]=2", "filter[client]"),
        ("reports/revenue", "?table=clients&table=months", "table"),
        ("explain", "?item=billed.fees&item=billed.total", "item"),
        ("reports/overview", "?period=2025-03&period=2025-02", "period"),
    ],
)
def test_what_is_given_twice_is_not_guessed_at(ask: Ask, place: str, query: str, field: str) -> None:
    answer = ask(place, query)

    assert (answer.status_code, pointer(answer)) == (400, f"/{field}")
    assert answer.json()["errors"][0]["code"] == "repeated"
    assert f"`{field}` stands in the address 2 times" in answer.json()["detail"]


def test_every_refusal_of_a_question_names_its_field_in_words(ask: Ask) -> None:
    """Whatever is asked wrongly of a metric, the sentence names a parameter of the address."""
    for name in BY_NAME:
        answer = ask("query", metrics=name, dimensions="utbms_task,utbms_activity,bank_account", period="2025-03")
        assert answer.status_code == 400, name
        assert "`" in answer.json()["detail"], json.dumps(answer.json())
