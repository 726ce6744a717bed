"""kpis.md section 8, the cases that touch time, billing and cash beyond the overview, on variations of golden March."""

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Firm
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import Items, ask, total_of
from tests.reports.conftest import golden
from tests.reports.services.test_edge_cases import setting

pytestmark = pytest.mark.django_db
D = Decimal
Records = dict[str, list[dict[str, Any]]]
Change = Callable[[Records], None]
TODAY = date(2025, 3, 31)


@pytest.fixture
def change(cast: Any, build: Callable[..., Any]) -> Callable[..., Callable[..., Items]]:
    """Return a function that changes the golden records, and returns one that gives a metric's items."""

    def changed(*changes: Change) -> Callable[..., Items]:
        records = copy.deepcopy(golden("march"))
        for each in changes:
            each(records)
        build(records)
        return lambda metric, period="2025-03": total_of(_answer(cast, metric, period), metric)

    return changed


def _answer(cast: Any, metric: str, period: str = "2025-03") -> Answer:
    return ask(cast.firm.firm_id, metric, period=period, on=TODAY)


def adding(entity: str, like: int, **values: Any) -> Change:
    """A change that adds a copy of a record with other values."""

    def add(records: Records) -> None:
        records[entity].append({**records[entity][like], **values})

    return add


Changed = Callable[..., Callable[..., Items]]


def test_case_6_work_of_a_void_bill_is_unbilled_again(change: Changed) -> None:
    see = change(setting("bills", 0, state="void"))

    found = see("work_date_funnel", "2025-02")
    assert (found["worked"], found["billed"], found["maturity"]) == (D("3600.00"), D("0.00"), D("0.0"))


def test_case_7_a_voided_credit_is_no_write_off(change: Changed) -> None:
    see = change(setting("allocations", 0, voided_at="2025-03-21T12:00:00-04:00"))

    assert (see("write_offs")["total"], see("write_offs")["rate"]) == (D("0.00"), D("0.0"))


def test_case_9_a_payment_over_several_allocations_is_one_payment(change: Changed) -> None:
    see = change(
        setting("allocations", 1, amount=D(1000)), adding("allocations", 1, id=4099, amount=D(850), date="2025-03-25")
    )

    assert see("payments") == {
        "total": D("1850.00"),
        "trust": D("0.00"),
        "card": D("0.00"),
        "echeck": D("0.00"),
        "operating": D("0.00"),
        "direct": D("1850.00"),
        "payments": D("1"),
    }


def test_case_10_money_before_the_bill_took_no_days(change: Changed) -> None:
    """370 was there two days before the bill, 1,480 comes after 21 days."""
    see = change(
        setting("allocations", 1, amount=D(1480)),
        adding("allocations", 1, id=4099, amount=D(370), date="2025-03-01", created_at="2025-03-01T12:00:00-05:00"),
    )

    assert see("days_to_pay")["average"] == D("16.8")


def test_case_11_client_credit_is_no_money_that_came_in(change: Changed) -> None:
    see = change(setting("allocations", 1, amount=D(4000)))

    assert see("payments")["total"] == D("3330.00")
    assert see("days_to_pay")["bills"] == D("1")
    assert see("days_to_pay")["full_payment_median"] == D("21.0")


def test_case_12_a_bill_closed_wholly_by_credit_was_never_paid(change: Changed) -> None:
    see = change(setting("allocations", 0, amount=D(3700)), setting("allocations", 1, voided_at="2025-03-25T12:00:00Z"))

    assert see("days_to_pay")["bills"] == D("0")


def test_case_13_a_discount_after_billing_is_no_write_off(change: Changed) -> None:
    found = change(setting("credit_memos", 0, discount=True))("write_offs")

    assert (found["total"], found["discounts"], found["rate"]) == (D("0.00"), D("370.00"), D("0.0"))


def test_case_14_waived_interest_is_apart(change: Changed) -> None:
    see = change(
        lambda records: records["interest_charges"].append(
            {"id": 1, "date": "2025-03-18", "total": 12, "bill": {"id": 2001}, "matters": []}
        ),
        setting("bills", 0, due=D(3712)),
        adding("allocations", 0, id=4099, amount=D(12), interest=True, date="2025-03-25"),
    )

    found = see("write_offs")
    assert (found["interest_waived"], found["total"]) == (D("12.00"), D("370.00"))
    assert see("days_to_pay")["average"] == D("21.0")


def test_case_19_an_entry_split_between_payers_is_written_down_once(change: Changed) -> None:
    """a1 lies on two bills at half each: nothing is lost."""

    def split(records: Records) -> None:
        records["bills"].append({**records["bills"][0], "id": 2009, "due": D(1500), "balance": D(1500)})
        records["bills"][0].update(due=D(2500))
        records["line_items"].append({**records["line_items"][0], "id": 3009, "bill": {"id": 2009}})
        for line in (records["line_items"][0], records["line_items"][-1]):
            line.update(sub_total=D(1500), total=D(1500), discount=None)

    found = change(split)("reductions")
    assert (found["fees_written_down"], found["fees_write_down_rate"]) == (D("0.00"), D("0.0"))


def test_case_24_entries_keep_their_price_when_the_rate_rises(change: Changed) -> None:
    found = change(setting("users", 0, rate=D(330)))("worked_value")

    assert found == {"worked": D("3300.00"), "standard": D("3630.00"), "rate": D("90.9")}


def test_an_entry_without_a_standard_rate_leaves_both_sides(cast: Any, change: Changed) -> None:
    see = change(setting("users", 0, rate=None))

    assert see("worked_value") == {"worked": D("3300.00"), "standard": D("0.00"), "rate": None}
    assert _answer(cast, "worked_value").incomplete == ("worked_value",)


def test_case_25_hours_of_flat_fee_matters_are_in_the_matters_rate(change: Changed) -> None:
    see = change(setting("matters", 0, billing_method="flat"), setting("activities", 3, non_billable=True, total=0))

    assert see("matter_rate")["rate"] == D("61.11")


def test_case_28_hidden_amounts_are_out_and_said_to_be(cast: Any, change: Changed) -> None:
    see = change(setting("activities", 0, total=None))

    found = see("work_date_funnel", "2025-02")
    assert (found["worked"], found["billed"], found["collected"]) == (D("600.00"), D("600.00"), D("300.00"))
    assert _answer(cast, "work_date_funnel", "2025-02").incomplete == ("work_date_funnel",)


def test_case_29_what_was_edited_on_the_bill_is_a_write_down(change: Changed) -> None:
    see = change(setting("line_items", 1, sub_total=D(450), price=D(112.5)), setting("bills", 0, due=D(3550)))

    found = see("reductions")
    assert (found["fees_written_down"], found["fees_write_down_rate"]) == (D("150.00"), D("4.2"))
    assert see("worked_value", "2025-02")["worked"] == D("3600.00")


def test_case_30_a_day_of_more_than_24_hours_hides_nobodys_gaps(change: Changed) -> None:
    """Ada records 500 hours of 168 available; Ben's 166 missing ones stay."""
    hours = setting("activities", 3, quantity=500 * 3600, rounded_quantity=500 * 3600)

    assert change(hours)("capture")["untracked"] == D("166.00")


def test_late_entries_lag_by_the_firms_days(cast: Any, change: Changed) -> None:
    """Six of 16 hours were entered two days late: in New York the evening of the 7th was not yet over."""
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(time_zone="America/New_York")

    see = change(setting("activities", 3, created_at="2025-03-08T02:00:00Z"))

    assert see("capture")["entry_lag"] == D("0.8")


def test_a_payment_dated_ahead_settles_its_bill_on_its_day(cast: Any, change: Changed) -> None:
    see = change(setting("allocations", 1, amount=D(3330), date="2025-04-02"))
    assert see("days_to_pay", "this_year")["bills"] == D("0")

    outcome = rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2025, 4, 2, 16, tzinfo=UTC))

    assert outcome.status == "built"
    answer = ask(cast.firm.firm_id, "days_to_pay", period="this_year", on=date(2025, 4, 2))
    assert total_of(answer, "days_to_pay")["bills"] == D("1")
    assert total_of(answer, "days_to_pay")["full_payment_p90"] == D("30.0")
