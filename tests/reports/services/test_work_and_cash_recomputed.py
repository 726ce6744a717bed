"""Time, billing and cash by every dimension against the recomputation, over firms full of rare cases."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from apps.reports.contracts import Comparison, Dimension, Grain
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.sandbox.server import running_sandbox
from tests.reports.asking import Items, ask, items_of, rows_of, total_of
from tests.reports.comparing import scope_of
from tests.reports.mirror import SYNCED, TABLES, fill_mirror
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.answers import METRICS, Question, nothing, recompute
from tests.reports.services.test_rare_cases_recomputed import PERIODS, VIEWERS
from tests.reports.wild import WildFirm
from tests.standing import standing

TODAY = date(2025, 7, 15)
pytestmark = pytest.mark.django_db


def build_wild(cast: Any, seed: int, bills: int = 120, on: date = TODAY) -> Books:
    """Build a wild firm's ledger as of a day and return its books."""
    records = WildFirm(seed, bills).records
    fill_mirror(cast.firm.firm_id, records)
    now = datetime.combine(on, time(), UTC)
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=now).status == "built"
    return Books(records, currency="USD", zone="UTC", first_synced=SYNCED)


def differing(mine: dict[Any, Items], other: dict[Any, Items], blank: Items) -> dict[Any, Any]:
    """Return what the two disagree on; a key only one of them has is compared with nothing."""
    return {
        (key, item): (mine.get(key, blank)[item], value)
        for key in mine.keys() | other.keys()
        for item, value in other.get(key, blank).items()
        if mine.get(key, blank)[item] != value
    }


@pytest.mark.generated(20, 4)
def test_totals_in_every_scope_equal_the_recomputation(cast: Any, seed: int) -> None:
    books = build_wild(cast, seed)
    for viewer in VIEWERS:
        scope = scope_of(cast.firm.firm_id, viewer)
        for first, last in PERIODS:
            for code in ("USD", "CAD", "JPY"):
                question = Question(books, code, first, last, TODAY, viewer)
                names = tuple(METRICS)
                answer = ask(cast.firm.firm_id, *names, period=f"{first}..{last}", on=TODAY, scope=scope, currency=code)
                for name in names:
                    assert total_of(answer, name) == recompute(name, question)[""], (name, viewer, first, code)


def test_the_sandboxs_firm_equals_the_recomputation(cast: Any) -> None:
    with running_sandbox() as sandbox:
        records = {name: sandbox.list_all(name) for name in TABLES}
    fill_mirror(cast.firm.firm_id, records)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2026, 10, 31, tzinfo=UTC))
    books, today = Books(records, currency="USD", zone="UTC", first_synced=SYNCED), date(2026, 10, 31)
    first, last = date(2026, 2, 1), date(2026, 7, 31)
    question = Question(books, "USD", first, last, today, Viewer())
    names = tuple(METRICS)

    answer = ask(cast.firm.firm_id, *names, period=f"{first}..{last}", on=today)

    for name in names:
        assert total_of(answer, name) == recompute(name, question)[""], name
        assert {value for value in total_of(answer, name).values() if value}, name


wild_30 = standing(lambda cast: build_wild(cast, seed=30))
wild_31 = standing(lambda cast: build_wild(cast, seed=31))


@pytest.mark.parametrize("name", METRICS)
def test_every_dimension_equals_the_recomputation(wild_30: Any, name: str) -> None:
    cast, books = wild_30
    first, last = PERIODS[0]
    for viewer, code in ((Viewer(), "USD"), (VIEWERS[1], "USD"), (VIEWERS[4], "USD"), (Viewer(), "JPY")):
        question = Question(books, code, first, last, TODAY, viewer)
        scope, blank = scope_of(cast.firm.firm_id, viewer), nothing(name, question)
        for dimension in sorted(BY_NAME[name].dims):
            more: dict[str, Any] = {"dimensions": (dimension,), "currency": code, "scope": scope}
            answer = ask(cast.firm.firm_id, name, period=f"{first}..{last}", on=TODAY, **more)
            found = differing(rows_of(answer, name), recompute(name, question, dimension), blank)
            assert found == {}, (dimension, viewer, code)


@pytest.mark.parametrize("name", METRICS)
def test_pieces_and_the_period_before_equal_the_recomputation(wild_31: Any, name: str) -> None:
    cast, books = wild_31
    dimension = Dimension.TIMEKEEPER if Dimension.TIMEKEEPER in BY_NAME[name].dims else Dimension.PRACTICE_AREA
    months = [(date(2024, 9, 1), date(2024, 9, 30)), (date(2024, 10, 1), date(2024, 10, 31))]
    viewer = VIEWERS[4]

    def asked(first: date, last: date) -> Question:
        return Question(books, "USD", first, last, TODAY, viewer)

    answer = ask(
        cast.firm.firm_id,
        name,
        period="2024-09-01..2024-10-31",
        on=TODAY,
        scope=scope_of(cast.firm.firm_id, viewer),
        dimensions=(dimension,),
        grain=Grain.MONTH,
        comparison=Comparison.PRIOR_PERIOD,
    )

    blank = nothing(name, asked(*months[0]))
    for first, last in months:
        found = {row.keys[0]: items_of(row.series[first], name) for row in answer.rows if first in row.series}
        assert differing(found, recompute(name, asked(first, last), dimension), blank) == {}
        assert answer.total is not None
        assert items_of(answer.total.series.get(first, {}), name) in ({}, recompute(name, asked(first, last))[""])
    before = asked(date(2024, 7, 1), date(2024, 8, 31))
    compared = {row.keys[0]: items_of(row.compared, name) for row in answer.rows}
    assert differing(compared, recompute(name, before, dimension), blank) == {}
