"""The overview's address: shape, periods, who may, what the document says."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from apps.clio.models import ClioConnection
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.accounts.factories import join, make_user
from tests.reports.conftest import NOON, golden
from tests.reports.mirror import fill_mirror

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]


def address(cast: Any, period: str = "2025-03") -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/reports/overview?period={period}"


def connection_of(cast: Any, *, status: str = "connected") -> None:
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.create(
            firm_id=cast.firm.firm_id, region="us", clio_account_id=1, clio_user_id=1, status=status
        )


def test_shows_the_month(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    build(golden("march"))

    answer = api(cast.colleague).get(address(cast))

    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["scope"], body["mode"]) == ("ready", "whole_firm", "restated")
    assert body["period"] | {"today": ""} == {
        "name": "2025-03", "starts_on": "2025-03-01", "ends_on": "2025-03-31", "today": "", "is_complete": True,
    }  # fmt: skip
    assert body["time"]["recorded_hours"] == {
        "billable": 11.0,
        "non_billable": 5.0,
        "no_charge": 2.0,
        "total": 16.0,
        "agreed_fees": 0.0,
    }
    (usd,) = body["currencies"]
    assert usd["currency"] == "USD"
    assert usd["figures"]["billed"] == {
        "fees": "3300.00", "expenses": "400.00", "unreconciled": "0.00", "total": "3700.00", "interest": "0.00",
    }  # fmt: skip
    assert usd["figures"]["realization"] == {"rate": 91.7, "flat": None, "contingency": None}
    assert usd["figures"]["receivable"] == {"total": "1480.00", "overpaid": "0.00"}
    assert [month["month"] for month in body["months"]] == ["2025-03-01"]
    assert body["completeness"] == {"hidden_rows": 0, "incomplete": []}
    assert body["data_as_of"]["mirror_version"] == body["data_as_of"]["ledger_version"] == 1
    assert [each["key"] for each in body["definitions"]] == [
        "K1", "K2", "K3", "K8", "K9", "K10", "K15", "K16", "K22", "K23", "K24",
    ]  # fmt: skip


def test_the_months_add_up_to_the_period(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    build(golden("march"))

    body = api(cast.colleague).get(address(cast, "2025-01-15..2025-03-31")).json()

    assert [month["month"] for month in body["months"]] == ["2025-01-01", "2025-02-01", "2025-03-01"]
    hours = [month["time"]["recorded_hours"]["total"] for month in body["months"]]
    assert hours == [0.0, 14.0, 16.0]
    assert sum(hours) == body["time"]["recorded_hours"]["total"]
    assert body["months"][0]["time"]["available_hours"]["total"] == 13 * 2 * 8


@pytest.mark.parametrize(
    "period",
    ["2025-13", "2025-02-30..2025-03-01", "next_year", "2025-03-31..2025-03-01", "1900-01-01..2025-01-01", "tomorrow"],
)
def test_names_the_field_of_a_bad_period(cast: Any, api: Client, period: str) -> None:
    answer = api(cast.owner).get(address(cast, period))

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "reports.period_not_understood"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/period"]


def test_refuses_a_period_in_the_future(cast: Any, api: Client) -> None:
    later = date.today() + timedelta(days=40)  # noqa: DTZ011 - any day well after today will do

    assert api(cast.owner).get(address(cast, f"{later:%Y-%m}")).status_code == 400


def test_says_that_nothing_is_connected(cast: Any, api: Client) -> None:
    body = api(cast.owner).get(address(cast)).json()

    assert (body["status"], body["time"], body["currencies"], body["months"]) == ("not_connected", None, [], [])


def test_case_33_says_that_the_first_sync_is_running(cast: Any, api: Client) -> None:
    fill_mirror(cast.firm.firm_id, golden("march"))

    body = api(cast.owner).get(address(cast)).json()

    assert (body["status"], body["time"]) == ("loading", None)
    assert body["data_as_of"]["ledger_built_at"] is None


def test_says_loading_from_the_moment_of_connecting(cast: Any, api: Client) -> None:
    connection_of(cast)

    assert api(cast.owner).get(address(cast)).json()["status"] == "loading"


def test_a_broken_connection_that_never_brought_anything_is_none(cast: Any, api: Client) -> None:
    connection_of(cast, status="disconnected")

    assert api(cast.owner).get(address(cast)).json()["status"] == "not_connected"


def test_names_what_clio_refuses(cast: Any, api: Client) -> None:
    records = golden("march")
    fill_mirror(cast.firm.firm_id, records, refused=["credit_memos", "users", "contacts"])
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    body = api(cast.colleague).get(address(cast)).json()

    assert body["status"] == "ready"
    assert [(flag["code"], flag["count"]) for flag in body["data_quality"]] == [("refused_by_clio", 2)]
    assert "credit memos, users" in body["data_quality"][0]["text"]
    assert body["completeness"] == {"hidden_rows": 0, "incomplete": ["K1", "K2", "K3", "K15", "K16", "K23", "K24"]}


def test_a_stranger_finds_no_firm(cast: Any, api: Client) -> None:
    assert api(cast.stranger).get(address(cast)).status_code == 404
    assert api(None).get(address(cast)).status_code == 401


def test_a_person_sees_their_own_rows(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    ben = make_user("Ben")
    join(ben, cast.firm, scope=ScopeKind.SELF, clio_user_id=102)
    build(golden("march"))

    body = api(ben).get(address(cast)).json()

    assert body["scope"] == "self"
    assert body["time"]["recorded_hours"]["total"] == 2.0
    assert body["currencies"][0]["figures"]["billed"]["fees"] == "600.00"
    assert body["data_quality"] == []


def test_takes_few_statements(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    build(golden("march"))
    client = api(cast.colleague)

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(cast, "last_12_months")).status_code == 200

    ours = [query["sql"] for query in captured if "reports_" in query["sql"]]
    sums = [statement for statement in ours if "AS level" in statement]
    assert len(sums) == 8  # one per source
    # What the answer is from: versions, settings, the state of ledger and facts, which months are closed.
    assert len(ours) - len(sums) <= 7


def test_the_document_describes_it_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    document = SchemaGenerator().get_schema(request=None, public=True)

    operation = document["paths"]["/api/v1/firms/{firm_id}/reports/overview"]["get"]
    assert operation["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Overview"
    }
    schemas = document["components"]["schemas"]
    assert set(schemas["BilledFigures"]["properties"]) == {"fees", "expenses", "unreconciled", "total", "interest"}
    assert schemas["BilledFigures"]["properties"]["fees"]["type"] == "string"
    assert "OverviewView" not in capsys.readouterr().err


def test_money_keeps_every_digit(cast: Any, api: Client, build: Callable[..., Any]) -> None:
    records = golden("march")
    records["activities"][3]["total"] = Decimal("90071992547409.93")
    build(records)

    figures = api(cast.owner).get(address(cast)).json()["currencies"][0]["figures"]

    assert figures["unbilled"]["fees"] == "90071992548909.93"
