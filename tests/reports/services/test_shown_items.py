"""A table works out what it shows and nothing else, and shows what it would if everything were worked out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer, AnswerRow, Comparison, Dimension, Order, Page, Query, Source
from apps.reports.metrics.catalogue import BY_NAME, measures_by_source
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.run_report import columns_of, query_of
from apps.reports.services.shown_items import shown_items
from apps.reports.standard.catalogue import REPORTS
from tests.reports.comparing import scope_of
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.wild import WildFirm

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
PERIOD = "2025-02-10..2025-05-20"


def questions() -> Iterator[Query]:
    """Yield the question of every table of a standard report, all its rows on one page."""
    for report in REPORTS:
        for table in report.tables:
            if table.comparison is not Comparison.CLOSED:
                query = query_of(report, replace(table, columns=tuple(columns_of(table))))
                yield replace(query, period=PERIOD, page=Page(limit=10_000))


def answer(scope: Scope, query: Query) -> Answer:
    with tenant(scope.firm_id, read_only=True):
        return compute_answer(scope=scope, query=query, now=NOW, permissions=frozenset(Extra))


def told(row: AnswerRow, query: Query) -> tuple[Any, ...]:
    """Return what a row tells in the columns shown."""
    shown = query.columns
    return (
        {column: row.figures[column] for column in shown},
        {column: row.compared.get(column) for column in shown},
        {column: row.changes.get(column) for column in shown},
        {piece: {column: figures[column] for column in shown} for piece, figures in row.series.items()},
        row.new & set(shown),
        row.marks,
    )


@pytest.mark.django_db
@pytest.mark.generated(12, 1)
def test_a_table_shows_what_it_would_if_everything_were_worked_out(cast: Any, seed: int) -> None:
    firm_id = cast.firm.firm_id
    fill_mirror(firm_id, WildFirm(seed).records)
    rebuild_ledger(firm_id=firm_id, now=NOW)
    narrowed = 0
    for viewer in (VIEWERS[0], VIEWERS[1], VIEWERS[3]):
        scope = scope_of(firm_id, viewer)
        for query in questions():
            mine, whole = answer(scope, query), answer(scope, replace(query, columns=()))
            narrowed += len(mine.columns) < len(whole.columns)
            rows = {row.keys: told(row, query) for row in mine.rows}
            everything = {row.keys: told(row, query) for row in whole.rows}
            assert mine.total is not None
            assert whole.total is not None
            assert told(mine.total, query) == told(whole.total, query)
            assert rows == {keys: everything[keys] for keys in rows}
            # A row is left out only where all it shows is nothing.
            for keys in everything.keys() - rows.keys():
                figures, compared, *_ = everything[keys]
                assert not any((*figures.values(), *compared.values())), (query, keys)
    assert narrowed


def test_sources_of_what_is_not_shown_are_not_read() -> None:
    query = Query(
        metrics=("matter_profit",),
        dimensions=(Dimension.MATTER,),
        columns=("matter_profit.collected", "matter_profit.hours"),
    )

    read = measures_by_source(shown_items(query, [BY_NAME["matter_profit"]]))

    assert set(read) == {Source.MATTERS_COLLECTED_TO_DATE, Source.COSTED_TO_DATE}


def test_what_rows_are_sorted_by_is_worked_out_too() -> None:
    query = Query(
        metrics=("collected",),
        dimensions=(Dimension.MATTER,),
        columns=("collected.fees",),
        order=Order("collected.tax"),
    )

    items = shown_items(query, [BY_NAME["collected"]])[0].items

    assert set(items) == {"fees", "tax"}


def test_a_metric_whose_figures_call_for_marks_stays_whole() -> None:
    query = Query(metrics=("concentration",), columns=("concentration.collected_top_5",))

    assert shown_items(query, [BY_NAME["concentration"]])[0].items == BY_NAME["concentration"].items
