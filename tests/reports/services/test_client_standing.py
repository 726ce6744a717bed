"""Where clients stand among all of them, by themselves and by company, and what grade that is shown as."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import Scope
from apps.reports.contracts import Dimension, Query
from apps.reports.contracts.explanation import Cell
from apps.reports.errors import QuestionNotUnderstood
from tests.reports.asking import ask, by, rows_of
from tests.reports.comparing import scope_of
from tests.reports.conftest import golden
from tests.reports.recompute import Viewer
from tests.reports.recompute.answers import Question
from tests.reports.recompute.clients import standing_by
from tests.reports.services.test_explained_rows import assert_adds_up, explain_whole
from tests.reports.services.test_rare_cases_recomputed import PERIODS, VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild
from tests.standing import standing

pytestmark = pytest.mark.django_db
FIRST, LAST = PERIODS[1]
PERIOD = f"{FIRST}..{LAST}"


wild_62 = standing(lambda cast: build_wild(cast, seed=62))


@pytest.mark.parametrize("who", ["client", "company"])
def test_standing_equals_the_recomputation(wild_62: Any, who: str) -> None:
    cast, books = wild_62
    for viewer in (Viewer(), VIEWERS[1], VIEWERS[4]):
        scope = scope_of(cast.firm.firm_id, viewer)

        answer = ask(cast.firm.firm_id, "client_standing", period=PERIOD, on=TODAY, scope=scope, **by(who))

        theirs = standing_by(Question(books, "USD", FIRST, LAST, TODAY, viewer), who)
        assert rows_of(answer, "client_standing") == theirs, viewer


@pytest.mark.parametrize("who", [Dimension.CLIENT, Dimension.COMPANY])
def test_a_filter_by_client_leaves_its_standing_and_its_rows(wild_62: Any, who: Dimension) -> None:
    cast, _ = wild_62
    firm_id = cast.firm.firm_id
    answer = ask(firm_id, "client_standing", period=PERIOD, on=TODAY, dimensions=(who,))

    for row in answer.rows:
        alone = ask(firm_id, "client_standing", period=PERIOD, on=TODAY, dimensions=(who,), filters={who: row.keys})
        assert [each.figures for each in alone.rows] == [row.figures]
        for column, figure in row.figures.items():
            cell, scope = Cell(column, {who: row.keys[0]}), Scope.whole_firm(firm_id)
            explanation, rows = explain_whole(firm_id, scope, Query(("client_standing",), PERIOD), cell, TODAY)
            assert [each.row_id for each in rows] == [row.keys[0]]
            assert_adds_up(explanation, rows, figure)


def test_every_client_with_money_has_one_grade_and_the_largest_an_a(wild_62: Any) -> None:
    cast, _ = wild_62

    answer = ask(cast.firm.firm_id, "client_standing", period=PERIOD, on=TODAY, **by("client"))

    ranked = sorted(answer.rows, key=lambda row: row.figures["client_standing.share_before"] or Decimal(0))
    grades = [[mark.code for mark in row.marks] for row in ranked]
    assert grades[0] == ["grade_a"]
    assert all(len(each) == 1 for each in grades)
    assert grades == sorted(grades)
    assert len({each[0] for each in grades}) > 1


def test_several_clients_together_have_no_standing(wild_62: Any) -> None:
    cast, _ = wild_62

    answer = ask(cast.firm.firm_id, "client_standing", period=PERIOD, on=TODAY)

    assert answer.total is not None
    assert set(answer.total.figures.values()) == {None}
    assert answer.total.marks == ()


@pytest.mark.parametrize("who", ["originating", "practice_area"])
def test_standing_is_told_by_client_and_narrowed_by_others(cast: Any, who: str) -> None:
    build_wild(cast, seed=62)
    firm_id = cast.firm.firm_id
    found = ask(firm_id, "collected", period=PERIOD, on=TODAY, **by(who))
    values = tuple(row.keys[0] for row in found.rows if row.keys[0] is not None)

    with pytest.raises(QuestionNotUnderstood, match="What fits everything asked for: client, company"):
        ask(firm_id, "client_standing", period=PERIOD, on=TODAY, **by(who))
    narrowed = ask(
        firm_id,
        "client_standing",
        period=PERIOD,
        on=TODAY,
        filters={Dimension(who): values},
        **by("client"),
    )

    shares = [row.figures["client_standing.share"] for row in narrowed.rows]
    told = [share for share in shares if share is not None]
    assert told
    assert Decimal(100 - len(told)) < sum(told, Decimal(0)) < Decimal(100 + len(told))


def test_one_client_above_20_percent_is_marked(cast: Any, build: Callable[..., Any]) -> None:
    build(golden("march"))

    answer = ask(cast.firm.firm_id, "concentration", period="2025-03", on=TODAY)

    assert answer.total is not None
    assert {mark.column for mark in answer.total.marks} == {
        "concentration.collected_top_1",
        "concentration.billed_top_1",
    }
    quiet = ask(cast.firm.firm_id, "concentration", period="2024-03", on=TODAY)
    assert quiet.total is not None
    assert quiet.total.marks == ()
