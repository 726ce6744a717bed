"""Without the permission for rates no single record of somebody else's time tells what it is worth; sums stay sums."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pytest

from apps.core.access import Extra
from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import Query, Unit
from apps.reports.contracts.explanation import Cell, ExplainedRow, Explanation, RowKind
from apps.reports.metrics.catalogue import RESTATED
from apps.reports.metrics.declaration import Metric
from tests.accounts.factories import join, make_user
from tests.reports.asking import ask
from tests.reports.comparing import scope_of
from tests.reports.conftest import golden
from tests.reports.recompute import Viewer
from tests.reports.services.test_explained_rows import PERIOD, assert_adds_up, explain_whole
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild

pytestmark = pytest.mark.django_db
WITHOUT_RATES = frozenset({Extra.NAMES, Extra.TRUST})
ADA, BEN, M1 = 101, 102, 301


def is_priced(row: ExplainedRow, explanation: Explanation, times: Collection[int]) -> bool:
    """Tell whether a row tells money of somebody's time. times: ids of time entries."""
    money = {each.key for each in explanation.sums if each.unit in (Unit.MONEY, None)}
    if not money & row.contributions.keys() or explanation.item == "entry_lag":  # which weighs hours
        return False
    if row.kind is RowKind.ENTRY:
        return row.row_id in times
    return row.kind in (RowKind.LINE, RowKind.SETTLEMENT) and row.facts.detail.endswith("fee")


@pytest.mark.parametrize("viewer", [Viewer(), *VIEWERS[1:5:3]], ids=lambda viewer: viewer.kind)
def test_no_row_tells_the_worth_of_time_of_others(cast: Any, viewer: Viewer) -> None:
    books = build_wild(cast, seed=43)
    times = {each["id"] for each in books.records["activities"] if each["type"] == "TimeEntry"}
    users = {each["id"]: (each.get("user") or {}).get("id") for each in books.records["activities"]}
    # Whose entry a line bills: what became of the work is told under the entry's own person.
    lines = [each for each in books.records["line_items"] if each.get("activity")]
    workers = {each["id"]: users.get(each["activity"]["id"]) for each in lines}
    firm_id, scope, lumps = cast.firm.firm_id, scope_of(cast.firm.firm_id, viewer), 0
    for metric in readable():
        answer = ask(firm_id, metric.name, period=PERIOD, on=TODAY, scope=scope)
        assert answer.total is not None
        for item in metric.for_reader(WITHOUT_RATES).items:
            column, query = f"{metric.name}.{item}", Query((metric.name,), PERIOD)
            explanation, rows = explain_whole(firm_id, scope, query, Cell(column), TODAY, WITHOUT_RATES)

            assert_adds_up(explanation, rows, answer.total.figures[column])
            for row in rows:
                own = scope.clio_user_id is not None and scope.clio_user_id in (
                    row.facts.timekeeper_id,
                    workers.get(int(row.part.rpartition("-")[2]) if row.part[-1:].isdigit() else row.row_id),
                )
                assert own or not is_priced(row, explanation, times), (column, row)
            lumps += sum(row.kind is RowKind.OTHERS for row in rows)
    assert lumps > 20


def readable() -> list[Metric]:
    return [metric for metric in RESTATED if not metric.lacking(WITHOUT_RATES)]


@pytest.fixture
def march(cast: Any, build: Any) -> int:
    build(golden("march"))
    firm_id: int = cast.firm.firm_id
    return firm_id


def told(firm_id: int, scope: Scope, column: str, *held: Extra) -> list[tuple[str, int, Decimal]]:
    """Return the rows behind a total of March: kind, id, and what each gives to its sums."""
    query = Query((column.partition(".")[0],), "2025-03")
    explanation, rows = explain_whole(firm_id, scope, query, Cell(column), TODAY, frozenset(held))
    given = [(row.kind.value, row.row_id, sum(row.contributions.values(), Decimal(0))) for row in rows]
    assert sum(amount for *_, amount in given) == sum(each.total or 0 for each in explanation.sums)
    return sorted(given)


def test_fees_of_others_are_told_by_bill_expenses_as_they_are(march: int) -> None:
    whole = Scope.whole_firm(march)
    (bill,) = golden("march")["bills"][:1]

    with_rates = told(march, whole, "billed.total", Extra.RATES)
    assert {(kind, amount) for kind, _, amount in with_rates} == {
        ("line", Decimal("2700.00")),
        ("line", Decimal("600.00")),
        ("line", Decimal("400.00")),
    }
    without = told(march, whole, "billed.total")
    assert [(kind, amount) for kind, _, amount in without] == [
        ("line", Decimal("400.00")),
        ("others", Decimal("3300.00")),
    ]
    assert without[1][1] == bill["id"]


def test_own_fees_are_told_as_they_are(march: int) -> None:
    ada = Scope(march, ScopeKind.WHOLE_FIRM, clio_user_id=ADA)

    assert [(kind, amount) for kind, _, amount in told(march, ada, "collected.fees")] == [
        ("others", Decimal("300.00")),
        ("settlement", Decimal("1350.00")),
    ]


def test_hours_are_told_entry_by_entry(march: int) -> None:
    rows = told(march, Scope.whole_firm(march), "recorded_hours.total")

    assert {kind for kind, *_ in rows} == {"entry"}
    assert len(rows) == len(told(march, Scope.whole_firm(march), "recorded_hours.total", Extra.RATES))


def test_worked_value_of_others_is_told_by_matter(march: int) -> None:
    ben = Scope(march, ScopeKind.WHOLE_FIRM, clio_user_id=BEN)

    rows = told(march, ben, "worked_value.worked")

    assert [(kind, its_id, amount) for kind, its_id, amount in rows] == [
        ("others", 301, Decimal("1800.00")),
        ("others", 302, Decimal("1500.00")),
    ]


def test_what_is_told_together_leads_to_its_bill_or_matter(march: int, cast: Any, api: Any) -> None:
    member = make_user()
    join(member, cast.firm, permissions=["names"])
    base = f"/api/v1/firms/{cast.firm.public_id}"

    def rows(item: str) -> list[Any]:
        answer = api(member).get(f"{base}/explain", {"item": item, "period": "2025-03"}).json()["results"]
        return [row for row in answer if row["kind"] == "others"]

    (fees,) = rows("billed.fees")
    worked = rows("worked_value.worked")

    assert (fees["labels"], fees["detail"]) == ({"bill": "I1"}, "work of others")
    assert fees["links"]["record"].endswith(f"{base}/bills/{fees['bill_id']}")
    assert {row["matter_id"] for row in worked} == {301, 302}
    assert worked[0]["links"]["record"].endswith(f"{base}/matters/{worked[0]['matter_id']}")
    assert {row["timekeeper_id"] for row in (fees, *worked)} == {None}


def test_the_list_of_time_worth_nothing_needs_the_permission(march: int, cast: Any, api: Any) -> None:
    member, with_rates = make_user(), make_user()
    join(member, cast.firm)
    join(with_rates, cast.firm, permissions=["rates"])
    base = f"/api/v1/firms/{cast.firm.public_id}/data-quality"

    def checks(user: Any) -> set[str]:
        return {each["key"] for each in api(user).get(base).json()["checks"]}

    assert checks(with_rates) - checks(member) == {"zero_rate", "no_standard_rate"}
    assert api(member).get(f"{base}/zero_rate").status_code == 403
    assert api(with_rates).get(f"{base}/zero_rate").status_code == 200
