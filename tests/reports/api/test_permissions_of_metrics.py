"""Metrics that need a permission: refused, or without the items that need it; the list of metrics says so."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.access import Extra
from apps.reports.metrics.catalogue import CATALOGUE, OVERVIEW
from tests.accounts.factories import join, make_user

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def as_member(cast: Any, api: Client) -> Callable[..., Any]:
    """Return a function that asks as a member of the whole firm who holds some permissions."""

    def send(*permissions: Extra, **parameters: str) -> Any:
        member = make_user()
        join(member, cast.firm, permissions=list(permissions))
        address = f"/api/v1/firms/{cast.firm.public_id}/query"
        return api(member).get(address, {"period": "2025-03", **parameters})

    return send


def test_refuses_a_rate_and_names_the_permission(as_member: Callable[..., Any]) -> None:
    answer = as_member(metrics="billed,effective_rate")

    assert answer.status_code == 403
    assert answer.json()["code"] == "reports.metric_not_permitted"
    assert answer.json()["needs"] == ["rates"]
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/metrics", "needs_rates")
    assert "effective_rate" in fault["detail"]


def test_answers_who_holds_the_permission(as_member: Callable[..., Any]) -> None:
    answer = as_member(Extra.RATES, metrics="effective_rate")

    assert answer.json()["total"]["figures"]["effective_rate.billed"] == "235.71"


def test_leaves_out_the_items_that_need_a_permission(as_member: Callable[..., Any]) -> None:
    body = as_member(metrics="worked_value,matter_rate").json()

    shown = {"worked_value.worked", "matter_rate.collected", "matter_rate.hours"}
    assert body["total"]["figures"].keys() == shown
    assert {column["key"] for column in body["columns"]} == shown


def test_refuses_to_sort_by_what_is_left_out(as_member: Callable[..., Any]) -> None:
    answer = as_member(metrics="worked_value", dimensions="timekeeper", sort="-worked_value.standard")

    assert answer.json()["errors"][0]["code"] == "unknown_column"


@pytest.mark.parametrize("metric", [metric.name for metric in CATALOGUE if metric.needs or metric.items_need])
def test_nothing_that_needs_a_permission_gets_out_without_it(as_member: Callable[..., Any], metric: str) -> None:
    answer = as_member(metrics=metric)
    (declared,) = [each for each in CATALOGUE if each.name == metric]

    if declared.needs:
        assert answer.status_code == 403
    else:
        shown = {key.partition(".")[2] for key in answer.json()["total"]["figures"]}
        assert shown == declared.items.keys() - declared.items_need.keys()


def test_the_overview_shows_nothing_that_needs_a_permission() -> None:
    assert [metric.name for metric in OVERVIEW if metric.needs or metric.items_need] == []


def test_every_item_that_needs_a_permission_exists() -> None:
    assert [metric.name for metric in CATALOGUE if metric.items_need.keys() - metric.items.keys()] == []


def test_the_list_of_metrics_says_what_each_needs(cast: Any, api: Client) -> None:
    metrics = {metric["name"]: metric for metric in api(cast.colleague).get("/api/v1/metrics").json()}

    assert metrics["effective_rate"]["needs"] == ["rates"]
    assert metrics["worked_value"]["items_need"] == {"standard": "rates", "rate": "rates"}
    assert metrics["billed"]["needs"] == []
