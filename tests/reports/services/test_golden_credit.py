"""Credit for the fees of the golden March, alone, shared, ended and past its sunset, and how the firm splits them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.scope import Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.rules import kept_tables
from tests.reports.asking import Items, ask, by, rows_of, total_of
from tests.reports.conftest import golden
from tests.reports.keeping import keep

pytestmark = pytest.mark.django_db
D = Decimal
MARCH = date(2025, 3, 31)
ADA, BEN, M1, C1 = 101, 102, 301, 201


@pytest.fixture
def cast(cast_of_march: Any) -> Any:
    """The cast of every test here: its firm has the golden month."""
    return cast_of_march


@pytest.fixture
def books(cast: Any) -> Callable[..., Any]:

    def look(metric: str, period: str = "2025-03", **more: Any) -> Any:
        return ask(cast.firm.firm_id, metric, period=period, on=MARCH, **more)

    return look


def split(person: int, percent: str, **more: Any) -> dict[str, Any]:
    return {
        "role": "originating",
        "matter_id": M1,
        "timekeeper_id": person,
        "starts_on": "2025-01-01",
        "percent": percent,
        **more,
    }


def originated(books: Callable[..., Any]) -> dict[Any, Any]:
    answer = books("credit", **by("timekeeper"))
    assert total_of(answer, "credit")["originating"] == D("1650.00")
    found = {key: items["originating"] for key, items in rows_of(answer, "credit").items()}
    return {key: amount for key, amount in found.items() if amount}


def test_origination_of_one_attorney(books: Callable[..., Any]) -> None:
    """1,650 came in on M1, whose originator is Ada; 1,350 of it on her own work."""
    found = rows_of(books("credit", **by("timekeeper")), "credit")

    assert (found[ADA]["originating"], found[ADA]["produced"]) == (D("1650.00"), D("1350.00"))
    assert found[ADA]["originating_billed"] == D("3300.00")
    assert (found[BEN]["originating"], found[BEN]["produced"]) == (D("0.00"), D("300.00"))


def test_a_matter_is_shared(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.CREDIT_SPLITS, split(ADA, "66.6667"), split(BEN, "33.3333"))

    assert originated(books) == {ADA: D("1100.00"), BEN: D("550.00")}


def test_a_matters_shares_win_over_its_clients(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.CREDIT_SPLITS, split(BEN, "100", matter_id=None, client_id=C1))
    assert originated(books) == {BEN: D("1650.00")}

    keep(cast, kept_tables.CREDIT_SPLITS, split(ADA, "100"))
    assert originated(books) == {ADA: D("1650.00")}


def test_an_ended_division_gives_way_to_clio(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.CREDIT_SPLITS, split(BEN, "100", ends_on="2025-03-23"))
    assert originated(books) == {ADA: D("1650.00")}

    keep(cast, kept_tables.CREDIT_SPLITS, split(BEN, "100", ends_on="2025-03-24"))
    assert originated(books) == {BEN: D("1650.00")}


def test_after_its_sunset_a_share_is_nobodys(cast: Any, books: Callable[..., Any]) -> None:
    """The payment is of 24 March."""
    keep(cast, kept_tables.CREDIT_SPLITS, split(ADA, "60"), split(BEN, "40", sunset_on="2025-03-23"))
    assert originated(books) == {ADA: D("990.00"), None: D("660.00")}

    keep(cast, kept_tables.CREDIT_SPLITS, split(BEN, "40", sunset_on="2025-03-24"))
    assert originated(books) == {ADA: D("990.00"), BEN: D("660.00")}


def test_the_share_clio_tells(cast: Any, books: Callable[..., Any]) -> None:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_matter SET originating_share = 80 WHERE matter_id = %s", [M1])

    assert originated(books) == {ADA: D("1320.00"), None: D("330.00")}


def test_opened_matters_count_for_each_who_shares_them(cast: Any, books: Callable[..., Any]) -> None:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_matter SET opened_on = '2025-03-02'")
    keep(cast, kept_tables.CREDIT_SPLITS, split(ADA, "50"), split(BEN, "50"))
    answer = books("credit", **by("timekeeper"))
    found = rows_of(answer, "credit")

    assert (found[BEN]["originating_matters"], found[BEN]["responsible_matters"]) == (D("1"), D("0"))
    assert total_of(answer, "credit")["originating_matters"] == D("2")
    assert total_of(answer, "credit")["responsible_matters"] == D("2")


def test_credit_in_ones_own_scope(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.CREDIT_SPLITS, split(ADA, "50"), split(BEN, "50"))
    ben = Scope(cast.firm.firm_id, ScopeKind.SELF, BEN)

    found = rows_of(books("credit", scope=ben, **by("timekeeper")), "credit")

    assert {key: items["originating"] for key, items in found.items()} == {BEN: D("825.00")}


def parts(items: Items) -> tuple[Any, ...]:
    return tuple(items[name] for name in ("worked", "originating", "responsible", "firm"))


def test_without_percentages_all_fees_are_the_firms(books: Callable[..., Any]) -> None:
    assert parts(total_of(books("fee_split"), "fee_split")) == (D("0.00"), D("0.00"), D("0.00"), D("1650.00"))


def test_fees_are_split_by_the_firms_percentages(cast: Any, books: Callable[..., Any]) -> None:
    keep(
        cast,
        kept_tables.FEE_SPLITS,
        {"starts_on": "2025-01-01", "worked": "40", "originating": "20", "responsible": "10"},
        {"starts_on": "2025-03-25", "worked": "100"},
    )
    answer = books("fee_split", **by("timekeeper"))
    found = rows_of(answer, "fee_split")

    assert parts(total_of(answer, "fee_split")) == (D("660.00"), D("330.00"), D("165.00"), D("495.00"))
    assert parts(found[ADA]) == (D("540.00"), D("330.00"), D("165.00"), D("0.00"))
    assert parts(found[BEN]) == (D("120.00"), D("0.00"), D("0.00"), D("0.00"))
    assert (found[None]["firm"], found[None]["total"]) == (D("495.00"), D("0.00"))


def test_every_split_leads_to_its_allocation(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.FEE_SPLITS, {"starts_on": "2025-01-01", "worked": "40"})
    paid = [each["id"] for each in golden("march")["allocations"] if each["parent"]["type"] != "CreditMemo"]

    found = rows_of(books("fee_split", **by("allocation")), "fee_split")

    assert {key: parts(items) for key, items in found.items()} == {
        paid[0]: (D("660.00"), D("0.00"), D("0.00"), D("990.00"))
    }


def test_what_nobody_is_credited_with_is_the_firms(cast: Any, books: Callable[..., Any]) -> None:
    keep(cast, kept_tables.FEE_SPLITS, {"starts_on": "2025-01-01", "worked": "40", "originating": "20"})
    keep(cast, kept_tables.CREDIT_SPLITS, split(ADA, "75"), split(BEN, "25", sunset_on="2025-03-01"))

    assert parts(total_of(books("fee_split"), "fee_split")) == (D("660.00"), D("247.50"), D("0.00"), D("742.50"))
