"""Clio's own figures beside ours: equal, or the reasons say by how much and why."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import Scope
from apps.reports.contracts import Query
from apps.reports.contracts.explanation import Cell, TieOut
from tests.reports.asking import ask, total_of
from tests.reports.comparing import scope_of
from tests.reports.conftest import golden
from tests.reports.services.test_explained_rows import explain_whole
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 31)


def tie_out_of(firm_id: int, item: str, period: str, on: date, **more: Any) -> TieOut | None:
    query = Query((item.partition(".")[0],), period, **more)
    explanation, _ = explain_whole(firm_id, Scope.whole_firm(firm_id), query, Cell(item), on)
    return explanation.tie_out


def test_the_golden_march_ties_with_its_reasons(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))
    firm_id = cast.firm.firm_id

    owed = tie_out_of(firm_id, "receivable.total", "2025-03", MARCH)
    billed = tie_out_of(firm_id, "billed.total", "2025-03", MARCH)
    collected = tie_out_of(firm_id, "collected.total", "2025-03", MARCH)

    assert owed is not None
    assert (owed.ours, owed.clios, owed.reasons, owed.unexplained) == (Decimal(1480), Decimal(1480), {}, Decimal(0))
    assert billed is not None
    assert (billed.ours, billed.clios, billed.difference) == (Decimal(3700), Decimal(3700), Decimal(0))
    assert collected is not None
    assert (collected.ours, collected.clios, collected.unexplained) == (Decimal(1850), Decimal(1850), Decimal(0))


def test_tells_tax_interest_and_overpayment_apart(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("april"), now=datetime(2025, 4, 30, 16, tzinfo=UTC))
    firm_id, april = cast.firm.firm_id, date(2025, 4, 30)

    billed = tie_out_of(firm_id, "billed.total", "2025-04", april)
    collected = tie_out_of(firm_id, "collected.total", "2025-04", april)
    owed = tie_out_of(firm_id, "receivable.total", "2025-04", april)

    assert billed is not None
    assert (billed.ours, billed.clios, billed.unexplained) == (Decimal(1100), Decimal(1152), Decimal(0))
    assert sorted(billed.reasons.values()) == [Decimal(-40), Decimal(-12)]
    assert collected is not None
    assert (collected.ours, collected.clios, collected.unexplained) == (Decimal(1100), Decimal(1168), Decimal(0))
    assert sorted(collected.reasons.values()) == [Decimal(-40), Decimal(-16), Decimal(-12)]
    assert owed is not None
    assert (owed.ours, sorted(owed.reasons.values())[-1]) == (Decimal(0), Decimal(16))


@pytest.mark.parametrize("code", ["USD", "CAD", "JPY"])
def test_wild_firms_tie_to_the_last_cent(cast: Any, code: str) -> None:
    build_wild(cast, seed=43)
    firm_id = cast.firm.firm_id
    for item, period in (("billed.total", "2024-08-05..2025-01-20"), ("collected.total", "2024-08-05..2025-01-20")):
        found = tie_out_of(firm_id, item, period, TODAY, currency=code)
        answer = ask(firm_id, item.partition(".")[0], period=period, on=TODAY, currency=code)
        assert found is not None
        assert found.ours == total_of(answer, item.partition(".")[0])["total"]
        assert found.unexplained == 0, (item, found)
    owed = tie_out_of(firm_id, "receivable.total", "2025-07-01..2025-07-15", TODAY, currency=code)
    answer = ask(firm_id, "receivable", period="2025-07-01..2025-07-15", on=TODAY, currency=code)
    assert owed is not None
    assert owed.ours == total_of(answer, "receivable")["total"]


def test_only_totals_of_the_whole_firm_are_compared(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))
    firm_id = cast.firm.firm_id
    query, part = Query(("billed",), "2025-03"), scope_of(firm_id, VIEWERS[4])

    explanation, _ = explain_whole(firm_id, part, query, Cell("billed.total"), MARCH)

    assert explanation.tie_out is None
    assert tie_out_of(firm_id, "receivable.total", "2025-02", MARCH) is None
    assert tie_out_of(firm_id, "billed.fees", "2025-03", MARCH) is None
