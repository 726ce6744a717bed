"""Of a question with a row for every bill or payment the page is found first; it is the page of all rows at once."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer, Dimension, Grain, Order, Page, Query
from apps.reports.metrics.catalogue import RESTATED
from apps.reports.metrics.declaration import Metric
from apps.reports.models import FactsState
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.comparing import scope_of
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.wild import WildFirm

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
ALL_AT_ONCE = Page(limit=100_000)  # too many to be found first
MANY = (Dimension.BILL, Dimension.ALLOCATION)
pytestmark = pytest.mark.django_db


def build(firm_id: int, seed: int) -> None:
    fill_mirror(firm_id, WildFirm(seed).records)
    assert rebuild_ledger(firm_id=firm_id, now=NOW).status == "built"


def answer(scope: Scope, query: Query, permissions: frozenset[Extra] = frozenset(Extra)) -> Answer:
    with tenant(scope.firm_id):
        return compute_answer(scope=scope, query=query, now=NOW, permissions=permissions)


def of_the_ledger(scope: Scope, query: Query, permissions: frozenset[Extra]) -> Answer:
    """Return the answer of the ledger's own rows, all worked out at once."""
    with tenant(scope.firm_id):
        state = FactsState.objects.filter(firm_id=scope.firm_id)
        built_for = state.get().built_for
        state.update(built_for=date.max)  # facts of a later day are not used
        found = answer(scope, query, permissions)
        state.update(built_for=built_for)
    return found


def random_query(dice: random.Random, metric: Metric) -> Query:
    """Return a question by bill or payment, about the metric and often others beside it."""
    many = dice.choice([each for each in MANY if each in metric.dims])
    others = dice.sample(sorted(metric.dims - {many}), dice.choice([0, 1, 1, 2]))
    dimensions = [Dimension(each) for each in others]
    dimensions.insert(dice.randint(0, len(dimensions)), many)
    first = date(2024, 1, 1) + timedelta(days=dice.randint(0, 300))
    beside = [each for each in RESTATED if each is not metric and each.dims.issuperset(dimensions) and not each.needs]
    metrics = [metric, *dice.sample(beside, min(len(beside), dice.choice([0, 1, 1, 2])))]
    order = dice.choice(["", *dimensions, *(f"{each.name}.{item}" for each in metrics for item in each.items)])
    filters = {Dimension.TIMEKEEPER: (11, 12, None)} if dice.random() < 0.3 else {}
    return Query(
        metrics=tuple(each.name for each in metrics),
        period=f"{first}..{min(first + timedelta(days=dice.choice([60, 200, 500])), NOW.date())}",
        dimensions=tuple(dimensions),
        grain=dice.choice([None, None, Grain.MONTH]),
        filters={of: values for of, values in filters.items() if all(of in each.dims for each in metrics)},
        order=Order(order, dice.random() < 0.5),
        subtotals=len(dimensions) > 1 and dice.random() < 0.7,
        currency=dice.choice(["USD", "USD", "CAD"]),
    )


@pytest.mark.generated(160, 2)
def test_pages_are_those_of_all_rows_of_the_ledger(cast: Any, seed: int) -> None:
    firm_id, dice = cast.firm.firm_id, random.Random(seed)
    build(firm_id, seed)
    found_rows = 0
    for metric in (each for each in RESTATED if not each.dims.isdisjoint(MANY)):
        for viewer in (VIEWERS[0], dice.choice(VIEWERS[1:])):
            scope, query = scope_of(firm_id, viewer), random_query(dice, metric)
            permissions = frozenset(Extra) - ({Extra.NAMES} if dice.random() < 0.2 and not metric.needs else set())
            try:
                whole = of_the_ledger(scope, replace(query, page=ALL_AT_ONCE), permissions)
            except Exception as refused:  # noqa: BLE001 - what is refused at once is refused page by page
                with pytest.raises(type(refused)):
                    answer(scope, query, permissions)
                continue
            for page in (Page(limit=3), Page(limit=4, offset=2), Page(limit=1000)):
                part = answer(scope, replace(query, page=page), permissions)

                assert part.rows == whole.rows[page.offset :][: page.limit], (query, page)
                assert part.total == whole.total, query
                if part.rows:
                    assert part.row_count == whole.row_count, query
                named = {row.keys[:length] for row in part.rows for length in range(1, len(query.dimensions))}
                of_page = {each.keys: each for each in whole.subtotals if each.keys in named}
                assert {each.keys: each for each in part.subtotals} == of_page, query
            found_rows += len(whole.rows)
    assert found_rows > 200


def test_only_the_page_reads_the_lines_of_bills(cast: Any) -> None:
    """The order and the number of rows come from rows added up within a bill, the totals from months."""
    build(cast.firm.firm_id, 60)
    query = Query(
        metrics=("collected", "billed"),
        period="2024-01-01..2025-05-31",
        dimensions=(Dimension.TIMEKEEPER, Dimension.BILL),
        subtotals=True,
        page=Page(limit=5),
    )
    with CaptureQueriesContext(connection) as captured:
        found = answer(Scope.whole_firm(cast.firm.firm_id), query)

    statements = [each["sql"] for each in captured if "reports_bill_money" in each["sql"]]
    assert len(found.rows) == 5 < found.row_count
    assert len(statements) == 2
    assert not any("reports_settle r" in each or "reports_line r" in each for each in statements)
    assert [("reports_settle_facts" in each) for each in statements] == [False, True]
