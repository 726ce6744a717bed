"""A grid of people by days, read once for all its sources, tells of every day what the day alone tells."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer, Dimension, Grain, Page, Query
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.comparing import scope_of
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.wild import WildFirm

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
METRICS = ("recorded_hours", "available_hours", "utilization", "capture", "timesheet_gaps")
FIRST, DAYS = date(2025, 1, 20), 24
pytestmark = pytest.mark.django_db
Figures = Mapping[str, Decimal | None]


def answer(scope: Scope, query: Query) -> Answer:
    with tenant(scope.firm_id, read_only=True):
        return compute_answer(scope=scope, query=query, now=NOW, permissions=frozenset(Extra))


def question(first: date, last: date, dimension: Dimension | None, **more: Any) -> Query:
    dimensions = (dimension,) if dimension else ()
    return Query(metrics=METRICS, period=f"{first}..{last}", dimensions=dimensions, page=Page(limit=1000), **more)


def told(found: Answer) -> dict[Any, Figures]:
    """Return the figures by key, those that are nothing left out; the total has none."""
    rows = {row.keys: row.figures for row in found.rows}
    assert found.total is not None
    return {(): found.total.figures, **{keys: figures for keys, figures in rows.items() if any(figures.values())}}


@pytest.mark.generated(14, 1)
@pytest.mark.parametrize("dimension", [None, Dimension.TIMEKEEPER, Dimension.ROLE])
def test_every_day_of_the_grid_is_what_the_day_alone_tells(cast: Any, seed: int, dimension: Dimension | None) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, WildFirm(seed).records)
    rebuild_ledger(firm_id=firm_id, now=NOW)
    last = FIRST + timedelta(days=DAYS - 1)
    for viewer in (VIEWERS[0], VIEWERS[1]):
        scope = scope_of(firm_id, viewer)
        grid = answer(scope, question(FIRST, last, dimension, grain=Grain.DAY))
        whole = told(answer(scope, question(FIRST, last, dimension)))
        assert grid.total is not None
        assert grid.total.figures == whole[()]
        if dimension:
            assert {keys: figures for keys, figures in told(grid).items() if keys} == {
                keys: figures for keys, figures in whole.items() if keys
            }
        for day in (FIRST + timedelta(days=past) for past in range(DAYS)):
            alone = told(answer(scope, question(day, day, dimension)))
            in_grid = {row.keys: row.series.get(day, {}) for row in grid.rows} if dimension else {}
            in_grid = {keys: figures for keys, figures in in_grid.items() if any(figures.values())}
            of_all = (
                grid.total.series
                if dimension
                else {date.fromisoformat(str(row.keys[0])): row.figures for row in grid.rows}
            )
            assert {**in_grid, (): of_all.get(day, alone[()])} == alone, (viewer, day)


def test_the_entries_are_read_once_for_all_sources(cast: Any) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, WildFirm(14).records)
    rebuild_ledger(firm_id=firm_id, now=NOW)
    scope = Scope.whole_firm(firm_id)

    with CaptureQueriesContext(connection) as captured:
        answer(scope, question(FIRST, FIRST + timedelta(days=9), Dimension.TIMEKEEPER, grain=Grain.DAY))

    (statement,) = [each["sql"] for each in captured if "reports_time r" in each["sql"]]
    assert statement.count("FROM reports_time r") == 1
    assert statement.count("FROM reports_employment r") == 1
