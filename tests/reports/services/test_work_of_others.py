"""Sums that reach further than their reader sees records: budgets and credit. What is not theirs to see is one row."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import Grant, Scope, ScopeKind
from apps.reports.contracts import Query
from apps.reports.contracts.explanation import Cell, ExplainedRow, RowKind
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.rules import kept_tables
from tests.accounts.factories import join, make_user
from tests.reports.asking import ask
from tests.reports.comparing import scope_of
from tests.reports.conftest import golden
from tests.reports.keeping import keep
from tests.reports.recompute import Viewer
from tests.reports.services.test_explained_rows import assert_adds_up, explain_whole
from tests.reports.services.test_kept_recomputed import build_kept
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY
from tests.standing import standing

pytestmark = pytest.mark.django_db
REACHING_FURTHER = ("matter_budget", "credit", "fee_split")
PERIOD = "2024-03-01..2025-03-31"
ADA, BEN, M1 = 101, 102, 301


def is_shown(row: ExplainedRow, viewer: Viewer, matters: Mapping[int, Any]) -> bool:
    """Tell whether a row is the viewer's to see by itself: as work, or as a matter."""
    matter = matters.get(row.facts.matter_id or 0)
    person = None if row.kind is RowKind.MATTER else row.facts.timekeeper_id
    if row.kind is RowKind.MATTER and viewer.kind == "subset":
        lawyers = [(matter or {}).get(name) for name in ("responsible_attorney", "originating_attorney")]
        return any(viewer.sees(lawyer and lawyer["id"], matter) for lawyer in lawyers)
    return viewer.sees(person, matter, row.facts.client_id)


kept_50 = standing(lambda cast: build_kept(cast, 50))
kept_51 = standing(lambda cast: build_kept(cast, 51))


@pytest.mark.parametrize("viewer", VIEWERS[1:], ids=lambda viewer: f"{viewer.kind}{viewer.me or viewer.grants}")
@pytest.mark.parametrize("seed", [50, 51])
def test_every_row_is_the_readers_to_see_and_the_rest_makes_the_sum(
    kept_50: Any, kept_51: Any, viewer: Viewer, seed: int
) -> None:
    cast, (books, _) = {50: kept_50, 51: kept_51}[seed]
    matters = {matter["id"]: matter for matter in books.records["matters"]}
    firm_id, scope = cast.firm.firm_id, scope_of(cast.firm.firm_id, viewer)
    for name in REACHING_FURTHER:
        answer = ask(firm_id, name, period=PERIOD, on=TODAY, scope=scope)
        assert answer.total is not None
        for item in BY_NAME[name].items:
            column = f"{name}.{item}"
            explanation, rows = explain_whole(firm_id, scope, Query((name,), PERIOD), Cell(column), TODAY)

            assert_adds_up(explanation, rows, answer.total.figures[column])
            for row in rows:
                assert row.kind is RowKind.OTHERS or is_shown(row, viewer, matters), (column, row)


@pytest.fixture
def shared(cast: Any, build: Any) -> int:
    """A firm where Ben is credited with a quarter of M1, which is Ada's, and is paid by the fee split."""
    build(golden("march"))
    parts = [(ADA, "75"), (BEN, "25")]
    keep(
        cast,
        kept_tables.CREDIT_SPLITS,
        *(
            {"role": "originating", "matter_id": M1, "timekeeper_id": who, "starts_on": "2025-01-01", "percent": part}
            for who, part in parts
        ),
    )
    keep(cast, kept_tables.FEE_SPLITS, {"starts_on": "2025-01-01", "worked": "40", "originating": "20"})
    firm_id: int = cast.firm.firm_id
    return firm_id


def told(firm_id: int, scope: Scope, column: str) -> list[tuple[str, int, str, Decimal]]:
    """Return the rows behind a total: kind, id, detail and what each gives to the figure's first sum."""
    query = Query((column.partition(".")[0],), "2025-03")
    explanation, rows = explain_whole(firm_id, scope, query, Cell(column), TODAY)
    first = explanation.sums[0].key
    assert sum(row.contributions[first] for row in rows) == explanation.sums[0].total
    return [(row.kind.value, row.row_id, row.facts.detail, row.contributions[first]) for row in rows]


def test_who_is_credited_sees_own_work_and_the_rest_as_one(shared: int) -> None:
    """Of 1,650 Ben has a quarter: 412.50, of which 75 are of his own 300 and 337.50 of Ada's 1,350."""
    ben = Scope(shared, ScopeKind.SELF, clio_user_id=BEN)

    rows = told(shared, ben, "credit.originating")

    assert [(kind, detail, amount) for kind, _, detail, amount in rows] == [
        ("others", "work of others", Decimal("337.50")),
        ("settlement", "payment fee", Decimal("75.00")),
    ]
    assert (rows[0][1], rows[1][1] > 0) == (0, True)


def test_a_fee_split_is_told_so_too(shared: int) -> None:
    ben = Scope(shared, ScopeKind.SELF, clio_user_id=BEN)

    assert [(kind, amount) for kind, _, _, amount in told(shared, ben, "fee_split.originating")] == [
        ("others", Decimal("67.50")),
        ("settlement", Decimal("15.00")),
    ]
    assert [kind for kind, *_ in told(shared, ben, "fee_split.worked")] == ["settlement"]


def test_billed_credit_and_matters_are_told_so_too(shared: int) -> None:
    ben = Scope(shared, ScopeKind.SELF, clio_user_id=BEN)

    assert [(kind, amount) for kind, _, _, amount in told(shared, ben, "credit.originating_billed")] == [
        ("others", Decimal("675.00")),
        ("line", Decimal("150.00")),
    ]


def test_who_sees_the_whole_firm_sees_every_row(shared: int) -> None:
    rows = told(shared, Scope.whole_firm(shared), "credit.originating")

    assert {kind for kind, *_ in rows} == {"settlement"}
    assert sum(amount for *_, amount in rows) == Decimal("1650.00")


def test_a_budget_is_told_by_own_entries_and_the_rest_as_one(cast: Any, build: Any) -> None:
    """M1 is Ada's; whoever is granted Ada's work sees what Ben did on it as a sum: his 600 of 5,400."""
    records = golden("march")
    records["matters"][0]["matter_budget"] = {"id": 1, "budget": Decimal(6750), "include_expenses": False}
    build(records)
    scope = Scope(cast.firm.firm_id, ScopeKind.SUBSET, grants=(Grant(timekeeper_ids=(ADA,)),))

    rows = told(cast.firm.firm_id, scope, "matter_budget.used")

    assert sorted((kind, amount) for kind, _, _, amount in rows) == [
        ("entry", Decimal("1800.00")),
        ("entry", Decimal("3000.00")),
        ("others", Decimal("600.00")),
    ]
    assert {amount for kind, _, _, amount in rows if kind == "others"} == {Decimal("600.00")}


def test_the_rest_is_on_one_page_and_leads_nowhere(shared: int, cast: Any, api: Any) -> None:
    ben = make_user()
    join(ben, cast.firm, scope=ScopeKind.SELF, clio_user_id=BEN)
    address = f"/api/v1/firms/{cast.firm.public_id}/explain"

    first = api(ben).get(address, {"item": "credit.originating", "period": "2025-03", "page_size": "1"}).json()
    second = api(ben).get(first["next"]).json()

    (others,), (own,) = first["results"], second["results"]
    assert (others["kind"], others["id"], others["detail"], others["labels"]) == ("others", 0, "work of others", {})
    assert others["links"] == {"record": None, "clio": None}
    assert [others[name] for name in ("date", "timekeeper_id", "matter_id", "bill_id", "client_id")] == [None] * 5
    assert own["timekeeper_id"] == BEN
    assert second["next"] is None
