"""What is wrong in the records behind the figures: each fault made on purpose, counted, listed, in scope."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core.scope import Level, Role, ScopeKind
from apps.reports.queries.quality.checks import CHECKS
from tests.accounts.factories import join, make_user
from tests.reports.api.test_leaderboard import colleague
from tests.reports.conftest import NOON, golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


def broken() -> Any:
    """Return golden March with one fault of every kind, most of them on Ben's (102) work."""
    records = golden("march")
    first, second = records["matters"][0], records["matters"][1]
    bill = next(each for each in records["bills"] if each["state"] in ("awaiting_payment", "paid"))
    entry = next(each for each in records["activities"] if each["user"]["id"] == 102 and each["type"] == "TimeEntry")
    clean = {**entry, "bill": None, "on_bill": False, "billed": False, "non_billable": False, "no_charge": False}
    clean |= {"matter": {"id": second["id"]}, "date": "2025-03-11", "total": 300, "price": 150}
    made: list[dict[str, Any]] = [
        {"id": 9001, "total": 0, "price": 0},
        {"id": 9002, "quantity": 0, "rounded_quantity": 0, "total": 0},
        {"id": 9003, "date": "2025-03-12"},
        {"id": 9004, "date": "2025-03-12"},
        {"id": 9005, "date": "2025-03-13", "quantity": 90_000, "rounded_quantity": 90_000},
        {"id": 9006, "date": "2025-04-20", "total": 301},
        {"id": 9007, "date": "2025-03-14", "rounded_quantity": None, "total": None, "quantity_redacted": True},
    ]
    records["activities"] += [{**clean, **each} for each in made]
    first |= {"responsible_attorney": None, "originating_attorney": None}
    second |= {"status": "Closed", "open_date": "2025-03-05", "close_date": "2025-03-01"}
    bill |= {"due_at": "2025-03-01", "due": bill["due"] + 5, "balance": bill["balance"] + 7}
    return records


@pytest.fixture
def look(cast: Any, api: Client, build: Callable[..., Any]) -> Callable[..., Any]:
    build(broken())

    def get(check: str = "", user: Any = None, **parameters: str) -> Any:
        address = f"/api/v1/firms/{cast.firm.public_id}/data-quality"
        with time_machine.travel(NOON, tick=False):
            return api(user or cast.owner).get(f"{address}/{check}" if check else address, parameters)

    return get


def counts(body: Any) -> dict[str, int]:
    return {check["key"]: check["count"] for check in body["checks"]}


def test_cases_16_30_and_31_are_found_in_the_records(look: Callable[..., Any]) -> None:
    found = counts(look().json())

    assert found == {
        "unreconciled_bills": 1,
        "unbalanced_bills": 1,
        "trust_unbalanced": 0,
        "hidden_rows": 1,
        "entries_without_matter": 1,
        "zero_rate": 1,
        "no_standard_rate": found["no_standard_rate"],
        "cost_incomplete": found["cost_incomplete"],
        "future_dates": 1,
        "bills_without_issue_date": 0,
        "matters_without_practice_area": 1,
        "matters_without_responsible": found["matters_without_responsible"],
        "matters_without_originator": found["matters_without_originator"],
        "matters_without_dates": 0,
        "mixed_currencies": 0,
        "closed_before_opened": 1,
        "due_before_issue": 1,
        "days_over_24_hours": 1,
        "zero_length": 1,
        "possible_duplicates": 1,
    }
    assert found["cost_incomplete"] > 0
    assert found["matters_without_responsible"] >= 1


def test_tells_the_share_that_is_sound_and_how_old_each_entity_is(look: Callable[..., Any]) -> None:
    body = look().json()

    areas = next(check for check in body["checks"] if check["key"] == "matters_without_practice_area")
    assert (areas["count"], areas["of"], areas["percent_sound"]) == (1, 2, 50.0)
    ahead = next(check for check in body["checks"] if check["key"] == "future_dates")
    assert (ahead["of"], ahead["percent_sound"]) == (None, None)
    ages = {each["entity"]: each for each in body["entities"]}
    assert ages["activities"]["age_seconds"] == 59 * 86_400 + 4 * 3600
    assert all(check["why"] and check["to_do"] and check["touches"] for check in body["checks"])
    bills = next(check for check in body["checks"] if check["key"] == "unreconciled_bills")
    assert {"billed", "collected", "receivable"} <= set(bills["touches"])
    assert "recorded_hours" not in bills["touches"]


def test_the_golden_month_has_no_wrong_bills(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    build(golden("march"))

    with time_machine.travel(NOON, tick=False):
        found = counts(api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/data-quality").json())

    wrong = {check.key for check in CHECKS if check.severity == "wrong"}
    assert {key: found[key] for key in wrong} == dict.fromkeys(wrong, 0)


@pytest.mark.parametrize("check", [check.key for check in CHECKS])
def test_lists_what_it_counted(look: Callable[..., Any], check: str) -> None:
    body = look(check).json()

    assert len(body["results"]) == body["check"]["count"]
    assert body["check"]["key"] == check
    assert len({(row["kind"], row["id"], row["part"]) for row in body["results"]}) == len(body["results"])


def test_a_row_says_what_it_is_and_where(look: Callable[..., Any], cast: Any) -> None:
    (zero,) = look("zero_rate").json()["results"]
    (day,) = look("days_over_24_hours").json()["results"]

    assert (zero["kind"], zero["id"], zero["date"], zero["timekeeper_id"]) == ("entry", 9001, "2025-03-11", 102)
    assert zero["labels"]["timekeeper"] == "Ben Brook"
    assert zero["links"]["record"].endswith(f"/api/v1/firms/{cast.firm.public_id}/activities/9001")
    assert (day["kind"], day["id"], day["part"], day["detail"]) == ("person_day", 102, "2025-03-13", "25.00 hours")


def test_pages_there_and_back(look: Callable[..., Any], cast: Any, api: Client) -> None:
    first = look("cost_incomplete", page_size="2").json()
    with time_machine.travel(NOON, tick=False):
        second = api(cast.owner).get(first["next"]).json()
        back = api(cast.owner).get(second["previous"]).json()

    ids = [row["id"] for row in (*first["results"], *second["results"])]
    assert ids == sorted(set(ids), reverse=True)
    assert back["results"] == first["results"]


def test_is_of_the_readers_own_scope(look: Callable[..., Any], cast: Any) -> None:
    ben, nobody = make_user(), make_user()
    join(ben, cast.firm, scope=ScopeKind.SELF, clio_user_id=102, permissions=["rates"])
    join(nobody, cast.firm, scope=ScopeKind.SELF, clio_user_id=999, permissions=["rates"])

    own, none = counts(look(user=ben).json()), counts(look(user=nobody).json())

    assert own["zero_rate"] == own["days_over_24_hours"] == own["possible_duplicates"] == 1
    assert own["entries_without_matter"] == 0
    assert set(none.values()) == {0}
    assert look("zero_rate", nobody).json()["results"] == []


def test_rates_and_costs_need_their_permission(look: Callable[..., Any], cast: Any) -> None:
    member = make_user()
    join(member, cast.firm)

    kept_back = {"cost_incomplete", "no_standard_rate", "zero_rate"}
    assert kept_back & counts(look(user=member).json()).keys() == set()
    assert {look(check, member).status_code for check in kept_back} == {403}
    assert look("hidden_rows", member).status_code == 200


def test_keeps_names_from_whom_they_are_hidden(look: Callable[..., Any], cast: Any) -> None:
    member, adviser = make_user(), make_user()
    join(member, cast.firm)
    join(adviser, cast.firm, role=Role.CONSULTANT, level=Level.FULL, hides_client_names=True)

    (mine,) = look("zero_length", member).json()["results"]
    (outside,) = look("due_before_issue", adviser).json()["results"]

    assert mine["labels"]["timekeeper"] == colleague(cast.firm, 102, reader=0)
    assert outside["labels"]["client"].startswith("Client ")


@pytest.mark.parametrize(
    ("check", "parameters", "status"),
    [
        ("happiness", {}, 404),
        ("zero_rate", {"cursor": "x"}, 400),
        ("zero_rate", {"page_size": "500"}, 400),
        ("zero_rate", {"sort": "day"}, 400),
    ],
)
def test_refuses_what_it_does_not_understand(
    look: Callable[..., Any], check: str, parameters: Any, status: int
) -> None:
    assert look(check, **parameters).status_code == status


def test_says_that_there_is_nothing_to_look_at_before_the_first_sync(cast: Any, api: Client) -> None:
    body = api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/data-quality").json()

    assert (body["status"], body["checks"]) == ("not_connected", [])
