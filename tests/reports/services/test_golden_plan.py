"""Targets beside the golden March, whole and under way."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Firm
from apps.accounts.services.set_target_hours import set_target_hours
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Grain, Order
from apps.reports.rules import kept_tables
from tests.reports.asking import Items, ask, by, items_of, rows_of, total_of
from tests.reports.conftest import NOON
from tests.reports.keeping import keep

pytestmark = pytest.mark.django_db
D = Decimal
MARCH, TENTH = date(2025, 3, 31), date(2025, 3, 10)
ADA, BEN, LITIGATION = 101, 102, 401


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def books(cast: Any) -> Callable[..., Any]:
    set_target_hours(
        firm_id=cast.firm.firm_id,
        actor_id=cast.owner.pk,
        timekeeper_id=ADA,
        starts_on=date(2025, 1, 1),
        monthly_hours=D(105),
        now=NOON,
    )

    def look(metric: str, *, on: date = MARCH, period: str = "2025-03", **more: Any) -> Any:
        return ask(cast.firm.firm_id, metric, period=period, on=on, **more)

    return look


def attainment(books: Callable[..., Any], **more: Any) -> Items:
    return total_of(books("target_attainment", **more), "target_attainment")


def test_a_month_that_is_over(books: Callable[..., Any]) -> None:
    assert attainment(books) == {
        "attainment": D("10.5"),
        "pace": D("10.5"),
        "hours": D("11.00"),
        "target": D("105.00"),
        "target_to_date": D("105.00"),
        "needed_per_day": None,
    }


def test_a_month_under_way(books: Callable[..., Any]) -> None:
    """Six of 21 working days are over, today counted; 94 hours lack on 15 days."""
    assert attainment(books, on=TENTH) == {
        "attainment": D("10.5"),
        "pace": D("36.7"),
        "hours": D("11.00"),
        "target": D("105.00"),
        "target_to_date": D("30.00"),
        "needed_per_day": D("6.27"),
    }


def test_a_part_of_a_month_takes_its_working_days(books: Callable[..., Any]) -> None:
    found = attainment(books, period="2025-03-01..2025-03-07")

    assert (found["target"], found["attainment"]) == (D("25.00"), D("44.0"))


def test_a_holiday_is_no_working_day(cast: Any, books: Callable[..., Any]) -> None:
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(holidays={"2025-03-17": "St Patrick's"})

    assert attainment(books, on=TENTH)["target_to_date"] == D("31.50")


def test_a_month_without_working_days_is_spread_over_all_of_them(cast: Any, books: Callable[..., Any]) -> None:
    with tenant(cast.firm.firm_id):
        Firm.objects.filter(pk=cast.firm.firm_id).update(
            holidays={f"2025-03-{day:02d}": "closed" for day in range(1, 32)}
        )

    assert attainment(books, period="2025-03-01..2025-03-10", on=MARCH)["target"] == D("33.87")


def test_weeks_of_a_month_under_way(books: Callable[..., Any]) -> None:
    answer = books("target_attainment", on=TENTH, grain=Grain.WEEK)
    weeks = {row.keys[0]: items_of(row.figures, "target_attainment") for row in answer.rows}

    assert list(weeks) == ["2025-02-24", "2025-03-03", "2025-03-10"]
    assert (weeks["2025-03-03"]["target"], weeks["2025-03-03"]["hours"]) == (D("25.00"), D("11.00"))
    this_week = weeks["2025-03-10"]
    assert (this_week["target"], this_week["target_to_date"], this_week["needed_per_day"]) == (
        D("25.00"),
        D("5.00"),
        D("6.25"),
    )


def test_people_without_a_target_leave_both_sides(books: Callable[..., Any]) -> None:
    found = rows_of(books("target_attainment", period="2025-02", **by("timekeeper")), "target_attainment")

    assert (found[ADA]["hours"], found[ADA]["attainment"]) == (D("10.00"), D("9.5"))
    assert BEN not in found  # his four hours are on nobody's plan
    assert attainment(books, period="2025-02")["hours"] == D("10.00")


def test_targets_in_a_scope(cast: Any, books: Callable[..., Any]) -> None:
    firm_id = cast.firm.firm_id
    area = Scope(firm_id, ScopeKind.SUBSET, None, (Grant(practice_area_ids=(LITIGATION,)),))

    assert attainment(books, scope=Scope(firm_id, ScopeKind.SELF, ADA))["target"] == D("105.00")
    assert attainment(books, scope=Scope(firm_id, ScopeKind.SELF, BEN))["target"] == D("0.00")
    assert set(attainment(books, scope=area).values()) == {None}


def target(measure: str, amount: str, **subject: Any) -> dict[str, Any]:
    return {"month": "2025-03", "measure": measure, "amount": amount, **subject}


@pytest.fixture
def plan(cast: Any, books: Callable[..., Any]) -> Callable[..., Any]:
    keep(
        cast,
        kept_tables.TARGETS,
        target("hours", "21"),
        target("billed", "4000"),
        target("collected", "2000"),
        target("new_matters", "2"),
        target("billed", "3500", timekeeper_id=ADA),
        target("billed", "400", timekeeper_id=BEN),
        target("collected", "1500", practice_area_id=LITIGATION),
        target("billed", "9999", currency="CAD"),
    )
    return books


def picked(items: Items, *names: str) -> tuple[Any, ...]:
    return tuple(items[name] for name in names)


_BILLED = ("billed", "billed_target", "billed_variance", "billed_percent")


def test_the_firms_plan(plan: Callable[..., Any]) -> None:
    found = total_of(plan("plan_variance"), "plan_variance")

    assert picked(found, *_BILLED) == (D("3700.00"), D("4000.00"), D("-300.00"), D("-7.5"))
    assert picked(found, "hours", "hours_variance", "hours_percent") == (D("11.00"), D("-10.00"), D("-47.6"))
    assert picked(found, "collected", "collected_variance", "collected_percent") == (
        D("1850.00"),
        D("-150.00"),
        D("-7.5"),
    )
    assert picked(found, "new_matters", "new_matters_target", "new_matters_percent") == (D("0"), D("2"), D("-100.0"))


def test_a_plan_under_way_is_cut_at_today(plan: Callable[..., Any]) -> None:
    found = total_of(plan("plan_variance", on=date(2025, 3, 11)), "plan_variance")  # 7 of 21 working days

    assert picked(found, *_BILLED) == (D("3700.00"), D("1333.33"), D("2366.67"), D("177.5"))


def test_peoples_plans(plan: Callable[..., Any]) -> None:
    answer = plan("plan_variance", **by("timekeeper"))
    found = rows_of(answer, "plan_variance")

    assert picked(found[ADA], *_BILLED) == (D("3100.00"), D("3500.00"), D("-400.00"), D("-11.4"))
    assert picked(found[BEN], *_BILLED) == (D("600.00"), D("400.00"), D("200.00"), D("50.0"))
    assert picked(found[ADA], "hours", "hours_target") == (D("11.00"), D("105.00"))
    assert total_of(answer, "plan_variance")["billed_target"] == D("3900.00")


def test_plans_of_practice_areas(plan: Callable[..., Any]) -> None:
    found = rows_of(plan("plan_variance", **by("practice_area")), "plan_variance")

    assert picked(found[LITIGATION], "collected", "collected_target") == (D("1850.00"), D("1500.00"))


def test_a_plan_in_another_currency(plan: Callable[..., Any]) -> None:
    found = total_of(plan("plan_variance", currency="CAD"), "plan_variance")

    assert picked(found, "billed", "billed_target") == (D("0.00"), D("9999.00"))


def test_ones_own_plan(cast: Any, plan: Callable[..., Any]) -> None:
    """Who does not see the firm is shown no plan of the firm's."""
    ben = Scope(cast.firm.firm_id, ScopeKind.SELF, BEN)

    assert picked(total_of(plan("plan_variance", scope=ben), "plan_variance"), *_BILLED)[:2] == (
        D("600.00"),
        D("400.00"),
    )


def test_colleagues_work_on_ones_own_matters_is_not_set_against_ones_own_target(
    cast: Any, plan: Callable[..., Any]
) -> None:
    """Ada is responsible for M1, so she sees Ben's 600 on it; her plan is about her 3100."""
    ada = Scope(cast.firm.firm_id, ScopeKind.SELF, ADA)
    found = total_of(plan("plan_variance", scope=ada), "plan_variance")

    assert picked(found, *_BILLED) == (D("3100.00"), D("3500.00"), D("-400.00"), D("-11.4"))
    assert picked(found, "hours", "hours_target", "new_matters_target") == (D("11.00"), D("105.00"), None)


def test_parts_of_a_persons_work_are_on_no_plan(cast: Any, plan: Callable[..., Any]) -> None:
    """Of Ada only the litigation is seen, of Ben everything."""
    grants = Grant(timekeeper_ids=(BEN,)), Grant(timekeeper_ids=(ADA,), practice_area_ids=(LITIGATION,))
    scope = Scope(cast.firm.firm_id, ScopeKind.SUBSET, None, grants)

    for more in ({}, by("timekeeper")):
        found = total_of(plan("plan_variance", scope=scope, **more), "plan_variance")
        assert picked(found, *_BILLED) == (D("600.00"), D("400.00"), D("200.00"), D("50.0"))


def test_a_practice_area_seen_wholly_has_its_plan(cast: Any, plan: Callable[..., Any]) -> None:
    names = ("collected", "collected_target", "collected_variance", "collected_percent")
    wholly = Scope(cast.firm.firm_id, ScopeKind.SUBSET, None, (Grant(practice_area_ids=(LITIGATION,)),))
    partly = Grant(practice_area_ids=(LITIGATION,), timekeeper_ids=(ADA,))

    found = total_of(plan("plan_variance", scope=wholly), "plan_variance")
    assert picked(found, *names) == (D("1850.00"), D("1500.00"), D("350.00"), D("23.3"))
    found = total_of(
        plan("plan_variance", scope=Scope(cast.firm.firm_id, ScopeKind.SUBSET, None, (partly,))), "plan_variance"
    )
    assert picked(found, *names) == (D("0.00"), None, None, None)


def test_who_has_no_target_is_in_no_variance(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.TARGETS, target("billed", "3500", timekeeper_id=ADA))
    answer = books("plan_variance", **by("timekeeper"))

    assert picked(rows_of(answer, "plan_variance")[BEN], *_BILLED) == (D("600.00"), None, None, None)
    assert picked(total_of(answer, "plan_variance"), *_BILLED) == (
        D("3700.00"),
        D("3500.00"),
        D("-400.00"),
        D("-11.4"),
    )


def test_a_month_to_come_has_no_target_yet(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.TARGETS, {"month": "2025-04", "measure": "billed", "amount": "10"})

    found = total_of(books("plan_variance", period="2025-03-01..2025-04-30"), "plan_variance")

    assert picked(found, *_BILLED) == (D("3700.00"), None, None, None)


def test_who_has_no_target_sorts_last_either_way(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.TARGETS, target("billed", "3500", timekeeper_id=ADA))

    for name in ("billed_target", "billed_variance", "billed_percent"):
        for descending in (True, False):
            order = Order(f"plan_variance.{name}", descending)
            answer = books("plan_variance", order=order, **by("timekeeper"))
            assert [row.keys[0] for row in answer.rows] == [ADA, BEN], (name, descending)


def test_parts_of_targets_are_added_before_they_are_rounded(cast: Any, books: Callable[..., Any]) -> None:
    """One of 22 working days, of April and of May: (2200010 + 2200010 + 2200013) / 22 is 300001.5 cents."""
    amounts = ((ADA, "2025-04", "22000.10"), (ADA, "2025-05", "22000.10"), (BEN, "2025-05", "22000.13"))
    rows = [{**target("billed", amount, timekeeper_id=who), "month": month} for who, month, amount in amounts]
    keep(cast, kept_tables.TARGETS, *rows)

    answer = books("plan_variance", on=date(2025, 5, 31), period="2025-04-30..2025-05-01", **by("timekeeper"))

    assert total_of(answer, "plan_variance")["billed_target"] == D("3000.02")
