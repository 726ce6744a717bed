"""Questions to the metric layer: by dimensions, by pieces of a period, beside an earlier one, refused if senseless."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.core.scope import Level, Role
from tests.accounts.factories import join, make_user
from tests.reports.api.test_leaderboard import colleague
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def ask(cast: Any, api: Client) -> Callable[..., Any]:

    def send(**parameters: str) -> Any:
        return api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/query", parameters)

    return send


def by_label(body: Any, column: str) -> dict[str, Any]:
    return {", ".join(row["labels"]): row["figures"][column] for row in body["rows"]}


def test_tells_hours_and_money_by_timekeeper(ask: Callable[..., Any]) -> None:
    body = ask(metrics="recorded_hours,utilization,billed,collected", dimensions="timekeeper", period="2025-03").json()

    assert by_label(body, "recorded_hours.total") == {"Ada Archer": 14.0, "Ben Brook": 2.0}
    assert by_label(body, "utilization.rate") == {"Ada Archer": 6.5, "Ben Brook": 0.0}
    assert by_label(body, "billed.total") == {"Ada Archer": "3100.00", "Ben Brook": "600.00"}
    assert body["total"]["figures"]["utilization.rate"] == 3.3
    assert body["total"]["figures"]["billed.total"] == "3700.00"
    assert body["total"]["figures"]["collected.total"] == "1850.00"


def test_keeps_what_lacks_the_attribute_as_a_row_of_its_own(ask: Callable[..., Any]) -> None:
    body = ask(metrics="recorded_hours,unbilled", dimensions="practice_area", period="2025-03").json()

    assert by_label(body, "recorded_hours.total") == {"Litigation": 6.0, "(No practice area)": 10.0}
    assert by_label(body, "unbilled.fees") == {"Litigation": "1800.00", "(No practice area)": "1500.00"}
    assert body["total"]["figures"]["unbilled.fees"] == "3300.00"


def test_cuts_the_period_into_pieces(ask: Callable[..., Any]) -> None:
    body = ask(
        metrics="recorded_hours,receivable", dimensions="matter", grain="month", period="2025-02-01..2025-03-31"
    ).json()

    series = {row["labels"][0]: row["series"] for row in body["rows"]}
    (litigation,) = [pieces for label, pieces in series.items() if label.endswith("M1")]
    assert litigation["2025-02-01"]["recorded_hours.total"] == 14.0
    assert litigation["2025-03-01"]["recorded_hours.total"] == 6.0
    assert litigation["2025-02-01"]["receivable.total"] == "0.00"
    assert litigation["2025-03-01"]["receivable.total"] == "1480.00"
    assert body["total"]["series"]["2025-03-01"]["receivable.total"] == "1480.00"
    assert body["total"]["figures"]["receivable.total"] == "1480.00"


def test_sets_a_period_beside_the_one_before(ask: Callable[..., Any]) -> None:
    body = ask(metrics="recorded_hours", dimensions="timekeeper", period="2025-03", compare="prior_period").json()

    assert body["compared_with"]["starts_on"] == "2025-02-01"
    assert body["compared_with"]["ends_on"] == "2025-02-28"
    (first, second) = body["rows"]
    assert (first["labels"], first["compared"]["recorded_hours.total"]) == (["Ada Archer"], 10.0)
    assert first["change"]["recorded_hours.total"] == 40.0
    assert (second["labels"], second["change"]["recorded_hours.total"]) == (["Ben Brook"], -50.0)


def test_sorts_and_pages_and_counts_all_rows(ask: Callable[..., Any]) -> None:
    first = ask(
        metrics="recorded_hours", dimensions="matter", period="2025-03", sort="-recorded_hours.total", limit="1"
    )
    second = ask(metrics="recorded_hours", dimensions="matter", period="2025-03", sort="matter", limit="2", offset="1")

    assert [row["figures"]["recorded_hours.total"] for row in first.json()["rows"]] == [7.0]
    assert first.json()["row_count"] == 3
    assert second.json()["rows"][-1]["labels"] == ["(No matter)"]
    assert second.json()["total"] == first.json()["total"] | {"labels": ["Total"]}


def test_filters_by_value_and_by_none(ask: Callable[..., Any]) -> None:
    body = ask(
        **{"metrics": "recorded_hours", "dimensions": "timekeeper", "period": "2025-03", "filter[matter]": "none"}
    ).json()

    assert by_label(body, "recorded_hours.total") == {"Ada Archer": 3.0}


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({}, "/metrics"),
        ({"metrics": "happiness"}, "/metrics"),
        ({"metrics": "utilization", "dimensions": "matter"}, "/dimensions"),
        ({"metrics": "billed", "dimensions": "color"}, "/dimensions"),
        ({"metrics": "billed", "grain": "decade"}, "/grain"),
        ({"metrics": "billed", "period": "soon"}, "/period"),
        ({"metrics": "billed", "filter[client]": "x"}, "/filter[client]"),
        ({"metrics": "billed", "filter[client]": ""}, "/filter[client]"),
        ({"metrics": "utilization", "filter[practice_area]": "1"}, "/filter[practice_area]"),
        ({"metrics": "billed", "sort": "height"}, "/sort"),
        ({"metrics": "billed", "limit": "0"}, "/limit"),
        ({"metrics": "billed", "currency": "usd"}, "/currency"),
        ({"metrics": "billed", "compare": "yesterday"}, "/compare"),
        ({"metrics": "billed", "grain": "day", "period": "2020-01-01..2025-01-01"}, "/grain"),
        ({"metrics": "billed", "metric": "billed"}, "/metric"),
    ],
)
def test_refuses_what_it_does_not_understand(ask: Callable[..., Any], parameters: Any, field: str) -> None:
    answer = ask(**parameters)

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [field]


def test_takes_one_statement_for_all_sources(ask: Callable[..., Any]) -> None:
    ask(metrics="billed", period="2025-03")
    with CaptureQueriesContext(connection) as captured:
        assert (
            ask(metrics="recorded_hours,billed,collected,unbilled,receivable", dimensions="client").status_code == 200
        )

    summed = [query["sql"] for query in captured if "gathered AS" in query["sql"]]
    assert len(summed) == 1
    assert all(f"reports_{rows}" in summed[0] for rows in ("time", "bill_lines", "bill_money", "owed"))


def test_a_stranger_learns_nothing(cast: Any, api: Client) -> None:
    assert api(cast.stranger).get(f"/api/v1/firms/{cast.firm.public_id}/query?metrics=billed").status_code == 404


def test_lists_the_metrics(cast: Any, api: Client) -> None:
    metrics = {metric["key"]: metric for metric in api(cast.colleague).get("/api/v1/metrics").json()}

    assert metrics["K3"]["dimensions"] == ["role", "timekeeper"]
    assert metrics["K8"]["items"]["fees"] == "money"


def test_tells_how_long_and_how_money_came_in(ask: Callable[..., Any]) -> None:
    body = ask(metrics="days_to_bill,effective_rate,payments", dimensions="client", period="2025-03").json()

    (row,) = body["rows"]
    assert row["figures"]["days_to_bill.average"] == 19.3
    assert row["figures"]["effective_rate.billed"] == "235.71"
    assert row["figures"]["payments.payments"] == 1
    columns = {column["key"]: column for column in body["columns"]}
    assert columns["days_to_bill.median"]["unit"] == "days"
    assert columns["effective_rate.billed"]["date_basis"] == "issue date; payments up to today"


@pytest.mark.parametrize(
    "sort", ["-days_to_pay.full_payment_p90", "days_to_pay.average", "-days_to_pay.bills", "practice_area"]
)
def test_sorts_by_medians_too(ask: Callable[..., Any], sort: str) -> None:
    body = ask(metrics="days_to_pay", dimensions="practice_area", period="2025-03", sort=sort, grain="week").json()

    assert body["rows"][0]["labels"] == ["Litigation"]
    assert body["total"]["figures"]["days_to_pay.full_payment_median"] is None


@pytest.mark.parametrize(
    ("metric", "dimension"),
    [("capture", "matter"), ("days_to_pay", "timekeeper"), ("worked_value", "bill"), ("billed", "method")],
)
def test_refuses_breakdowns_that_mean_nothing(ask: Callable[..., Any], metric: str, dimension: str) -> None:
    assert ask(metrics=metric, dimensions=dimension).json()["errors"][0]["code"] == "meaningless_combination"


def test_filters_by_method(ask: Callable[..., Any]) -> None:
    body = ask(**{"metrics": "payments", "period": "2025-03", "filter[method]": "card,direct"}).json()

    assert body["total"]["figures"]["payments.total"] == "1850.00"
    assert body["total"]["figures"]["payments.card"] == "0.00"


def test_keeps_colleagues_names_from_who_may_not_see_them(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    build(golden("march"))
    member = make_user()
    join(member, cast.firm, clio_user_id=102)

    address = f"/api/v1/firms/{cast.firm.public_id}/query?metrics=recorded_hours&dimensions=timekeeper&period=2025-03"
    body = api(member).get(address).json()

    assert by_label(body, "recorded_hours.total") == {colleague(cast.firm, 101, reader=102): 14.0, "Ben Brook": 2.0}


def test_keeps_clients_names_from_whom_the_firm_hides_them(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    build(golden("march"))
    adviser = make_user()
    join(adviser, cast.firm, role=Role.CONSULTANT, level=Level.FULL, hides_client_names=True)

    for dimension in ("client", "matter"):
        address = f"/api/v1/firms/{cast.firm.public_id}/query?metrics=billed&dimensions={dimension}&sort={dimension}"
        rows = api(adviser).get(f"{address}&period=2025-03").json()["rows"]
        words = {label.partition(" ")[0] for row in rows for label in row["labels"]}
        assert words <= {dimension.capitalize(), "(No"}
        assert rows
