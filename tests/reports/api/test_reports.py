"""Standard reports through the API: on the golden firm, by groups, narrowed, for readers who may see less."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.standard.catalogue import REPORTS
from tests.accounts.factories import join, make_user
from tests.reports.closing import close
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]
Run = Callable[..., Any]


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def run(cast: Any, api: Client) -> Run:

    def send(report: str, **parameters: str) -> Any:
        return api(cast.owner).get(
            f"/api/v1/firms/{cast.firm.public_id}/reports/{report}", {"period": "2025-03", **parameters}
        )

    return send


def rows(table: Any, column: str) -> dict[tuple[str, ...], Any]:
    return {tuple(row["labels"]): row["figures"][column] for row in table["answer"]["rows"]}


def test_lists_what_there_is(cast: Any, api: Client) -> None:
    body = api(cast.colleague).get(f"/api/v1/firms/{cast.firm.public_id}/reports").json()

    assert [report["number"] for report in body] == sorted(report["number"] for report in body)
    assert {report["key"] for report in body} == {report.key for report in REPORTS}
    assert all(report["question"] and bool(report["tables"]) != bool(report["address"]) for report in body)


@pytest.mark.parametrize(
    ("report", "place"),
    [("collections_forecast", "forecast"), ("leaderboard", "leaderboard"), ("data_quality", "data-quality")],
)
def test_a_report_with_an_address_of_its_own_leads_there(
    cast: Any, api: Client, build: Callable[..., Any], report: str, place: str
) -> None:
    build(golden("march"))
    firm = f"/api/v1/firms/{cast.firm.public_id}"

    answer = api(cast.owner).get(f"{firm}/reports/{report}")

    assert (answer.status_code, answer["Location"]) == (307, f"{firm}/{place}")
    metric = {"metric": "billed"} if report == "leaderboard" else {}
    led = api(cast.owner).get(f"{firm}/reports/{report}", metric)["Location"]
    assert api(cast.owner).get(led).status_code == 200


@pytest.mark.every_case
@pytest.mark.parametrize("report", [report.key for report in REPORTS if report.tables])
def test_every_report_runs_for_the_golden_firm(cast: Any, run: Run, report: str) -> None:
    close(cast, ["2025-03"], datetime(2025, 4, 30, 12, tzinfo=UTC))

    answer = run(report)

    assert answer.status_code == 200, answer.json()
    for table in answer.json()["tables"]:
        assert table["answer"]["status"] == "ready"
        assert [column["key"] for column in table["answer"]["columns"]] == table["table"]["columns"]
        # None of the golden firm's matters has a budget.
        has_rows = report not in ("budgets", "trust_ledger") and bool(
            table["table"]["group_by"] or table["table"]["grain"]
        )
        assert (bool(table["answer"]["rows"]), bool(table["answer"]["total"])) == (has_rows, True)


@pytest.mark.parametrize("report", [report.key for report in REPORTS])
def test_every_report_runs_by_each_of_its_groupings(run: Run, report: str) -> None:
    declared = next(each for each in REPORTS if each.key == report)
    for table in declared.tables:
        offered = {each for name in table.metrics() for each in BY_NAME[name].dims}
        for dimension in offered.intersection(declared.groupings) if table.group_by else ():
            answer = run(report, table=table.key, group_by=dimension.value)
            assert answer.status_code == 200, (dimension, answer.json())


def test_a_bill_comes_with_its_dates_and_its_payer(run: Run) -> None:
    table, by_client = run("receivables_aging").json()["tables"]

    assert by_client["answer"]["rows"][0]["figures"]["receivable_parts.fees"] == "1320.00"
    (row,) = table["answer"]["rows"]
    assert row["labels"][1] == "I1"
    assert row["figures"]["receivable.total"] == "1480.00"
    assert row["figures"]["aging.days_1_30"] == "1480.00"
    assert row["details"] == {
        "bill.issued_on": "2025-03-03",
        "bill.due_on": "2025-03-17",
        "bill.payer": row["labels"][0],
        "bill.last_payment_on": "2025-03-24",
    }
    (subtotal,) = table["answer"]["subtotals"]
    assert (subtotal["labels"], subtotal["figures"]["receivable.total"]) == (row["labels"][:1], "1480.00")


def test_the_billing_history_tells_how_a_bill_stands(run: Run) -> None:
    (table,) = run("billing_history").json()["tables"]

    (row,) = table["answer"]["rows"]
    assert row["figures"] == {
        "bills_issued.total": "3700.00",
        "bills_issued.tax": "0.00",
        "bills_issued.paid": "1850.00",
        "bills_issued.credited": "370.00",
        "bills_issued.open": "1480.00",
    }
    assert row["details"]["bill.state"] == "awaiting payment"


def test_the_log_of_credits_lists_each_one(run: Run) -> None:
    (table,) = run("write_offs_and_discounts").json()["tables"]

    (row,) = table["answer"]["rows"]
    assert row["figures"]["credits.write_offs"] == "370.00"
    assert row["details"]["allocation.settled_on"] == "2025-03-20"
    assert (row["details"]["allocation.kind"], row["details"]["allocation.bill"]) == ("write-off", "I1")


def test_payments_are_listed_without_the_credits(run: Run) -> None:
    table = run("payments_received", table="payments").json()["tables"][0]

    (row,) = table["answer"]["rows"]
    assert (row["figures"]["payments.total"], row["details"]["allocation.settled_on"]) == ("1850.00", "2025-03-24")


def test_subtotals_are_the_sums_of_their_rows(run: Run) -> None:
    answer = run("revenue", table="clients").json()["tables"][0]["answer"]

    for subtotal in answer["subtotals"]:
        of_group = [row for row in answer["rows"] if row["labels"][:1] == subtotal["labels"]]
        billed = sum(float(row["figures"]["billed.total"]) for row in of_group)
        assert float(subtotal["figures"]["billed.total"]) == billed
    assert [row["labels"][0] for row in answer["rows"]] == sorted(row["labels"][0] for row in answer["rows"])


def test_leaves_out_columns_on_request_and_those_the_reader_may_not_see(run: Run, cast: Any, api: Client) -> None:
    (asked,) = run("timekeeper_productivity", table="timekeepers", columns="billed.fees").json()["tables"]
    member = make_user("member@example.com")
    join(member, cast.firm)
    address = f"/api/v1/firms/{cast.firm.public_id}/reports/timekeeper_productivity"

    (seen,) = api(member).get(address, {"period": "2025-03"}).json()["tables"]

    assert all(set(row["figures"]) == {"billed.fees"} for row in asked["answer"]["rows"])
    assert "effective_rate.billed" in seen["left_out"]
    assert not any("effective_rate.billed" in row["figures"] for row in seen["answer"]["rows"])


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"table": "nothing"}, "/table"),
        ({"table": "timekeepers", "columns": "billed.nothing"}, "/columns"),
        ({"table": "timekeepers", "group_by": "matter"}, "/group_by"),
        ({"metrics": "billed"}, "/metrics"),
        ({"sort": "billed.nothing"}, "/sort"),
    ],
)
def test_names_what_a_report_has_not(run: Run, parameters: dict[str, str], pointer: str) -> None:
    answer = run("timekeeper_productivity", **parameters)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_asks_for_the_table_where_there_are_several(run: Run) -> None:
    answer = run("revenue", sort="collected.total")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/table")


def test_there_is_no_report_without_its_name(run: Run, cast: Any, api: Client) -> None:
    assert run("nothing").status_code == 404
    address = f"/api/v1/firms/{cast.firm.public_id}/reports/revenue"
    assert api(cast.stranger).get(address).status_code == 404
