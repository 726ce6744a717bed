"""How a figure was made, as the API tells it: definition, filters, sums, rows, links, and what is kept back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.clio.models import ClioConnection
from apps.core.scope import Level, Role, ScopeKind
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user
from tests.reports.api.test_leaderboard import colleague

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def explain(cast: Any, api: Client) -> Callable[..., Any]:

    def send(user: Any = None, **parameters: str) -> Any:
        parameters = {"period": "2025-03", **parameters}
        return api(user or cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}/explain", parameters)

    return send


def test_tells_definition_filters_sums_and_rows(explain: Callable[..., Any]) -> None:
    body = explain(item="collected.fees", **{"cell[timekeeper]": "101"}).json()

    assert (body["value"], body["unit"], body["currency"], body["mode"]) == ("1350.00", "money", "USD", "restated")
    assert body["metric"]["key"] == "K15"
    assert body["metric"]["definition"]
    assert body["period"]["starts_on"] == "2025-03-01"
    assert body["filters"] == [{"dimension": "timekeeper", "values": ["101"], "labels": ["Ada Archer"]}]
    (total,) = body["sums"]
    assert (total["role"], total["unit"], total["divisor"], total["total"]) == ("added", "money", 1, "1350.00")
    (row,) = body["results"]
    assert (row["kind"], row["detail"], row["date"]) == ("settlement", "payment fee", "2025-03-24")
    assert row["contributions"] == {total["key"]: "1350.00"}
    assert row["labels"]["timekeeper"] == "Ada Archer"
    assert row["bill_id"]
    assert row["matter_id"]


def test_tells_hours_in_seconds_so_that_they_add_up_exactly(explain: Callable[..., Any]) -> None:
    body = explain(item="recorded_hours.total").json()

    assert body["value"] == "16.00"
    assert {each["divisor"] for each in body["sums"] if each["role"] == "added"} == {3600}
    seconds = sum(Decimal(amount) for row in body["results"] for amount in row["contributions"].values())
    assert seconds == 16 * 3600
    assert {row["kind"] for row in body["results"]} == {"entry"}


def test_shows_both_sides_of_a_ratio_apart(explain: Callable[..., Any]) -> None:
    body = explain(item="realization.rate").json()

    assert body["value"] == "91.7"
    assert {each["role"]: each["total"] for each in body["sums"] if each["role"] != "hidden"} == {
        "over": "3300.00",
        "under": "3600.00",
    }


def test_shows_the_persons_months_behind_capacity(explain: Callable[..., Any]) -> None:
    body = explain(item="utilization.rate", **{"cell[timekeeper]": "101"}).json()

    (row,) = body["results"]
    assert (row["kind"], row["id"], row["part"], body["value"]) == ("person_month", 101, "2025-03", "6.5")
    assert row["links"]["record"].endswith("/users/101")


def test_explains_what_has_no_attribute(explain: Callable[..., Any]) -> None:
    body = explain(item="recorded_hours.total", **{"cell[matter]": "none"}).json()

    assert body["filters"] == [{"dimension": "matter", "values": [None], "labels": ["(No matter)"]}]
    assert [row["matter_id"] for row in body["results"]] == [None]


def test_explains_a_piece_and_the_period_before(explain: Callable[..., Any]) -> None:
    cut = {"period": "2025-02-01..2025-03-31", "grain": "month"}
    piece = explain(item="recorded_hours.total", piece="2025-02-01", **cut).json()
    before = explain(item="recorded_hours.total", compare="prior_period", of="compared").json()

    assert (piece["value"], piece["period"]["starts_on"], piece["period"]["ends_on"]) == (
        "14.00",
        "2025-02-01",
        "2025-02-28",
    )
    assert (before["value"], before["period"]["starts_on"]) == ("14.00", "2025-02-01")


def test_takes_the_address_of_the_query_as_it_is(explain: Callable[..., Any]) -> None:
    same = {"metrics": "collected,billed", "dimensions": "timekeeper", "sort": "-billed.total", "limit": "5"}

    assert explain(item="collected.fees", **same).json()["value"] == "1650.00"


def test_pages_there_and_back(explain: Callable[..., Any], cast: Any, api: Client) -> None:
    first = explain(item="recorded_hours.total", page_size="2").json()
    second = api(cast.owner).get(first["next"]).json()
    back = api(cast.owner).get(second["previous"]).json()

    assert first["previous"] is None
    assert back["results"] == first["results"]
    ids = [row["id"] for row in (*first["results"], *second["results"])]
    assert ids == sorted(set(ids))
    assert len(ids) == 4


def test_links_to_our_copy_and_to_clios_page_of_its_region(
    explain: Callable[..., Any], cast: Any, settings: Any
) -> None:
    settings.CLIO_OTHER_REGIONS = {"eu": ("https://eu.app.clio.com", "id", "secret")}
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.create(
            firm_id=cast.firm.firm_id, region="eu", clio_account_id=1, clio_user_id=1, clio_user_name="Ada"
        )

    row = explain(item="billed.fees").json()["results"][0]

    assert row["links"]["record"].endswith(f"/api/v1/firms/{cast.firm.public_id}/line_items/{row['id']}")
    assert row["links"]["clio"] == f"https://eu.app.clio.com/nc/#/bills/{row['bill_id']}"


def test_has_no_clio_page_before_clio_is_connected(explain: Callable[..., Any]) -> None:
    assert {row["links"]["clio"] for row in explain(item="billed.fees").json()["results"]} == {None}


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({}, "/item"),
        ({"item": "happiness.total"}, "/item"),
        ({"item": "collected.joy"}, "/item"),
        ({"item": "collected.fees", "cell[color]": "1"}, "/cell[color]"),
        ({"item": "collected.fees", "cell[client]": "x"}, "/cell[client]"),
        ({"item": "utilization.rate", "cell[matter]": "1"}, "/cell[matter]"),
        ({"item": "collected.fees", "cell[client]": "1", "filter[client]": "2"}, "/cell[client]"),
        ({"item": "collected.fees", "piece": "soon"}, "/piece"),
        ({"item": "collected.fees", "piece": "2025-03-01"}, "/piece"),
        ({"item": "collected.fees", "piece": "2025-03-02", "grain": "month"}, "/piece"),
        ({"item": "collected.fees", "piece": "2025-05-01", "grain": "month"}, "/piece"),
        ({"item": "collected.fees", "of": "compared"}, "/of"),
        ({"item": "collected.fees", "of": "yesterday"}, "/of"),
        ({"item": "collected.fees", "cursor": "WzEs"}, "/cursor"),
        ({"item": "collected.fees", "cursor": "WzAsMSwiXHVkODAwIixmYWxzZV0"}, "/cursor"),
        ({"item": "collected.fees", "page_size": "0"}, "/page_size"),
        ({"item": "collected.fees", "color": "red"}, "/color"),
    ],
)
def test_refuses_what_it_does_not_understand(explain: Callable[..., Any], parameters: Any, field: str) -> None:
    answer = explain(**parameters)

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [field]


def test_shows_a_person_the_rows_of_their_own_work_only(explain: Callable[..., Any], cast: Any) -> None:
    person = make_user()
    join(person, cast.firm, scope=ScopeKind.SELF, clio_user_id=102)

    body = explain(person, item="recorded_hours.total").json()

    assert body["value"] == "2.00"
    assert {row["timekeeper_id"] for row in body["results"]} == {102}


def test_keeps_back_figures_that_need_a_further_permission(explain: Callable[..., Any], cast: Any) -> None:
    member = make_user()
    join(member, cast.firm)

    refused = explain(member, item="effective_rate.billed")

    assert refused.status_code == 403
    assert refused.json()["code"] == "reports.metric_not_permitted"
    assert explain(member, item="worked_value.standard").status_code == 400


def test_keeps_names_from_whom_they_are_hidden(explain: Callable[..., Any], cast: Any) -> None:
    member, adviser = make_user(), make_user()
    join(member, cast.firm, clio_user_id=102)
    join(adviser, cast.firm, role=Role.CONSULTANT, level=Level.FULL, hides_client_names=True)

    own = explain(member, item="billed_hours.total", **{"cell[timekeeper]": "101"}).json()
    outside = explain(adviser, item="billed.total").json()

    ada = colleague(cast.firm, 101, reader=102)
    assert own["filters"][0]["labels"] == [ada]
    assert {row["labels"].get("timekeeper") for row in own["results"]} == {ada}
    labels = [row["labels"] for row in outside["results"]]
    assert {each["matter"].partition(" ")[0] for each in labels} == {"Matter"}
    assert {each["client"].partition(" ")[0] for each in labels} == {"Client"}


def test_a_stranger_learns_nothing(cast: Any, api: Client) -> None:
    address = f"/api/v1/firms/{cast.firm.public_id}/explain?item=billed.total"

    assert api(cast.stranger).get(address).status_code == 404
