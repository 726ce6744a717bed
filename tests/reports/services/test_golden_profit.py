"""kpis.md section 9: cost rates and what matters and people bring, on the golden fixture of March."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.access import Extra
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Grain, Query
from apps.reports.errors import MetricNotPermitted
from apps.reports.models import CostRate
from apps.reports.rules import kept_tables
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.save_kept_rows import remove_row
from tests.clio.mirror.writing import write
from tests.reports.asking import Items, ask, by, items_of, rows_of, total_of
from tests.reports.conftest import NOON, golden
from tests.reports.keeping import keep

pytestmark = pytest.mark.django_db
D = Decimal
MARCH = date(2025, 3, 31)
ADA, BEN, M1, M2 = 101, 102, 301, 302
RATES = (
    {"timekeeper_id": ADA, "starts_on": "2025-01-01", "pay": "180000", "benefits": "7200", "expected_hours": "1560"},
    {"timekeeper_id": BEN, "starts_on": "2025-01-01", "pay": "93600", "expected_hours": "1560"},
)


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def books(cast: Any) -> Callable[..., Any]:
    """Return a function that asks the firm of March, whose hours cost 120 and 60."""
    keep(cast, kept_tables.COST_RATES, *RATES)
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "built"

    def look(metric: str, period: str = "2025-03", **more: Any) -> Any:
        return ask(cast.firm.firm_id, metric, period=period, on=MARCH, **more)

    return look


def picked(items: Items, *names: str) -> tuple[Any, ...]:
    return tuple(items[name] for name in names)


_COLLECTED = ("collected", "cost", "collected_unrecovered", "collected_profit", "collected_margin")


def test_a_matters_profit_so_far(books: Callable[..., Any]) -> None:
    """1650 - 2160 - 200 = -710."""
    first = rows_of(books("matter_profit", **by("matter")), "matter_profit")[M1]

    assert picked(first, *_COLLECTED) == (D("1650.00"), D("2160.00"), D("200.00"), D("-710.00"), D("-43.0"))
    assert picked(first, "hours", "collected_per_hour", "uncosted_entries") == (D("20.00"), D("-35.50"), D("0"))


def test_a_matters_profit_on_other_bases(books: Callable[..., Any]) -> None:
    first = rows_of(books("matter_profit", **by("matter")), "matter_profit")[M1]

    assert picked(first, "billed", "billed_unrecovered", "billed_profit") == (D("3300.00"), D("0.00"), D("1140.00"))
    assert picked(first, "worked", "worked_unrecovered", "worked_profit") == (D("5400.00"), D("0.00"), D("3240.00"))
    assert picked(first, "billed_margin", "worked_margin") == (D("34.5"), D("60.0"))


def test_marchs_profit_by_matter(books: Callable[..., Any]) -> None:
    """1650 - 720 + 200 = 1130; -720; together 410. The three hours without a matter are out."""
    answer = books("matter_profit_of_period", **by("matter"))
    found = rows_of(answer, "matter_profit_of_period")

    assert set(found) == {M1, M2}
    assert picked(found[M1], *_COLLECTED)[:4] == (D("1650.00"), D("720.00"), D("-200.00"), D("1130.00"))
    assert picked(found[M2], *_COLLECTED) == (D("0.00"), D("720.00"), D("0.00"), D("-720.00"), None)
    assert total_of(answer, "matter_profit_of_period")["collected_profit"] == D("410.00")
    assert total_of(answer, "matter_profit_of_period")["collected_unrecovered"] == D("-200.00")


def test_months_of_profit_add_up_to_the_period(books: Callable[..., Any]) -> None:
    answer = books("matter_profit_of_period", "2025-02-01..2025-03-31", grain=Grain.MONTH)
    months = {row.keys[0]: items_of(row.figures, "matter_profit_of_period") for row in answer.rows}

    assert months["2025-02-01"]["collected_profit"] == D("-1840.00")  # 1440 of hours, 400 spent
    assert months["2025-03-01"]["collected_profit"] == D("410.00")
    assert total_of(answer, "matter_profit_of_period")["collected_profit"] == D("-1430.00")


def test_what_an_hour_costs_and_what_nobody_worked(books: Callable[..., Any]) -> None:
    """March: Ada 14 hours at 120, Ben 2 at 60; a year's 280,800 runs at 769.32 a day."""
    found = total_of(books("cost_rates"), "cost_rates")

    assert picked(found, "rate", "absorbed", "cost", "unabsorbed", "uncosted_entries") == (
        D("112.50"),
        D("1800.00"),
        D("23848.77"),
        D("22048.77"),
        D("0"),
    )
    people = rows_of(books("cost_rates", **by("timekeeper")), "cost_rates")
    assert {key: items["rate"] for key, items in people.items()} == {ADA: D("120.00"), BEN: D("60.00")}


def test_a_years_cost_is_whole_over_its_days(cast: Any, books: Callable[..., Any]) -> None:
    answer = ask(cast.firm.firm_id, "cost_rates", period="2025-01-01..2025-12-31", on=date(2025, 12, 31))

    assert total_of(answer, "cost_rates")["cost"] == D("280800.00")


def test_days_of_a_leap_year_are_added_before_they_are_rounded(cast: Any, books: Callable[..., Any]) -> None:
    """61 of 366 days of 180000.03 are 3000000.5 cents."""
    keep(cast, kept_tables.EMPLOYMENTS, {"timekeeper_id": BEN, "starts_on": "2024-01-01"})
    year = {"timekeeper_id": BEN, "starts_on": "2024-01-01", "pay": "180000.03", "expected_hours": "1560"}
    keep(cast, kept_tables.COST_RATES, year)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    found = total_of(books("cost_rates", period="2024-03-01..2024-04-30"), "cost_rates")

    assert found["cost"] == D("30000.01")


def test_a_persons_contribution_and_leverage(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.WORKING_TIMES, {"timekeeper_id": ADA, "starts_on": "2025-01-01", "is_partner": True})
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    found = total_of(books("contribution"), "contribution")
    people = rows_of(books("contribution", **by("timekeeper")), "contribution")

    assert picked(found, "collected", "cost", "contribution", "leverage") == (
        D("1650.00"),
        D("1800.00"),
        D("-150.00"),
        D("14.3"),
    )
    assert {key: items["contribution"] for key, items in people.items()} == {ADA: D("-330.00"), BEN: D("180.00")}


def test_a_partner_is_one_from_the_day_on(cast: Any, books: Callable[..., Any]) -> None:
    """Of Ada's 6, 5 and 3 hours of March the last two are a partner's; Ben's 2 are nobody's."""
    rows = ({"starts_on": "2025-03-06", "is_partner": True}, {"starts_on": "2025-03-20", "fte": "0.5"})
    keep(cast, kept_tables.WORKING_TIMES, *({"timekeeper_id": ADA, **row} for row in rows))
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    assert total_of(books("contribution"), "contribution")["leverage"] == D("100.0")
    assert total_of(books("contribution", period="2025-03-01..2025-03-05"), "contribution")["leverage"] is None
    assert total_of(books("contribution", period="2025-03-06..2025-03-31"), "contribution")["leverage"] == D("25.0")


def test_a_job_title_makes_a_partner_until_the_firm_says_otherwise(cast: Any, build: Callable[..., Any]) -> None:
    records = golden("march")
    next(user for user in records["users"] if user["id"] == ADA)["job_title"] = {"id": 1, "name": "Managing Partner"}
    build(records)
    keep(cast, kept_tables.WORKING_TIMES, {"timekeeper_id": ADA, "starts_on": "2025-03-07", "is_partner": False})
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    answer = ask(cast.firm.firm_id, "contribution", period="2025-03", on=MARCH)
    assert total_of(answer, "contribution")["leverage"] == D("45.5")  # (3 + 2) / (6 + 5)

    for day in ("2025-03-05", "2025-03-06"):
        keep(
            cast, kept_tables.WORKING_TIMES, {"timekeeper_id": ADA, "starts_on": day, "is_partner": day > "2025-03-05"}
        )
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)
    answer = ask(cast.firm.firm_id, "contribution", period="2025-03", on=MARCH)
    assert total_of(answer, "contribution")["leverage"] == D("220.0")  # (6 + 3 + 2) / 5


def test_a_day_to_come_arrives_whether_the_ledger_is_built_by_parts_or_whole(
    cast: Any, books: Callable[..., Any]
) -> None:
    """Ben is to be a partner in April; of his April hours alone it makes a partner's."""
    firm, april = cast.firm, date(2025, 4, 30)
    keep(cast, kept_tables.WORKING_TIMES, {"timekeeper_id": BEN, "starts_on": "2025-04-10", "is_partner": True})
    rebuild_ledger(firm_id=firm.firm_id, now=NOON)
    with tenant(firm.firm_id), connection.cursor() as cursor:  # from here on changes are noted
        cursor.execute("UPDATE clio_mirror_versions SET forgotten_version = 0")
    entry = {"type": "TimeEntry", "quantity": 7200, "rounded_quantity": 7200, "total": 300, "user": {"id": BEN}}
    write(firm, "activities", entry | {"id": 1101, "date": "2025-04-09"}, entry | {"id": 1102, "date": "2025-04-11"})
    later = datetime(2025, 4, 30, 16, tzinfo=UTC)

    def leverage() -> Any:
        return total_of(ask(firm.firm_id, "contribution", period="2025-04", on=april), "contribution")["leverage"]

    built = rebuild_ledger(firm_id=firm.firm_id, now=later)
    assert (built.status, built.is_whole) == ("built", False)
    by_parts = leverage()
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_ledger_state SET revision = 0")
    assert rebuild_ledger(firm_id=firm.firm_id, now=later).is_whole

    assert (by_parts, leverage()) == (D("100.0"), D("100.0"))


def test_hours_without_a_cost_rate_make_the_figure_incomplete(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.COST_RATES, {**RATES[0], "starts_on": "2025-02-01"})
    assert books("matter_profit").incomplete == ()

    with tenant(cast.firm.firm_id):
        ids = list(CostRate.objects.filter(timekeeper_id=BEN).values_list("pk", flat=True))
    for row_id in ids:
        remove_row(
            firm_id=cast.firm.firm_id,
            actor_id=cast.owner.pk,
            table=kept_tables.COST_RATES,
            row_id=row_id,
            if_version=None,
            now=NOON,
        )
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    answer = books("matter_profit", **by("matter"))
    assert answer.incomplete == ("matter_profit",)
    assert {key: items["uncosted_entries"] for key, items in rows_of(answer, "matter_profit").items()} == {
        M1: D("1"),
        M2: D("1"),
    }


@pytest.mark.parametrize("metric", ["matter_profit", "matter_profit_of_period", "cost_rates", "contribution"])
def test_profit_needs_its_permission(cast: Any, books: Callable[..., Any], metric: str) -> None:
    firm_id = cast.firm.firm_id
    with tenant(firm_id), pytest.raises(MetricNotPermitted):
        compute_answer(
            scope=Scope.whole_firm(firm_id),
            query=Query((metric,), "2025-03"),
            now=NOON,
            permissions=frozenset(Extra) - {Extra.COST_AND_PROFIT},
        )


def test_profit_in_a_scope(cast: Any, books: Callable[..., Any]) -> None:
    """Ben's own rows, and a grant of Litigation."""
    ben = Scope(cast.firm.firm_id, ScopeKind.SELF, BEN)
    area = Scope(cast.firm.firm_id, ScopeKind.SUBSET, None, (Grant(practice_area_ids=(401,)),))

    own = total_of(books("matter_profit", scope=ben), "matter_profit")
    assert picked(own, "collected", "cost") == (D("300.00"), D("360.00"))
    litigation = rows_of(books("matter_profit", scope=area, **by("practice_area")), "matter_profit")
    assert {key: items["collected_profit"] for key, items in litigation.items()} == {401: D("-710.00")}
