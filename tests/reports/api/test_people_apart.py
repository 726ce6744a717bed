"""What a firm says of its leaderboard holds for every question by person (decision 60)."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.access import Extra
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from apps.reports.models import Rules
from tests.accounts.factories import join, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
Client = Callable[[Any], APIClient]
ADA, BEN = 101, 102
HOURS = {"metrics": "recorded_hours", "period": "2025-03"}


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def firm(cast: Any) -> Any:
    return cast.firm


def choose(firm: Any, names: str, minimum_people: int = 4) -> None:
    with tenant(firm.firm_id):
        Rules.objects.create(
            firm_id=firm.firm_id,
            payment_allocation="proportional",
            aging_basis="due",
            counts_no_charge_as_billable=False,
            capacity_basis="calendar",
            leaderboard_names=names,
            leaderboard_minimum_hours=0,
            minimum_people=minimum_people,
        )


@pytest.fixture
def ask(firm: Any, api: Client) -> Callable[..., Any]:
    """Return a function that asks as a member of the firm, who is Ben in Clio if not told otherwise."""
    people: dict[int | None, Any] = {}

    def send(address: str, *, me: int | None = BEN, **parameters: Any) -> Any:
        permissions = parameters.pop("permissions", [])
        scope = parameters.pop("scope", ScopeKind.WHOLE_FIRM)
        if me not in people:
            people[me] = make_user()
            join(people[me], firm, clio_user_id=me, permissions=permissions, scope=scope)
        return api(people[me]).get(f"/api/v1/firms/{firm.public_id}/{address}", parameters)

    return send


QUESTIONS: list[tuple[str, dict[str, str], str]] = [
    ("query", {**HOURS, "dimensions": "timekeeper"}, "/dimensions"),
    ("query", {**HOURS, "dimensions": "matter,timekeeper"}, "/dimensions"),
    ("query", {**HOURS, "filter[timekeeper]": str(ADA)}, "/filter[timekeeper]"),
    ("query", {**HOURS, "dimensions": "timekeeper", "filter[timekeeper]": f"{ADA},{BEN}"}, "/filter[timekeeper]"),
    ("query", {**HOURS, "dimensions": "role"}, "/dimensions"),
    ("query", {**HOURS, "filter[role]": "Attorney"}, "/filter[role]"),
    ("explain", {"item": "recorded_hours.total", "period": "2025-03", "cell[timekeeper]": str(ADA)},
     "/filter[timekeeper]"),
    ("reports/timekeeper_productivity", {"period": "2025-03", "filter[timekeeper]": str(ADA)}, "/filter[timekeeper]"),
]  # fmt: skip


@pytest.mark.parametrize("names", ["hidden", "off"])
@pytest.mark.parametrize(("address", "parameters", "pointer"), QUESTIONS)
def test_no_question_is_a_way_around_it(
    firm: Any, ask: Callable[..., Any], names: str, address: str, parameters: dict[str, str], pointer: str
) -> None:
    choose(firm, names)

    refused = ask(address, **parameters)
    told = ask(address, me=None, permissions=[Extra.NAMES], **parameters)

    assert (refused.status_code, refused.json()["code"]) == (403, "reports.people_not_compared")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert told.status_code == 200


@pytest.mark.parametrize(("address", "parameters"), [(address, parameters) for address, parameters, _ in QUESTIONS])
def test_where_the_firm_shows_colleagues_every_question_is_answered(
    firm: Any, ask: Callable[..., Any], address: str, parameters: dict[str, str]
) -> None:
    choose(firm, "shown")

    assert ask(address, **parameters).status_code == 200


def test_ones_own_figures_and_those_of_everybody_are_answered(firm: Any, ask: Callable[..., Any]) -> None:
    choose(firm, "hidden")

    own = ask("query", dimensions="timekeeper", **HOURS, **{"filter[timekeeper]": str(BEN)}).json()
    by_matter = ask("query", dimensions="matter", **HOURS).json()

    assert [row["labels"] for row in own["rows"]] == [["Ben Brook"]]
    assert own["total"]["figures"]["recorded_hours.total"] == 2.0
    assert by_matter["total"]["figures"]["recorded_hours.total"] == 16.0


@pytest.mark.parametrize("scope", [ScopeKind.WHOLE_FIRM, ScopeKind.SELF])
def test_a_report_by_person_is_ones_own_row_and_says_so(firm: Any, ask: Callable[..., Any], scope: ScopeKind) -> None:
    choose(firm, "hidden")

    body = ask("reports/timekeeper_productivity", scope=scope, period="2025-03").json()

    by_person = [table for table in body["tables"] if "timekeeper" in table["table"]["group_by"]]
    assert by_person
    for table in by_person:
        assert table["table"]["filters"]["timekeeper"] == [str(BEN)]
        assert {row["labels"][0] for row in table["answer"]["rows"]} == {"Ben Brook"}


def test_a_report_by_person_is_refused_to_who_is_nobody_in_clio(firm: Any, ask: Callable[..., Any]) -> None:
    choose(firm, "hidden")

    refused = ask("reports/timekeeper_productivity", me=None, period="2025-03", table="timekeepers")

    assert (refused.status_code, refused.json()["code"]) == (403, "reports.people_not_compared")


@pytest.mark.parametrize(("minimum_people", "status"), [(2, 200), (3, 403)])
def test_a_role_of_few_tells_of_one_of_them(
    firm: Any, ask: Callable[..., Any], minimum_people: int, status: int
) -> None:
    """Both people of the firm are attorneys."""
    choose(firm, "hidden", minimum_people)

    assert ask("query", dimensions="role", **HOURS).status_code == status
