"""What matters were before: days in stages they left, budgets of a day; against the recomputation of wild courses."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from apps.core.scope import Scope
from apps.reports.contracts import Query
from apps.reports.contracts.explanation import Cell
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask, by, rows_of, total_of
from tests.reports.comparing import scope_of
from tests.reports.history import tell_history, wild_history
from tests.reports.mirror import SYNCED, fill_mirror
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.answers import Question, figures_of_nothing, recompute_by_key
from tests.reports.recompute.matters import MATTERS
from tests.reports.recompute.trust import TRUST
from tests.reports.services.test_explained_rows import assert_adds_up, explain_whole
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, differing
from tests.reports.wild import WildFirm

pytestmark = pytest.mark.django_db
DECLARED = {"stage_days": MATTERS["stage_days"], "matter_budget": TRUST["matter_budget"]}
PERIODS = [(date(2024, 3, 1), date(2024, 5, 20)), (date(2024, 5, 1), date(2024, 9, 10)), (date(2024, 1, 1), TODAY)]


def build_course(cast: Any, seed: int) -> Books:
    records: Any = WildFirm(seed).records
    seen = wild_history(records, seed)
    fill_mirror(cast.firm.firm_id, records)
    tell_history(cast.firm.firm_id, seen)
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2025, 7, 15, tzinfo=UTC)).status == "built"
    records["history"] = seen
    return Books(records, currency="USD", zone="UTC", first_synced=SYNCED)


@pytest.mark.parametrize("name", DECLARED)
@pytest.mark.parametrize("seed", [70, 71])
def test_totals_and_dimensions_equal_the_recomputation(cast: Any, name: str, seed: int) -> None:
    books, told = build_course(cast, seed), 0
    for first, last in PERIODS:
        for viewer in (Viewer(), VIEWERS[1], VIEWERS[4]):
            question = Question(books, "USD", first, last, TODAY, viewer)
            asked: Any = {"period": f"{first}..{last}", "on": TODAY, "scope": scope_of(cast.firm.firm_id, viewer)}
            whole = recompute_by_key(DECLARED[name], question)[""]
            assert total_of(ask(cast.firm.firm_id, name, **asked), name) == whole, (first, viewer)
            told += sum(value is not None and value > 0 for value in whole.values())
            blank = figures_of_nothing(DECLARED[name], question)
            for dimension in ("matter", "stage", "practice_area"):
                rows = rows_of(ask(cast.firm.firm_id, name, **asked, **by(dimension)), name)
                theirs = recompute_by_key(DECLARED[name], question, dimension)
                assert differing(rows, theirs, blank) == {}, (first, dimension, viewer)
    assert told > 10


@pytest.mark.parametrize("name", DECLARED)
def test_the_rows_add_up(cast: Any, name: str) -> None:
    build_course(cast, 72)
    firm_id, shown = cast.firm.firm_id, 0
    for first, last in PERIODS:
        period = f"{first}..{last}"
        answer = ask(firm_id, name, period=period, on=TODAY)
        assert answer.total is not None
        for item in BY_NAME[name].items:
            cell, scope = Cell(f"{name}.{item}"), Scope.whole_firm(firm_id)
            explanation, rows = explain_whole(firm_id, scope, Query((name,), period), cell, TODAY)
            assert_adds_up(explanation, rows, answer.total.figures[f"{name}.{item}"])
            shown += len(rows)
    assert shown > 30


def test_a_reached_alert_is_marked_and_told_with_what_it_is_worked_out_from(cast: Any) -> None:
    build_course(cast, 71)
    firm_id, period = cast.firm.firm_id, "2024-01-01..2025-07-15"

    answer = ask(firm_id, "matter_budget", period=period, on=TODAY, **by("matter"))
    scope, cell = Scope.whole_firm(firm_id), Cell("matter_budget.alerts_reached")
    _, rows = explain_whole(firm_id, scope, Query(("matter_budget",), period), cell, TODAY)

    marked = {row.keys[0]: [mark.code for mark in row.marks] for row in answer.rows}
    assert {row.row_id for row in rows} == {key for key, codes in marked.items() if codes == ["budget_alert_reached"]}
    assert rows
    assert ["budget_alert_not_reached"] in marked.values() or [] in marked.values()
    for row in rows:
        side = {name: row.contributions[f"budget_side_{name}"] for name in ("budget", "used", "threshold")}
        assert side["used"] * 100 >= side["budget"] * side["threshold"]
