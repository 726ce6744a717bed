"""How far an API key reaches into the numbers: every route of reports, and every question that shows single records."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.reports.api import permissions, settings_permissions
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.queries.details import list_details
from apps.reports.standard.catalogue import REPORTS
from tests.reports.closing import close
from tests.reports.conftest import golden, mirror_and_build
from tests.reports.keys import client_with_key
from tests.standing import standing

pytestmark = pytest.mark.django_db
KEYS = {
    "figures": ["figures"],
    "records": ["records"],
    "both": ["figures", "records"],
    "firm": ["firm"],
}
EVERYTHING = ["rates", "cost_and_profit", "trust", "names"]
# What a key must hold for each route; None: no key at all.
NEEDED: dict[str, set[str] | None] = {
    "consultant-figures": None,
    "metrics": None,
    "firm-query": {"figures"},
    "firm-explain": {"figures", "records"},
    "firm-data-quality": {"figures"},
    "firm-data-quality-check": {"records"},
    "firm-forecast": {"figures"},
    "firm-leaderboard": {"figures"},
    "firm-overview": {"figures"},
    "firm-reports": {"figures"},
    "firm-report": {"figures"},
    "custom-reports": {"figures"},
    "custom-report": {"figures"},
    "custom-report-versions": None,
    "custom-report-answer": {"figures"},
    "firm-snapshots": {"figures"},
    "overview-page": None,
    "firm-closes": {"figures"},
    "firm-close": {"figures"},
    "firm-close-reopen": None,
    "firm-close-adjustments": {"figures", "records"},
}
# One record of Clio's each; and a metric that is offered by them.
OF_ONE_RECORD = {"bill": "billed", "allocation": "collected", "transaction": "trust_movements"}
Send = Callable[..., Any]


def march_closed(cast: Any) -> None:
    mirror_and_build(cast, golden("march"))
    close(cast, ["2025-03"], datetime(2025, 4, 30, 12, tzinfo=UTC))


standing_march_closed = standing(march_closed)


@pytest.fixture
def cast(standing_march_closed: Any, clean_cache: None, db: None) -> Any:
    """The cast of every test here: its firm has the golden month, closed."""
    return copy.deepcopy(standing_march_closed[0])


@pytest.fixture
def ask_with(cast: Any) -> Send:
    """Return a function that asks the golden firm with a key of its owner."""
    clients: dict[str, APIClient] = {}

    def send(key: str, path: str, **parameters: str) -> Any:
        if key not in clients:
            clients[key] = client_with_key(cast.owner, cast.firm.firm_id, KEYS[key], EVERYTHING)
        period = {} if path.startswith(("data-quality", "forecast")) else {"period": "2025-03"}
        return clients[key].get(f"/api/v1/firms/{cast.firm.public_id}/{path}", {**period, **parameters})

    return send


def test_every_route_of_reports_is_judged_here() -> None:
    assert permissions.PERMISSIONS.keys() == NEEDED.keys()


@pytest.mark.parametrize(("route", "key"), [(route, key) for route, key in product(NEEDED, KEYS) if route != "metrics"])
def test_the_table_of_access_asks_a_key_for_what_the_route_shows(route: str, key: str) -> None:
    rules = permissions.PERMISSIONS[route]
    rule = rules.get("GET") or rules["POST"]
    needed = NEEDED[route]
    asked = {each.value for each in (rule.key_scope, rule.also_key_scope) if each}

    assert (bool(asked), asked <= set(KEYS[key])) == (
        needed is not None,
        needed is None or needed <= set(KEYS[key]),
    )


def test_no_key_reads_what_the_firm_keeps() -> None:
    rules = [rule for row in settings_permissions.PERMISSIONS.values() for rule in row.values()]

    assert {rule.key_scope for rule in rules} == {None}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("path", "parameters", "readers"),
    [
        ("query", {"metrics": "billed"}, {"figures", "both"}),
        ("query", {"metrics": "billed", "dimensions": "matter"}, {"figures", "both"}),
        ("explain", {"item": "billed.fees"}, {"both"}),
        ("data-quality", {}, {"figures", "both"}),
        ("data-quality/entries_without_matter", {}, {"records", "both"}),
        ("forecast", {}, {"figures", "both"}),
        ("leaderboard", {"metric": "billed"}, {"figures", "both"}),
        ("reports/overview", {}, {"figures", "both"}),
        ("reports", {}, {"figures", "both"}),
        ("custom-reports", {}, {"figures", "both"}),
    ],
)
def test_a_key_is_let_in_with_all_a_route_asks_for(
    ask_with: Send, key: str, path: str, parameters: dict[str, str], readers: set[str]
) -> None:
    assert ask_with(key, path, **parameters).status_code == (200 if key in readers else 403)


@pytest.mark.parametrize("dimension", OF_ONE_RECORD)
def test_single_records_are_no_figures(ask_with: Send, dimension: str) -> None:
    question = {"metrics": OF_ONE_RECORD[dimension], "dimensions": dimension}

    refused = ask_with("figures", "query", **question)
    answered = ask_with("both", "query", **question)

    assert (refused.status_code, refused.json()["code"]) == (403, "reports.records_not_permitted")
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/dimensions", "needs_records")
    assert answered.status_code == 200


@pytest.mark.parametrize("dimension", OF_ONE_RECORD)
def test_nor_is_what_a_filter_narrows_down_to_them(ask_with: Send, dimension: str) -> None:
    question = {"metrics": OF_ONE_RECORD[dimension], f"filter[{dimension}]": "1"}

    refused = ask_with("figures", "query", **question)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (403, f"/filter[{dimension}]")
    assert ask_with("both", "query", **question).status_code == 200


@pytest.mark.parametrize("detail", [each.key for each in list_details()])
def test_facts_of_records_are_no_figures(ask_with: Send, detail: str) -> None:
    dimension = detail.partition(".")[0]
    metric = OF_ONE_RECORD.get(dimension, "billed")

    refused = ask_with("figures", "query", metrics=metric, dimensions=dimension, details=detail)

    assert (refused.status_code, refused.json()["code"]) == (403, "reports.records_not_permitted")
    assert ask_with("both", "query", metrics=metric, dimensions=dimension, details=detail).status_code == 200


@pytest.mark.parametrize("report", [each.key for each in REPORTS])
def test_a_standard_report_shows_a_key_for_figures_no_single_record(ask_with: Send, report: str) -> None:
    declared = next(each for each in REPORTS if each.key == report)
    for table in declared.tables:
        answer = ask_with("figures", f"reports/{report}", table=table.key)

        assert answer.status_code == (403 if OF_ONE_RECORD.keys() & set(table.group_by) else 200), table.key
        if answer.status_code == 200:
            (shown,) = answer.json()["tables"]
            assert [row["details"] for row in shown["answer"]["rows"] if row["details"]] == []
            assert set(table.details) <= set(shown["left_out"])
        assert ask_with("both", f"reports/{report}", table=table.key).status_code == 200


def test_nor_does_a_report_of_the_firms_own(ask_with: Send, cast: Any, api: Callable[[Any], APIClient]) -> None:
    table = {"key": "bills", "title": "Bills", "columns": ["billed.total"], "group_by": ["bill"]}
    made = api(cast.owner).post(
        f"/api/v1/firms/{cast.firm.public_id}/custom-reports",
        {"title": "Bills", "period": "this_month", "tables": [table], "is_shared": True},
        format="json",
    )
    assert made.status_code == 201, made.json()

    path = f"custom-reports/{made.json()['id']}/answer"
    assert ask_with("figures", path).json()["code"] == "reports.records_not_permitted"
    assert ask_with("figures", path, group_by="client").status_code == 200
    assert ask_with("both", path).status_code == 200


def test_a_key_gets_no_answer_kept_for_one_that_may_read_more(ask_with: Send) -> None:
    question = {"metrics": "billed", "dimensions": "bill"}
    known = ask_with("both", "query", **question)

    assert known["ETag"]
    assert ask_with("figures", "query", **question).status_code == 403


def test_what_a_metric_is_offered_by_is_told_of_every_single_record() -> None:
    assert {dimension for dimension, metric in OF_ONE_RECORD.items() if dimension not in BY_NAME[metric].dims} == set()
