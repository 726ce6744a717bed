"""What stands on a day, by every dimension, against the recomputation, over firms full of rare cases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from apps.reports.contracts import Grain
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.clio.sandbox.server import running_sandbox
from tests.reports.asking import ask, items_of, rows_of, total_of
from tests.reports.comparing import scope_of
from tests.reports.mirror import SYNCED, TABLES, fill_mirror
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.ages import AGES
from tests.reports.recompute.answers import Question, figures_of_nothing, recompute_by_key
from tests.reports.recompute.clients import CLIENTS
from tests.reports.recompute.matters import MATTERS
from tests.reports.recompute.standing import STANDING
from tests.reports.recompute.trust import TRUST
from tests.reports.services.test_rare_cases_recomputed import PERIODS, VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild, differing
from tests.standing import standing

pytestmark = pytest.mark.django_db
DECLARED = AGES | STANDING | MATTERS | CLIENTS | TRUST
NAMES = tuple(DECLARED)


@pytest.mark.generated(50, 3)
def test_totals_in_every_scope_equal_the_recomputation(cast: Any, seed: int) -> None:
    books = build_wild(cast, seed)
    for viewer in VIEWERS:
        scope = scope_of(cast.firm.firm_id, viewer)
        for first, last in PERIODS:
            for code in ("USD", "CAD"):
                question = Question(books, code, first, last, TODAY, viewer)
                answer = ask(cast.firm.firm_id, *NAMES, period=f"{first}..{last}", on=TODAY, scope=scope, currency=code)
                for name in NAMES:
                    theirs = recompute_by_key(DECLARED[name], question)[""]
                    mine = {item: value for item, value in total_of(answer, name).items() if item in theirs}
                    assert mine == theirs, (name, viewer, first, code)


def test_the_sandboxs_firm_equals_the_recomputation(cast: Any) -> None:
    with running_sandbox() as sandbox:
        records = {name: sandbox.list_all(name) for name in TABLES}
    fill_mirror(cast.firm.firm_id, records)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2026, 10, 31, tzinfo=UTC))
    books, today = Books(records, currency="USD", zone="UTC", first_synced=SYNCED), date(2026, 10, 31)
    first, last = date(2026, 2, 1), date(2026, 7, 31)
    question = Question(books, "USD", first, last, today, Viewer())

    answer = ask(cast.firm.firm_id, *NAMES, period=f"{first}..{last}", on=today)

    for name in NAMES:
        theirs = recompute_by_key(DECLARED[name], question)[""]
        assert total_of(answer, name) == total_of(answer, name) | theirs, name
        assert {value for value in total_of(answer, name).values() if value}, name


wild_60 = standing(lambda cast: build_wild(cast, seed=60))
wild_61 = standing(lambda cast: build_wild(cast, seed=61))


@pytest.mark.parametrize("name", NAMES)
def test_every_dimension_equals_the_recomputation(wild_60: Any, name: str) -> None:
    cast, books = wild_60
    first, last = PERIODS[1]
    for viewer in (Viewer(), VIEWERS[1], VIEWERS[3], VIEWERS[4]):
        question = Question(books, "USD", first, last, TODAY, viewer)
        scope, blank = scope_of(cast.firm.firm_id, viewer), figures_of_nothing(DECLARED[name], question)
        for dimension in sorted(BY_NAME[name].dims):
            more: dict[str, Any] = {"dimensions": (dimension,), "scope": scope}
            answer = ask(cast.firm.firm_id, name, period=f"{first}..{last}", on=TODAY, **more)
            theirs = recompute_by_key(DECLARED[name], question, dimension)
            assert differing(rows_of(answer, name), theirs, blank) == {}, (dimension, viewer)


@pytest.mark.parametrize("name", NAMES)
def test_months_equal_the_recomputation(wild_61: Any, name: str) -> None:
    (cast, books), viewer = wild_61, VIEWERS[4]
    months = [(date(2024, 9, 1), date(2024, 9, 30)), (date(2024, 10, 1), date(2024, 10, 31))]

    answer = ask(
        cast.firm.firm_id,
        name,
        period="2024-09-01..2024-10-31",
        on=TODAY,
        scope=scope_of(cast.firm.firm_id, viewer),
        grain=Grain.MONTH,
    )

    assert answer.total is not None
    for first, last in months:
        question = Question(books, "USD", first, last, TODAY, viewer)
        theirs = recompute_by_key(DECLARED[name], question)[""]
        shown = items_of(answer.total.series.get(first, {}), name)
        assert shown in ({}, shown | theirs), first
        rows = {row.keys[0]: items_of(row.figures, name) for row in answer.rows}
        blank = figures_of_nothing(DECLARED[name], question)
        row = rows.get(first.isoformat(), blank)
        assert row == row | theirs
