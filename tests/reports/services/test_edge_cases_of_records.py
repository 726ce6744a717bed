"""kpis.md section 8, on golden months: what records say or leave out, and days that are not 24 hours long."""

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.accounts.models import Firm
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer
from tests.reports.asking import ask, rows_of, total_of
from tests.reports.conftest import NOON, golden

pytestmark = pytest.mark.django_db
D = Decimal
MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
ADA, BEN = 101, 102
Records = dict[str, list[dict[str, Any]]]


@pytest.fixture
def records() -> Records:
    return copy.deepcopy(golden("march"))


def answer(cast: Any, metric: str, period: str = "2025-03", on: date = MARCH, **more: Any) -> Answer:
    return ask(cast.firm.firm_id, metric, period=period, on=on, **more)


def test_case_1_a_day_without_midnight_is_a_day_like_any_other(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    """In Cairo the clock goes from 23:59 on Thursday to 01:00 on Friday, 25 April 2025."""
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(time_zone="Africa/Cairo")
    entry = records["activities"][3]
    records["activities"] += [
        {**entry, "id": 1101, "date": "2025-04-24", "created_at": "2025-04-24T23:59:00+02:00"},
        {**entry, "id": 1102, "date": "2025-04-25", "created_at": "2025-04-25T01:00:00+03:00"},
    ]
    build(records, now=datetime(2025, 4, 30, 12, tzinfo=UTC))

    for day in ("2025-04-24", "2025-04-25"):
        found = answer(cast, "recorded_hours", f"{day}..{day}", on=APRIL)
        assert total_of(found, "recorded_hours")["billable"] == D("6.00")
        capacity = answer(cast, "available_hours", f"{day}..{day}", on=APRIL)
        assert total_of(capacity, "available_hours")["total"] == D("16.00")
    lag = answer(cast, "capture", "2025-04", on=APRIL)
    assert total_of(lag, "capture")["entry_lag"] == D("0.0")


def test_case_8_a_settled_negative_line_shows_nothing_collected(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("april"), now=datetime(2025, 4, 30, 16, tzinfo=UTC))

    fees = rows_of(answer(cast, "billed", "2025-04", on=APRIL, dimensions=("timekeeper",)), "billed")
    collected = rows_of(answer(cast, "collected", "2025-04", on=APRIL, dimensions=("timekeeper",)), "collected")

    assert (fees[ADA]["fees"], fees[BEN]["fees"]) == (D("1000.00"), D("-200.00"))
    assert collected[ADA]["fees"] == D("800.00")
    assert collected.get(BEN, {"fees": D(0)})["fees"] == D(0)


def test_case_17_work_without_a_matter_is_recorded_and_never_unbilled(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    records["activities"][5] |= {"non_billable": False, "total": 900.0, "non_billable_total": 0.0}
    build(records)

    hours = rows_of(answer(cast, "recorded_hours", dimensions=("matter",)), "recorded_hours")
    unbilled = rows_of(answer(cast, "unbilled", dimensions=("matter",)), "unbilled")

    assert hours[None]["billable"] == D("3.00")
    assert None not in unbilled
    assert total_of(answer(cast, "unbilled"), "unbilled")["fees"] == D("3300.00")


def test_case_18_money_for_no_matter_fills_a_bills_matters_by_id(cast: Any, build: Callable[..., Any]) -> None:
    """570 and, less 114, 700 of which the second matter takes its 300: the first had what it owes by then."""
    build(golden("april"), now=datetime(2025, 4, 30, 16, tzinfo=UTC))

    on_the_28th = rows_of(
        answer(cast, "receivable", "2025-04-01..2025-04-28", on=APRIL, dimensions=("matter",)), "receivable"
    )

    assert {matter: items["total"] for matter, items in on_the_28th.items()} == {301: D("384.00"), 302: D("300.00")}


def test_case_20_somebody_who_left_keeps_a_history_and_a_name(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    records["users"][1]["enabled"] = False
    build(records)

    found = answer(cast, "recorded_hours", "2025-02-01..2025-03-31", dimensions=("timekeeper",))

    (row,) = [row for row in found.rows if row.keys == (BEN,)]
    assert (row.labels, row.figures["recorded_hours.total"]) == (("Ben Brook (inactive)",), D("6.00"))
    capacity = rows_of(answer(cast, "available_hours", dimensions=("timekeeper",)), "available_hours")
    assert capacity[BEN]["total"] == D("48.00")  # until the last entry, on the 10th


def test_case_23_hours_billed_stay_when_clio_rounds_another_way(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    records["activities"][0]["rounded_quantity"] = 40_000.0
    build(records)

    assert total_of(answer(cast, "billed_hours"), "billed_hours")["total"] == D("14.00")
    hours = total_of(answer(cast, "recorded_hours", "2025-02"), "recorded_hours")
    assert hours["billable"] == D("15.11")  # 40,000 s and 4 h


def test_case_26_contingency_shows_hours_and_expenses_and_no_unbilled_time(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    records["matters"][0]["billing_method"] = "contingency"
    records["bills"][0]["state"] = "draft"
    records["allocations"], records["credit_memos"] = [], []
    build(records)

    unbilled = rows_of(answer(cast, "unbilled", dimensions=("matter",)), "unbilled")
    hours = rows_of(answer(cast, "recorded_hours", "2025-02-01..2025-03-31", dimensions=("matter",)), "recorded_hours")

    assert (unbilled[301]["fees"], unbilled[301]["expenses"]) == (D("0.00"), D("400.00"))
    assert hours[301]["billable"] == D("20.00")


def test_case_34_figures_stay_with_their_time_while_clio_is_away(
    cast: Any, build: Callable[..., Any], api: Callable[[Any], Client], records: Records
) -> None:
    build(records)
    address = f"/api/v1/firms/{cast.firm.public_id}/query"
    asked = {"metrics": "billed", "period": "2025-03"}
    with time_machine.travel(NOON, tick=False):
        before = api(cast.owner).get(address, asked).json()
    with time_machine.travel(datetime(2025, 4, 5, 12, tzinfo=UTC), tick=False):
        later = api(cast.owner).get(address, asked).json()

    assert later["total"] == before["total"]
    assert later["last_synced_at"] == before["last_synced_at"] is not None
