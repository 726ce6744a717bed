"""Forecasts are kept once a quarter as they were made, and scored when their 13 weeks are over (K45)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.scope import Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.models import ForecastWeekKept
from apps.reports.services.compute_forecast import compute_forecast
from apps.reports.services.keep_forecasts import keep_forecasts
from tests.reports.api.test_forecast import a_steady_firm
from tests.reports.conftest import Records
from tests.reports.mirror import fill_mirror

pytestmark = pytest.mark.django_db
MADE = datetime(2025, 3, 31, 12, tzinfo=UTC)
LAST_DAY = datetime(2025, 6, 30, 12, tzinfo=UTC)
AFTER = datetime(2025, 7, 1, 12, tzinfo=UTC)


def kept(firm_id: int, **more: Any) -> list[ForecastWeekKept]:
    with tenant(firm_id):
        return list(ForecastWeekKept.objects.filter(firm_id=firm_id, **more).order_by("made_on", "starts_on"))


def paid_since(records: Records) -> Records:
    """The bill of March was paid on 9 April, on its 30th day, and 250 more came in for April's own bill."""
    last = records["bills"][-1]
    paid = records["allocations"][-1]
    april = {**last, "id": 5900, "issued_at": "2025-04-10", "due": 250}
    line = {**records["line_items"][-1], "id": 6900, "bill": {"id": 5900}, "sub_total": 250, "total": 250}
    records["bills"].append(april)
    records["line_items"].append(line)
    for number, (bill, amount, on) in enumerate([(last["id"], 1000, "2025-04-09"), (5900, 250, "2025-05-10")]):
        own = {"id": 7900 + number, "bill": {"id": bill}, "amount": amount, "date": on}
        records["allocations"].append({**paid, **own, "parent": {"id": 8900 + number, "type": "Payment"}})
    return records


def test_keeps_a_quarters_forecast_as_it_was_made(cast: Any, build: Callable[..., Any]) -> None:
    build(a_steady_firm())
    firm_id = cast.firm.firm_id

    assert keep_forecasts(firm_id=firm_id, now=MADE) == 1

    weeks = kept(firm_id)
    assert [(week.made_on, week.currency, week.method_version) for week in weeks] == [
        (date(2025, 3, 31), "USD", 2)
    ] * 13
    assert [week.starts_on for week in weeks] == [date(2025, 4, 1) + timedelta(days=7 * at) for at in range(13)]
    assert {at: week.from_receivables for at, week in enumerate(weeks, 1) if week.from_receivables} == {2: 100000}
    assert {at: week.from_unbilled for at, week in enumerate(weeks, 1) if week.from_unbilled} == {6: 30000}
    assert [(week.total, week.low, week.high) for week in weeks[1:2]] == [(100000, 100000, 100000)]
    assert {week.came_in for week in weeks} == {None}


def test_twice_in_a_quarter_is_once(cast: Any, build: Callable[..., Any]) -> None:
    build(a_steady_firm())

    made = [keep_forecasts(firm_id=cast.firm.firm_id, now=MADE - timedelta(days=days)) for days in (80, 3, 0)]

    assert made == [1, 0, 0]
    assert {week.made_on for week in kept(cast.firm.firm_id)} == {date(2025, 1, 10)}


def test_scores_when_the_weeks_are_over(cast: Any, build: Callable[..., Any]) -> None:
    """Of April's bill nothing was there on the day but the 300 of work, which nobody billed: its 250 do not count."""
    build(a_steady_firm())
    firm_id = cast.firm.firm_id
    keep_forecasts(firm_id=firm_id, now=MADE)
    build(paid_since(a_steady_firm()), now=LAST_DAY)

    assert keep_forecasts(firm_id=firm_id, now=LAST_DAY) == 1  # the next quarter's own
    assert {week.came_in for week in kept(firm_id)} == {None}

    assert keep_forecasts(firm_id=firm_id, now=AFTER) == 2  # scored one, and the third quarter's own
    weeks = kept(firm_id, made_on=MADE.date())
    assert {at: week.came_in for at, week in enumerate(weeks, 1) if week.came_in} == {2: 100000}
    assert {week.scored_at for week in weeks} == {AFTER}
    assert {week.total for week in weeks} == {0, 100000, 30000}
    assert keep_forecasts(firm_id=firm_id, now=AFTER) == 0


def test_past_accuracy_reads_what_was_kept(
    cast: Any, build: Callable[..., Any], api: Callable[[Any], APIClient]
) -> None:
    build(a_steady_firm())
    firm_id = cast.firm.firm_id
    keep_forecasts(firm_id=firm_id, now=MADE)
    fill_mirror(firm_id, a_steady_firm())
    build(paid_since(a_steady_firm()), now=AFTER)
    keep_forecasts(firm_id=firm_id, now=AFTER)

    with tenant(firm_id, read_only=True):
        whole = compute_forecast(scope=Scope.whole_firm(firm_id), currency="", now=AFTER)
        own = compute_forecast(scope=Scope(firm_id, ScopeKind.SELF, 101), currency="", now=AFTER)

    assert [(x.made_on, str(x.expected), str(x.came_in), x.is_back_test, x.method_version) for x in whole.past] == [
        (date(2025, 3, 31), "1300.00", "1000.00", False, 2)
    ]
    assert len(own.past) == 4
    assert {each.is_back_test for each in own.past} == {True}


def test_keeps_nothing_of_a_firm_with_less_than_a_year(cast: Any, build: Callable[..., Any]) -> None:
    build(a_steady_firm((2024, 5)))

    assert keep_forecasts(firm_id=cast.firm.firm_id, now=MADE) == 0
    assert kept(cast.firm.firm_id) == []


def test_a_firm_without_a_ledger_has_none(cast: Any) -> None:
    assert keep_forecasts(firm_id=cast.firm.firm_id, now=MADE) == 0


def test_contingency_time_is_neither_expected_nor_counted(cast: Any, build: Callable[..., Any]) -> None:
    """The work of 20 March turns to a contingency matter; its 300 are billed and paid in May all the same."""
    records = a_steady_firm()
    records["matters"][0]["billing_method"] = "contingency"
    entry = records["activities"][0]
    bill = {**records["bills"][-1], "id": 5900, "issued_at": "2025-04-10", "due": 300}
    line = {**records["line_items"][-1], "id": 6900, "bill": {"id": 5900}, "sub_total": 300, "total": 300}
    paid = {**records["allocations"][-1], "id": 7900, "bill": {"id": 5900}, "amount": 300, "date": "2025-05-10"}
    records["bills"].append(bill)
    records["line_items"].append({**line, "type": "ActivityLineItem", "activity": {"id": entry["id"]}})
    records["allocations"].append({**paid, "parent": {"id": 8900, "type": "Payment"}})
    entry["bill"] = {"id": 5900}
    build(records)
    firm_id = cast.firm.firm_id
    keep_forecasts(firm_id=firm_id, now=MADE)
    keep_forecasts(firm_id=firm_id, now=AFTER)

    weeks = kept(firm_id, made_on=MADE.date())
    assert {week.from_unbilled for week in weeks} == {0}
    assert {week.came_in for week in weeks} == {0}
