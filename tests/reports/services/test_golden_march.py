"""kpis.md section 9, the table: March of the golden fixture, as far as today's KPIs go."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Overview
from apps.reports.services.compute_overview import compute_overview
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
D = Decimal


def overview(cast: Any, *, on: str, period: str = "this_month", scope: Scope | None = None) -> Overview:
    now = datetime.fromisoformat(f"{on}T16:00:00").replace(tzinfo=UTC)
    with tenant(cast.firm.firm_id):
        return compute_overview(scope=scope or Scope.whole_firm(cast.firm.firm_id), period=period, now=now)


@pytest.fixture
def march(cast: Any, build: Callable[..., Any]) -> Overview:
    assert build(golden("march")).status == "built"
    return overview(cast, on="2025-03-31")


def test_hours_and_utilization(march: Overview) -> None:
    assert march.time == {
        "recorded_hours": {
            "billable": D("11.00"),
            "non_billable": D("5.00"),
            "no_charge": D("2.00"),
            "total": D("16.00"),
            "agreed_fees": D("0"),
        },
        "available_hours": {"total": D("336.00")},
        "utilization": {"rate": D("3.3")},
    }


def test_utilization_of_one_person(cast: Any, march: Overview) -> None:
    ada = Scope(cast.firm.firm_id, kind=Scope.whole_firm(1).kind.SELF, clio_user_id=101)

    seen = overview(cast, on="2025-03-31", scope=ada)

    assert seen.time["utilization"] == {"rate": D("6.5")}
    assert seen.time["available_hours"] == {"total": D("168.00")}


def test_billed_and_collected(march: Overview) -> None:
    figures = march.currencies[0].metrics

    assert [each.currency for each in march.currencies] == ["USD"]
    assert figures["billed"]["fees"] == D("3300.00")
    assert figures["billed"]["expenses"] == D("400.00")
    assert figures["billed"]["total"] == D("3700.00")
    assert figures["billed_hours"] == {"total": D("14.00"), "no_charge": D("0.00")}
    assert figures["realization"]["rate"] == D("91.7")
    assert figures["collected"]["fees"] == D("1650.00")
    assert figures["collected"]["expenses"] == D("200.00")
    assert figures["collection_rate"] == {"rate": D("50.0"), "within_90_days": D("50.0")}


def test_the_memo_and_the_payment_are_spread_over_the_lines(cast: Any, march: Overview) -> None:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT kind, array_agg(net ORDER BY line_id) FROM reports_settle GROUP BY kind ORDER BY kind")
        assert cursor.fetchall() == [("payment", [135000, 30000, 20000]), ("write_off", [27000, 6000, 4000])]


@pytest.mark.parametrize(
    ("on", "fees", "expenses"), [("2025-02-28", "3600.00", "400.00"), ("2025-03-31", "3300.00", "0.00")]
)
def test_work_in_progress(cast: Any, march: Overview, on: str, fees: str, expenses: str) -> None:
    unbilled = overview(cast, on=on).currencies[0].metrics["unbilled"]

    assert unbilled["fees"] == D(fees)
    assert unbilled["expenses"] == D(expenses)


@pytest.mark.parametrize(
    ("on", "amount"), [("2025-02-28", "0.00"), ("2025-03-20", "3330.00"), ("2025-03-31", "1480.00")]
)
def test_receivable(cast: Any, march: Overview, on: str, amount: str) -> None:
    assert overview(cast, on=on).currencies[0].metrics["receivable"] == {"total": D(amount), "overpaid": D("0.00")}


def test_what_is_owed_is_two_weeks_past_due(march: Overview) -> None:
    aging = march.currencies[0].metrics["aging"]

    assert aging["days_1_30"] == D("1480.00")
    assert aging["days_1_30_share"] == D("100.0")
    assert [aging[name] for name in ("current", "days_31_60", "days_61_90", "days_91_plus")] == [D("0.00")] * 4


def test_everything_ties_to_clio(march: Overview) -> None:
    assert march.flags == []
    assert march.incomplete == []
