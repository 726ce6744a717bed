"""People ranked by a metric (K47)."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.access import Extra
from apps.core.person_names import shown_person_name
from apps.core.scope import Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.models import Rules
from tests.accounts.factories import join, make_user
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


@pytest.fixture
def ask(cast: Any, api: Client, build: Callable[..., Any]) -> Callable[..., Any]:
    build(golden("march"))

    def send(*, user: Any = None, **parameters: str) -> Any:
        address = f"/api/v1/firms/{cast.firm.public_id}/leaderboard"
        return api(user or cast.owner).get(address, {"period": "2025-01-01..2025-03-31", **parameters})

    return send


@pytest.fixture
def rule(cast: Any) -> Callable[..., None]:
    """Return a function that sets rules of the firm."""

    def change(**values: Any) -> None:
        fields = {
            "payment_allocation": "proportional",
            "aging_basis": "due",
            "counts_no_charge_as_billable": False,
            "capacity_basis": "calendar",
            "leaderboard_names": "shown",
            "leaderboard_minimum_hours": 10,
            "minimum_people": 4,
        }
        with tenant(cast.firm.firm_id):
            Rules.objects.create(firm_id=cast.firm.firm_id, **{**fields, **values})

    return change


def colleague(firm: Any, person: int, *, reader: int) -> str:
    """Return what stands for somebody."""
    scope = Scope(firm.firm_id, ScopeKind.WHOLE_FIRM, reader)
    return shown_person_name(scope=scope, clio_user_id=person, name="?", tells_people=False)


def places(body: Any) -> dict[str, Any]:
    return {row["person"]: (row["place"], row["figure"]) for row in body["rows"]}


def test_ranks_by_money(ask: Callable[..., Any], rule: Callable[..., None]) -> None:
    rule(leaderboard_minimum_hours=5)

    body = ask(metric="collected").json()

    assert places(body) == {"Ada Archer": (1, "1350.00"), "Ben Brook": (2, "300.00")}
    assert (body["unit"], body["item"], body["ranked"], body["minimum_hours"]) == ("money", "fees", 2, 5.0)


def test_who_recorded_too_little_has_no_place(ask: Callable[..., Any]) -> None:
    """Ada recorded 24 hours, Ben 6."""
    body = ask(metric="utilization").json()

    assert [row["place"] for row in body["rows"]] == [1, None]
    assert body["rows"][1]["person"] == "Ben Brook"
    assert body["ranked"] == 1


def test_ten_hours_are_enough(ask: Callable[..., Any], rule: Callable[..., None]) -> None:
    rule(leaderboard_minimum_hours=6)

    assert {row["place"] for row in ask(metric="recorded_hours").json()["rows"]} == {1, 2}


def test_ranks_by_any_item(ask: Callable[..., Any], rule: Callable[..., None]) -> None:
    """Only Ben gave time away for nothing."""
    rule(leaderboard_minimum_hours=0)

    body = ask(metric="recorded_hours", item="no_charge").json()

    assert places(body) == {"Ben Brook": (1, 2.0), "Ada Archer": (2, 0.0)}


def test_a_firm_that_hides_names_shows_ones_own_row_only(
    cast: Any, ask: Callable[..., Any], rule: Callable[..., None]
) -> None:
    rule(leaderboard_names="hidden", leaderboard_minimum_hours=0, minimum_people=2)
    member = make_user()
    join(member, cast.firm, clio_user_id=102)

    body = ask(user=member, metric="recorded_hours").json()

    assert places(body) == {"Ben Brook": (2, 4.0)}
    assert body["rows"][0]["is_reader"] is True
    assert body["ranked"] == 2


def test_a_place_among_few_is_not_told_where_names_are_hidden(
    cast: Any, ask: Callable[..., Any], rule: Callable[..., None]
) -> None:
    """Second of two, beside the firm's whole, would be the other one's figure."""
    rule(leaderboard_names="hidden", leaderboard_minimum_hours=0, minimum_people=3)
    member = make_user()
    join(member, cast.firm, clio_user_id=102)

    mine, whole = ask(user=member, metric="recorded_hours").json(), ask(metric="recorded_hours").json()

    assert (places(mine), mine["ranked"]) == ({"Ben Brook": (None, 4.0)}, None)
    assert (len(places(whole)), whole["ranked"]) == (2, 2)


def test_names_need_their_permission_even_where_the_firm_shows_them(cast: Any, ask: Callable[..., Any]) -> None:
    member, trusted = make_user(), make_user()
    join(member, cast.firm, clio_user_id=102)
    join(trusted, cast.firm, permissions=[Extra.NAMES])

    seen, told = ask(user=member, metric="billed").json(), ask(user=trusted, metric="billed").json()

    ada, ben = colleague(cast.firm, 101, reader=102), "Ben Brook"
    assert {row["person"]: row["timekeeper_id"] for row in seen["rows"]} == {ada: None, ben: "102"}
    assert {row["person"]: row["timekeeper_id"] for row in told["rows"]} == {"Ada Archer": "101", ben: "102"}
    # What stands for her may hold these digits by chance.
    assert "101" not in str([{**row, "person": None} for row in seen["rows"]])


def test_one_who_sees_themself_is_alone(cast: Any, ask: Callable[..., Any]) -> None:
    """Ada is responsible for matters Ben worked on; his place is not hers to see."""
    member = make_user()
    join(member, cast.firm, scope=ScopeKind.SELF, clio_user_id=101)

    assert set(places(ask(user=member, metric="billed").json())) == {"Ada Archer"}


def test_a_firm_may_switch_it_off(ask: Callable[..., Any], rule: Callable[..., None]) -> None:
    rule(leaderboard_names="off")

    answer = ask(metric="billed")

    assert (answer.status_code, answer.json()["code"]) == (403, "reports.leaderboard_off")


def test_case_35_one_timekeeper_has_no_leaderboard(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    records = golden("march")
    records["users"] = records["users"][:1]
    build(records)

    answer = api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/leaderboard?metric=billed")

    assert answer.json()["code"] == "reports.leaderboard_off"


@pytest.mark.parametrize(
    ("parameters", "field", "code"),
    [
        ({}, "/metric", "unknown_metric"),
        ({"metric": "happiness"}, "/metric", "unknown_metric"),
        ({"metric": "lockup"}, "/metric", "not_ranked"),
        ({"metric": "billed", "item": "height"}, "/item", "unknown_item"),
        ({"metric": "billed", "period": "soon"}, "/period", "invalid_period"),
        ({"metric": "billed", "currency": "usd"}, "/currency", "invalid"),
        ({"metric": "billed", "limit": "3"}, "/limit", "unknown_parameter"),
    ],
)
def test_refuses_what_it_does_not_understand(ask: Callable[..., Any], parameters: Any, field: str, code: str) -> None:
    answer = ask(**parameters)

    assert answer.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(field, code)]


def test_a_stranger_learns_nothing(cast: Any, api: Client) -> None:
    assert api(cast.stranger).get(f"/api/v1/firms/{cast.firm.public_id}/leaderboard?metric=billed").status_code == 404


@pytest.mark.parametrize("metric", ["recorded_hours", "collected"])
def test_hidden_hours_make_it_incomplete(cast: Any, api: Client, build: Callable[..., Any], metric: str) -> None:
    """Also a ranking by money: who has enough hours to be ranked is not known."""
    address = f"/api/v1/firms/{cast.firm.public_id}/leaderboard"
    asked = {"metric": metric, "period": "2025-03"}
    records = golden("march")
    build(records)
    assert api(cast.owner).get(address, asked).json()["is_incomplete"] is False

    records["activities"][3] |= {"quantity_redacted": True, "quantity": None, "rounded_quantity": None}
    build(records)

    assert api(cast.owner).get(address, asked).json()["is_incomplete"] is True
