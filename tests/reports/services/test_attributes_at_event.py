"""Practice areas, attorneys and groups as they were on the day of each row (R6)."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from apps.core.access import Extra
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer, Attributes, Dimension, Query
from apps.reports.contracts.explanation import Cell, CellQuestion
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.services.explain_cell import explain_cell
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask, rows_of, total_of
from tests.reports.comparing import scope_of
from tests.reports.mirror import raise_version
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.answers import Question, nothing
from tests.reports.recompute.events import Told, recompute_at_event
from tests.reports.recompute.facts import Fact, key_of
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild, differing

pytestmark = pytest.mark.django_db
NAMES = ("recorded_hours", "worked_value", "billed_hours", "collected", "collection_rate", "realization")
COLUMNS = {
    "practice_area": ("practice_area_id", (21, 22)),
    "responsible": ("responsible_attorney_id", (11, 12, 13)),
    "originating": ("originating_attorney_id", (11, 14, 15)),
    "group": ("group_id", (61, 62)),
}
# What is told of rows of work, bills and money; groups are told of matters only.
DIMENSIONS = ("practice_area", "responsible", "originating")
PERIOD = "2024-01-01..2025-07-15"
FIRST = date(2024, 1, 1)


def with_a_past(cast: Any, seed: int) -> tuple[Books, Told]:
    """Build a wild firm whose matters were others before; return its books and what was seen of them."""
    books, dice, told = build_wild(cast, seed), random.Random(f"past {seed}"), Told()
    rows = []
    for matter in books.matters:
        for dimension, (column, values) in COLUMNS.items():
            if dice.random() < 0.3:
                continue
            today = key_of(books, Fact(None, matter), dimension)
            days = sorted(dice.sample(range(1, 500), dice.choice([1, 2, 3])))
            seen = [date(2023, 12, 1), *[date.fromordinal(FIRST.toordinal() + each) for each in days]]
            had = [*[dice.choice([*values, None]) for _ in days], today]
            told[matter, dimension] = list(zip(seen, had, strict=True))
            rows += [(matter, column, value, on) for on, value in told[matter, dimension]]
    with tenant(cast.firm.firm_id):
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO clio_history (firm_id, entity, record_id, attribute, value, seen_from) "
                "VALUES (%s, 'matters', %s, %s, %s, %s)",
                [(cast.firm.firm_id, at, column, value, f"{on}T15:00:00Z") for at, column, value, on in rows],
            )
        raise_version(cast.firm.firm_id)
    now = datetime(2025, 7, 15, tzinfo=UTC)
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=now).status == "built"
    return books, told


def asked(cast: Any, *names: str, **more: Any) -> Answer:
    return ask(cast.firm.firm_id, *names, period=PERIOD, on=TODAY, attributes=Attributes.AT_EVENT, **more)


@pytest.mark.parametrize("seed", [400, 401])
def test_rows_equal_the_recomputation(cast: Any, seed: int) -> None:
    """The scope is about access: it is by what matters are today."""
    books, told = with_a_past(cast, seed)
    moved = 0
    for viewer in (Viewer(), VIEWERS[1], VIEWERS[4]):
        question = Question(books, "USD", FIRST, TODAY, TODAY, viewer)
        for dimension in DIMENSIONS:
            more: dict[str, Any] = {"dimensions": (Dimension(dimension),), "scope": scope_of(cast.firm.firm_id, viewer)}
            answer, today = asked(cast, *NAMES, **more), ask(cast.firm.firm_id, *NAMES, period=PERIOD, on=TODAY, **more)
            for name in NAMES:
                theirs = recompute_at_event(name, question, dimension, told)
                assert differing(rows_of(answer, name), theirs, nothing(name, question)) == {}, (viewer, dimension)
                moved += rows_of(answer, name) != rows_of(today, name)
    assert moved > 40


def test_parts_add_up_to_the_whole_whatever_they_are_told_by(cast: Any) -> None:
    with_a_past(cast, 402)
    names = ("recorded_hours", "billed", "collected", "unbilled", "receivable", "expenses")
    plain = ask(cast.firm.firm_id, *names, period=PERIOD, on=TODAY)
    for dimension in DIMENSIONS:
        answer = asked(cast, *names, dimensions=(Dimension(dimension),))
        for name, item in (("billed", "total"), ("collected", "total"), ("unbilled", "total"), ("receivable", "total"),
                           ("expenses", "incurred")):  # fmt: skip
            parts = [items[item] or Decimal(0) for items in rows_of(answer, name).values()]
            assert sum(parts) == total_of(answer, name)[item] == total_of(plain, name)[item], (dimension, name)
            assert len(parts) > 1
    by_group = asked(cast, "revenue_per_matter", dimensions=(Dimension.GROUP,))
    today = ask(cast.firm.firm_id, "revenue_per_matter", period=PERIOD, on=TODAY, dimensions=(Dimension.GROUP,))
    for item in ("collected", "matters"):
        parts = [items[item] or Decimal(0) for items in rows_of(by_group, "revenue_per_matter").values()]
        assert sum(parts) == total_of(today, "revenue_per_matter")[item]


def test_nothing_moves_where_nothing_changed(cast: Any) -> None:
    build_wild(cast, 403)
    for dimension in DIMENSIONS:
        more: dict[str, Any] = {"dimensions": (Dimension(dimension),)}
        names = (*NAMES, "billed", "unbilled", "receivable", "expenses")
        today = ask(cast.firm.firm_id, *names, period=PERIOD, on=TODAY, **more)
        assert asked(cast, *names, **more).rows == today.rows


def test_filters_and_explanations_follow(cast: Any) -> None:
    with_a_past(cast, 404)
    by_area = (Dimension.PRACTICE_AREA,)
    row = next(each for each in asked(cast, "collected", dimensions=by_area).rows if each.keys == (21,))
    filtered = asked(cast, "collected", filters={Dimension.PRACTICE_AREA: (21,)})
    assert filtered.total is not None
    assert filtered.total.figures == row.figures
    assert filtered.attributes is Attributes.AT_EVENT

    query = Query(metrics=("collected",), period=PERIOD, dimensions=by_area, attributes=Attributes.AT_EVENT)
    with tenant(cast.firm.firm_id, read_only=True):
        explanation = explain_cell(
            scope=scope_of(cast.firm.firm_id, Viewer()),
            asked=CellQuestion(query, Cell("collected.fees", {Dimension.PRACTICE_AREA: 21}), size=10_000),
            now=datetime(2025, 7, 15, 12, tzinfo=UTC),
            permissions=frozenset(Extra),
        )
    assert explanation.value == row.figures["collected.fees"]
    added = sum(each for told in explanation.rows for each in told.contributions.values())
    assert added == explanation.value


def test_refuses_what_stands_for_more_than_rows_of_a_day(cast: Any) -> None:
    build_wild(cast, 405)

    with pytest.raises(QuestionNotUnderstood):
        asked(cast, "client_value", dimensions=(Dimension.PRACTICE_AREA,))
    assert asked(cast, "client_value", dimensions=(Dimension.CLIENT,)).rows


def test_the_api_says_which_attributes(cast: Any, api: Any) -> None:
    build_wild(cast, 406)
    address = f"/api/v1/firms/{cast.firm.public_id}/query"
    client: APIClient = api(cast.owner)
    parameters = {"metrics": "billed", "period": "2025-03", "dimensions": "practice_area"}

    assert client.get(address, parameters).json()["attributes"] == "today"
    told = client.get(address, {**parameters, "attributes": "at_event"})
    assert told.json()["attributes"] == "at_event"
    refused = client.get(address, {**parameters, "attributes": "then"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/attributes")
    report = client.get(f"/api/v1/firms/{cast.firm.public_id}/reports/revenue", {"attributes": "at_event"})
    assert report.status_code == 200


def test_is_kept_in_a_report_shown_and_run(cast: Any, api: Any) -> None:
    with_a_past(cast, seed=400)
    firm, client = f"/api/v1/firms/{cast.firm.public_id}", api(cast.owner)
    table = {
        "key": "areas",
        "title": "Areas",
        "columns": ["recorded_hours.total"],
        "group_by": ["practice_area"],
        "attributes": "at_event",
    }

    made = client.post(
        f"{firm}/custom-reports", {"title": "Then", "period": PERIOD, "tables": [table]}, format="json"
    ).json()
    run = client.get(f"{firm}/custom-reports/{made['id']}/answer")
    today = client.get(f"{firm}/custom-reports/{made['id']}/answer", {"attributes": "today"})

    assert made["definition"]["tables"][0]["attributes"] == "at_event"
    asked_alike = {"metrics": "recorded_hours", "dimensions": "practice_area", "period": PERIOD}
    for told, attributes in ((run, "at_event"), (today, "today")):
        answer = told.json()["tables"][0]["answer"]
        alike = client.get(f"{firm}/query", {**asked_alike, "attributes": attributes}).json()
        hours = {row["keys"][0]: row["figures"]["recorded_hours.total"] for row in answer["rows"]}
        assert answer["attributes"] == attributes
        assert hours == {row["keys"][0]: row["figures"]["recorded_hours.total"] for row in alike["rows"]}
    assert run.json()["tables"][0]["answer"]["rows"] != today.json()["tables"][0]["answer"]["rows"]


def test_what_cannot_be_told_so_is_not_kept(cast: Any, api: Any) -> None:
    table = {
        "key": "areas",
        "title": "Areas",
        "columns": ["matters.opened"],
        "group_by": ["practice_area"],
        "attributes": "at_event",
    }
    address = f"/api/v1/firms/{cast.firm.public_id}/custom-reports"

    refused = api(cast.owner).post(address, {"title": "Then", "tables": [table]}, format="json")

    (fault,) = refused.json()["errors"]
    assert (refused.status_code, fault["pointer"]) == (400, "/tables/0/attributes")
    assert "today" in fault["detail"]
