"""kpis.md section 9: what the golden fixtures say of time, billing and cash beyond the overview."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import Scope, ScopeKind
from tests.reports.asking import Items, ask, by, rows_of, total_of
from tests.reports.conftest import golden

pytestmark = pytest.mark.django_db
D = Decimal
MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)


@pytest.fixture
def march(cast: Any, build: Callable[..., Any]) -> Callable[..., Items]:
    """Return a function that gives a metric's items in March."""
    build(golden("march"))

    def see(metric: str, period: str = "2025-03", **more: Any) -> Items:
        return total_of(ask(cast.firm.firm_id, metric, period=period, on=MARCH, **more), metric)

    return see


@pytest.fixture
def april(cast: Any, build: Callable[..., Any]) -> Callable[..., Items]:
    """Return a function that gives a metric's items in April."""
    build(golden("april"), now=datetime(2025, 4, 30, 16, tzinfo=UTC))

    def see(metric: str, **more: Any) -> Items:
        return total_of(ask(cast.firm.firm_id, metric, period="2025-04", on=APRIL, **more), metric)

    return see


def test_billable_share(march: Callable[..., Items]) -> None:
    assert march("billable_share") == {"rate": D("68.8")}


def test_capture_and_untracked_hours(cast: Any, march: Callable[..., Items]) -> None:
    """16 of 336 hours are recorded, on the day they were worked."""
    assert march("capture") == {"rate": D("4.8"), "untracked": D("320.00"), "entry_lag": D("0.0")}
    ada = Scope(cast.firm.firm_id, ScopeKind.SELF, 101)
    assert march("capture", scope=ada) == {"rate": D("8.3"), "untracked": D("154.00"), "entry_lag": D("0.0")}


def test_worked_and_standard_value(march: Callable[..., Items]) -> None:
    assert march("worked_value") == {"worked": D("3300.00"), "standard": D("3300.00"), "rate": D("100.0")}


def test_work_date_funnel(march: Callable[..., Items]) -> None:
    """February's 3,600 of time was billed at 3,300, of which half came in; March is all unbilled."""
    assert march("work_date_funnel", "2025-02") == {
        "captured": D("14.00"),
        "worked": D("3600.00"),
        "billed": D("3300.00"),
        "collected": D("1650.00"),
        "billed_rate": D("91.7"),
        "collected_rate": D("50.0"),
        "maturity": D("100.0"),
    }
    assert march("work_date_funnel") == {
        "captured": D("16.00"),
        "worked": D("3300.00"),
        "billed": D("0.00"),
        "collected": D("0.00"),
        "billed_rate": D("0.0"),
        "collected_rate": None,
        "maturity": D("0.0"),
    }


def test_overall_realization(march: Callable[..., Items]) -> None:
    assert march("overall_realization", "2025-02") == {"rate": D("45.8"), "of_standard": D("45.8")}


def test_discounts_of_fee_worth(march: Callable[..., Items]) -> None:
    found = march("reductions")

    assert (found["fees_discounts"], found["fees_discount_rate"]) == (D("300.00"), D("8.3"))
    assert (found["fees_line_discounts"], found["fees_bill_discounts"]) == (D("300.00"), D("0.00"))
    assert (found["fees_written_down"], found["fees_write_down_rate"]) == (D("0.00"), D("0.0"))
    assert (found["expenses_discounts"], found["expenses_discount_rate"]) == (D("0.00"), D("0.0"))


def test_write_offs(march: Callable[..., Items]) -> None:
    assert march("write_offs") == {
        "total": D("370.00"),
        "fees": D("330.00"),
        "expenses": D("40.00"),
        "unreconciled": D("0.00"),
        "tax": D("0.00"),
        "interest_waived": D("0.00"),
        "discounts": D("0.00"),
        "discounts_tax": D("0.00"),
        "rate": D("10.0"),
        "rate_of_bills": D("10.0"),
    }


def test_days_to_bill(march: Callable[..., Items]) -> None:
    """a1 waited 21 days, a2 11."""
    assert march("days_to_bill") == {"average": D("19.3"), "median": D("16.0")}


def test_cash_to_billings(march: Callable[..., Items]) -> None:
    assert march("cash_to_billings") == {"rate": D("50.0")}


def test_effective_billed_rate(march: Callable[..., Items]) -> None:
    assert march("effective_rate") == {"billed": D("235.71"), "collected": D("117.86")}


def test_matter_effective_rate(cast: Any, march: Callable[..., Items]) -> None:
    """M1 collected 1,650 on 20 hours, M2 nothing on 7; the hours without a matter are out."""
    assert march("matter_rate") == {"rate": D("61.11"), "collected": D("1650.00"), "hours": D("27.00")}

    answer = ask(cast.firm.firm_id, "matter_rate", period="2025-03", on=MARCH, **by("matter"))

    assert {key: items["rate"] for key, items in rows_of(answer, "matter_rate").items()} == {
        301: D("82.50"),
        302: D("0.00"),
    }


def test_days_to_pay(march: Callable[..., Items]) -> None:
    """The bill still owes: no time to full payment."""
    assert march("days_to_pay") == {
        "average": D("21.0"),
        "full_payment_median": None,
        "full_payment_mean": None,
        "full_payment_p90": None,
        "bills": D("0"),
    }


def test_payments_by_method(march: Callable[..., Items]) -> None:
    found = march("payments")

    assert found["total"] == found["direct"] == D("1850.00")
    assert found["payments"] == D("1")


def test_payments_by_method_as_rows(cast: Any, march: Callable[..., Items]) -> None:
    answer = ask(cast.firm.firm_id, "payments", period="2025-03", on=MARCH, **by("method"))

    assert {key: items["total"] for key, items in rows_of(answer, "payments").items()} == {"direct": D("1850.00")}


def test_aprils_days_to_pay(april: Callable[..., Items]) -> None:
    """570 after 9 days, 114 back after 27, 684 after 29; the bill is at less than 0 by the 30th."""
    assert april("days_to_pay") == {
        "average": D("19.2"),
        "full_payment_median": D("29.0"),
        "full_payment_mean": D("29.0"),
        "full_payment_p90": D("29.0"),
        "bills": D("1"),
    }


def test_aprils_bill_counts_in_both_of_its_areas(cast: Any, april: Callable[..., Items]) -> None:
    april("days_to_pay")
    answer = ask(cast.firm.firm_id, "days_to_pay", period="2025-04", on=APRIL, **by("practice_area"))

    assert {items["bills"] for items in rows_of(answer, "days_to_pay").values()} == {D("1")}
    assert len(answer.rows) == 2


def test_aprils_payments(april: Callable[..., Items]) -> None:
    """Fees 800, expenses 300, tax 40, interest 12; 16 too much is the client's credit. Four payments."""
    found = april("payments")

    assert found["total"] == D("1152.00")
    assert found["payments"] == D("4")
