"""Closed months through the API: closing, reading as reported, what has changed, reopening."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from apps.reports.services.check_ledger import check_ledger
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.accounts.factories import join, make_user
from tests.clio.mirror.writing import completed, write
from tests.reports.conftest import DATASETS, NOON
from tests.reports.wild import ENTITIES, Records

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]
MARCH: Records = json.loads((DATASETS / "golden_march.json").read_text())
A1 = next(each for each in MARCH["activities"] if each["date"] == "2025-02-10")


class Firm:
    """The golden firm as its people reach it."""

    def __init__(self, cast: Any, api: Client) -> None:
        self.cast, self.firm, self._api = cast, cast.firm, api
        self.root = f"/api/v1/firms/{cast.firm.public_id}"

    def get(self, address: str, who: Any = None, **parameters: str) -> Any:
        return self._api(who or self.cast.owner).get(f"{self.root}/{address}", parameters)

    def post(self, address: str, body: Any, who: Any = None) -> Any:
        return self._api(who or self.cast.owner).post(f"{self.root}/{address}", body, format="json")

    def close(self, month: str) -> Any:
        answer = self.post("closes", {"month": month})
        assert answer.status_code == 201, answer.json()
        return answer.json()

    def work_late(self, day: str) -> None:
        write(self.firm, "activities", A1 | {"id": 77_001, "date": day, "bill": None})
        assert rebuild_ledger(firm_id=self.firm.firm_id, now=NOON).status == "built"


@pytest.fixture
def firm(cast: Any, api: Client) -> Firm:
    for name in ENTITIES:
        if MARCH[name]:
            write(cast.firm, name, *MARCH[name])
    completed(cast.firm, *ENTITIES)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)
    return Firm(cast, api)


def hours(answer: Any) -> Any:
    assert answer.status_code == 200, answer.json()
    return answer.json()["total"]["figures"]["recorded_hours.total"]


def test_a_closed_month_is_listed_and_told_with_every_answer(firm: Firm) -> None:
    made = firm.close("2025-02")

    assert (made["month"], made["version"], made["is_closed"]) == ("2025-02-01", 1, True)
    assert firm.get("closes").json() == [made]
    assert firm.get(f"closes/{made['id']}").json() == made
    answer = firm.get("query", metrics="recorded_hours", period="2025-02-01..2025-03-31").json()
    assert answer["closes"] == [
        {"month": "2025-02-01", "is_closed": True, "version": 1},
        {"month": "2025-03-01", "is_closed": False, "version": 0},
    ]


def test_late_time_leaves_the_closed_figure_and_is_an_adjustment(firm: Firm) -> None:
    made = firm.close("2025-02")
    firm.work_late("2025-02-27")
    asked = {"metrics": "recorded_hours", "period": "2025-02"}

    assert hours(firm.get("query", **asked, mode="as_reported")) == 14.0
    assert hours(firm.get("query", **asked)) == 24.0
    beside = firm.get("query", **asked, compare="closed").json()["total"]
    assert (beside["figures"]["recorded_hours.total"], beside["compared"]["recorded_hours.total"]) == (24.0, 14.0)
    assert beside["difference"]["recorded_hours.total"] == 10.0
    found = firm.get(f"closes/{made['id']}/adjustments", item="recorded_hours.total").json()
    assert (found["closed"], found["now"], found["difference"]) == ("14.00", "24.00", "10.00")
    (row,) = found["results"]
    assert (row["change"], row["id"], row["date"], row["detail"]) == ("added", 77_001, "2025-02-27", "billable time")
    assert row["links"]["record"].endswith(f"{firm.root}/activities/77001")
    assert set(row["difference"].values()) == {"36000"}


def test_the_report_sets_the_closed_figures_beside_those_of_now(firm: Firm) -> None:
    firm.close("2025-02")
    firm.work_late("2025-02-27")

    work = firm.get("reports/period_close", period="2025-02", table="work").json()["tables"][0]["answer"]["total"]

    assert work["difference"]["recorded_hours.total"] == 10.0
    assert work["difference"]["worked_value.worked"] == "3000.00"
    money = firm.get("reports/period_close", period="2025-02", table="money").json()["tables"][0]["answer"]["total"]
    assert {each for each in money["difference"].values() if each not in (None, 0.0, "0.00")} == set()


def test_the_rows_behind_a_figure_as_reported_are_those_that_were_kept(firm: Firm) -> None:
    firm.close("2025-02")
    write(firm.firm, "activities", A1 | {"quantity": 3600, "rounded_quantity": 3600})
    rebuild_ledger(firm_id=firm.firm.firm_id, now=NOON)
    asked = {"metrics": "recorded_hours", "period": "2025-02", "item": "recorded_hours.total"}

    for mode in ({"mode": "as_reported"}, {"compare": "closed", "of": "compared"}):
        told = firm.get("explain", **asked, **mode).json()
        assert (told["value"], told["mode"]) == ("14.00", "as_reported")
        given = {row["id"]: set(row["contributions"].values()) for row in told["results"]}
        assert given == {1001: {"36000"}, 1002: {"14400"}}
    assert firm.get("explain", **asked).json()["value"] == "5.00"


def test_what_no_close_keeps_is_left_out_of_figures_as_reported(firm: Firm) -> None:
    firm.close("2025-02")

    answer = firm.get("query", metrics="expenses", period="2025-02", mode="as_reported").json()

    told = [column["key"] for column in answer["columns"]]
    assert "expenses.incurred" in told
    assert answer["total"]["figures"]["expenses.unbilled"] is None  # as of a day, of which there is no snapshot
    assert [gap["day"] for gap in answer["gaps"]] == ["2025-02-28"]
    asked = {"metrics": "expenses", "period": "2025-02", "mode": "as_reported"}
    assert firm.get("explain", **asked, item="expenses.incurred").json()["value"] == "400.00"


def test_closing_and_reopening_move_the_tag_of_an_answer(firm: Firm) -> None:
    def tag() -> str:
        return str(firm.get("query", metrics="recorded_hours", period="2025-02")["ETag"])

    tags = [tag()]
    made = firm.close("2025-02")
    tags.append(tag())
    assert firm.post(f"closes/{made['id']}/reopen", {"reason": "A bill was wrong."}).status_code == 200
    tags.append(tag())
    second = firm.close("2025-02")
    tags.append(tag())

    assert len(set(tags)) == 4
    assert tag() == tags[-1]
    assert second["version"] == 2
    assert [each["version"] for each in firm.get("closes").json()] == [2, 1]


def test_a_reopened_month_has_no_figures_as_reported(firm: Firm) -> None:
    made = firm.close("2025-02")
    firm.post(f"closes/{made['id']}/reopen", {"reason": "A bill was wrong."})

    answer = firm.get("query", metrics="billed", period="2025-02", mode="as_reported")

    assert (answer.status_code, answer.json()["code"]) == (409, "reports.months_open")
    assert firm.get(f"closes/{made['id']}/adjustments", item="billed.fees").status_code == 409
    assert firm.post(f"closes/{made['id']}/reopen", {"reason": "Again."}).status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"month": "2025-13"}, 400, "core.invalid_input"),
        ({"month": "0000-01"}, 400, "core.invalid_input"),
        ({}, 400, "core.invalid_input"),
        ({"month": "2999-01"}, 400, "reports.period_not_understood"),
    ],
)
def test_refuses_what_is_no_month(firm: Firm, body: Any, status: int, code: str) -> None:
    answer = firm.post("closes", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()


def test_a_reason_is_demanded(firm: Firm) -> None:
    made = firm.close("2025-02")

    for body in ({}, {"reason": ""}, {"reason": "  "}):
        assert firm.post(f"closes/{made['id']}/reopen", body).status_code == 400
    assert firm.get(f"closes/{made['id']}").json()["is_closed"]


def test_only_administrators_close_and_reopen(firm: Firm) -> None:
    made, cast = firm.close("2025-02"), firm.cast

    assert firm.post("closes", {"month": "2025-01"}, cast.colleague).status_code == 403
    assert firm.post(f"closes/{made['id']}/reopen", {"reason": "So."}, cast.colleague).status_code == 403
    assert firm.get("closes", cast.colleague).status_code == 200
    assert firm.get("closes", cast.stranger).status_code == 404


def test_a_part_reader_sees_the_adjustments_of_their_part(firm: Firm) -> None:
    made = firm.close("2025-02")
    firm.work_late("2025-02-27")
    other = next(each["id"] for each in MARCH["users"] if each["id"] != A1["user"]["id"])
    reader = make_user()
    join(reader, firm.firm, scope=ScopeKind.SELF, clio_user_id=other)

    found = firm.get(f"closes/{made['id']}/adjustments", reader, item="recorded_hours.total").json()

    assert (found["results"], found["closed"], found["now"]) == ([], "4.00", "4.00")


def test_kept_rows_that_changed_are_told_beside_the_figures(firm: Firm) -> None:
    firm.close("2025-02")
    firm_id = firm.firm.firm_id
    assert check_ledger(firm_id=firm_id, now=NOON) == 0
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reports_frozen_row SET figures = jsonb_set(figures, '{seconds}', '1') "
            "WHERE family = 'time' AND row_id = 1001"
        )

    assert check_ledger(firm_id=firm_id, now=NOON) == 1

    answer = firm.get("query", metrics="recorded_hours", period="2025-02", mode="as_reported").json()
    assert [flag["code"] for flag in answer["flags"]] == ["closed_month_check"]
    restated = firm.get("query", metrics="recorded_hours", period="2025-02").json()
    assert restated["flags"] == []
    assert not firm.get("closes").json()[0]["is_sound"]


def test_adjustments_come_page_by_page_and_back(firm: Firm) -> None:
    made = firm.close("2025-02")
    for number in range(5):
        write(firm.firm, "activities", A1 | {"id": 77_001 + number, "date": f"2025-02-{20 + number}", "bill": None})
    rebuild_ledger(firm_id=firm.firm.firm_id, now=NOON)
    address = f"{firm.root}/closes/{made['id']}/adjustments?item=recorded_hours.total&page_size=2"
    client = firm._api(firm.cast.owner)

    pages = []
    while address:
        pages.append(client.get(address).json())
        address = pages[-1]["next"]

    assert [[row["id"] for row in page["results"]] for page in pages] == [
        [77_001, 77_002],
        [77_003, 77_004],
        [77_005],
    ]
    back = client.get(pages[-1]["previous"]).json()
    assert [row["id"] for row in back["results"]] == [77_003, 77_004]
    assert client.get(back["previous"]).json()["previous"] is None
    assert date.fromisoformat(back["results"][0]["date"]) == date(2025, 2, 22)


def test_a_change_that_reaches_back_into_closed_months_says_so_before_it_is_made(firm: Firm) -> None:
    firm.close("2025-01")
    firm.close("2025-02")
    row = {"starts_on": "2025-02-15", "worked": "40", "originating": "20", "responsible": "10"}

    tried = firm.post("settings/fee-splits", {"rows": [row], "dry_run": True}).json()
    later = firm.post("settings/fee-splits", {"rows": [row | {"starts_on": "2025-03-01"}], "dry_run": True}).json()

    assert (tried["dry_run"], tried["closed_months"]) == (True, ["2025-02-01"])
    assert later["closed_months"] == []


def test_the_overview_tells_which_months_are_closed(firm: Firm) -> None:
    firm.close("2025-02")

    answer = firm.get("reports/overview", period="2025-02-01..2025-03-31").json()

    assert [each["version"] for each in answer["closes"]] == [1, 0]
