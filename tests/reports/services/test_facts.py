"""Monthly facts give the very figures the ledger gives, and stay in step with it."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer, Comparison, Dimension, Grain, Page, Query
from apps.reports.ledger.build import build_ledger
from apps.reports.ledger.part import LedgerPart
from apps.reports.ledger.steps import StepSize
from apps.reports.metrics.catalogue import CATALOGUE, RESTATED
from apps.reports.metrics.declaration import Metric
from apps.reports.models import FactsState, LedgerState
from apps.reports.models.state import LEDGER_REVISION
from apps.reports.queries.facts_state import facts_stand
from apps.reports.queries.sources import READABLE
from apps.reports.queries.sources.dated import DatedSource
from apps.reports.queries.sources.facts import ALL_FACTS
from apps.reports.queries.sources.to_date import ToDateSource
from apps.reports.queries.sources.trailing import TrailingSource
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.changing import ChangingFirm
from tests.reports.comparing import differences, scope_of
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.wild import WildFirm

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
TODAY = NOW.date()
pytestmark = pytest.mark.django_db


def build(firm_id: int, seed: int) -> None:
    fill_mirror(firm_id, WildFirm(seed).records)
    assert rebuild_ledger(firm_id=firm_id, now=NOW).status == "built"


def answer(scope: Scope, query: Query, *, now: datetime = NOW) -> Answer:
    with tenant(scope.firm_id):
        return compute_answer(scope=scope, query=query, now=now, permissions=frozenset(Extra))


def without_facts(scope: Scope, query: Query, *, now: datetime = NOW) -> Answer:
    """Return the answer of the ledger alone."""
    with tenant(scope.firm_id):
        state = FactsState.objects.filter(firm_id=scope.firm_id)
        built_for = state.get().built_for
        state.update(built_for=date.max)  # facts of a later day are not used
        found = answer(scope, query, now=now)
        state.update(built_for=built_for)
    return found


def random_query(dice: random.Random, metric: Metric) -> Query:
    """Return a question with whole months in it, or without, cut anywhere."""
    first = date(2024, 1, 1) + timedelta(days=dice.randint(0, 400))
    last = min(first + timedelta(days=dice.choice([10, 45, 61, 90, 200, 365, 530])), TODAY)
    if dice.random() < 0.3:
        first = first.replace(day=1)
    if dice.random() < 0.3:
        last = last.replace(day=1) - timedelta(days=1)
    dims = sorted(metric.dims)
    filters: dict[Dimension, tuple[Any, ...]] = {}
    if dice.random() < 0.4:
        known = {Dimension.TIMEKEEPER: (11, 12, None), Dimension.PRACTICE_AREA: (21, None), Dimension.CLIENT: (31, 32)}
        filters = {each: values for each, values in known.items() if each in metric.dims and dice.random() < 0.5}
    return Query(
        metrics=(metric.name,),
        period=f"{first}..{max(first, last)}",
        dimensions=tuple(Dimension(each) for each in dice.sample(dims, min(len(dims), dice.choice([0, 1, 1, 2])))),
        grain=dice.choice([None, None, Grain.MONTH, Grain.MONTH, Grain.QUARTER, Grain.YEAR, Grain.WEEK]),
        filters=filters,
        comparison=dice.choice([None, None, Comparison.PRIOR_PERIOD, Comparison.PRIOR_YEAR]),
        currency=dice.choice(["USD", "USD", "CAD", "JPY"]),
        page=Page(limit=1000),
    )


@pytest.mark.generated(60, 2)
def test_facts_and_edges_equal_the_ledger_alone(cast: Any, seed: int) -> None:
    firm_id, dice = cast.firm.firm_id, random.Random(seed)
    build(firm_id, seed)
    for metric in RESTATED:
        for viewer in (VIEWERS[0], dice.choice(VIEWERS[1:])):
            scope, query = scope_of(firm_id, viewer), random_query(dice, metric)

            with_facts = answer(scope, query)

            assert with_facts == without_facts(scope, query), query


@pytest.mark.parametrize(
    ("dimension", "depth"),
    [("timekeeper", 1), ("role", 1), ("practice_area", 2), ("client", 2), (None, 1)],
)
def test_whole_months_come_from_facts(cast: Any, dimension: str | None, depth: int) -> None:
    build(cast.firm.firm_id, 60)
    names = (
        "recorded_hours",
        "billed",
        "collected",
        "collection_rate",
        "work_date_funnel",
        "worked_value",
        "reductions",
    )
    query = Query(
        metrics=names, period="2024-02-01..2025-03-31", dimensions=(Dimension(dimension),) if dimension else ()
    )
    with CaptureQueriesContext(connection) as captured:
        answer(Scope.whole_firm(cast.firm.firm_id), query)

    (statement,) = [each["sql"] for each in captured if "reports_line_facts" in each["sql"]]
    for table in ("time", "line", "settle", "cohort", "work_billed", "work_collected"):
        assert f"reports_{table}_facts" in statement
    assert f"r.depth = {depth}" in statement
    for table in ("reports_time r", "reports_line r", "reports_settle r"):
        assert table not in statement


@pytest.mark.parametrize(("dimension", "depth"), [(Dimension.TIMEKEEPER, 4), (Dimension.PRACTICE_AREA, 5), (None, 4)])
@pytest.mark.parametrize("grain", [None, Grain.YEAR, Grain.MONTH])
def test_whole_years_come_from_facts_of_years(
    cast: Any, dimension: Dimension | None, depth: int, grain: Grain | None
) -> None:
    """Sources of one question may be cut otherwise: what people left untracked is told by their months."""
    build(cast.firm.firm_id, 60)
    names: tuple[str, ...] = ("recorded_hours", "billed", "collected", "collection_rate", "work_date_funnel")
    if dimension is not Dimension.PRACTICE_AREA:
        names = (*names, "utilization", "capture")
    scope = Scope.whole_firm(cast.firm.firm_id)
    query = Query(
        metrics=names,
        period="2023-11-20..2025-05-20",
        dimensions=(dimension,) if dimension else (),
        grain=grain,
        page=Page(limit=1000),
    )

    with CaptureQueriesContext(connection) as captured:
        found = answer(scope, query)

    statement = max((each["sql"] for each in captured), key=len)
    assert (f"r.depth = {depth}" in statement) == (grain is not Grain.MONTH)
    assert found.total is not None
    assert any(found.total.figures.values())
    assert found == without_facts(scope, query)


@pytest.mark.parametrize("first", ["2024-02-10", "2024-06-01"])
def test_what_leads_up_to_a_day_comes_from_facts_and_the_days_left_over(cast: Any, first: str) -> None:
    """365 days begin within a month where a leap year's day lies among them; so do 12 months to a day within one."""
    build(cast.firm.firm_id, 60)
    scope = Scope.whole_firm(cast.firm.firm_id)
    names = ("client_value", "matter_profit")
    for query in (
        Query(metrics=names, period=f"{first}..{TODAY}", dimensions=(Dimension.CLIENT,), grain=Grain.MONTH),
        Query(metrics=("lockup", "days_of_receivables"), period=f"{first}..{TODAY}", grain=Grain.MONTH),
        Query(metrics=("concentration", "clients"), period=f"{first}..{TODAY}", grain=Grain.QUARTER),
    ):
        with CaptureQueriesContext(connection) as captured:
            found = answer(scope, query)

        statement = max((each["sql"] for each in captured), key=len)
        assert "reports_settle_facts" in statement or "reports_line_facts" in statement
        assert "reports_settle r" not in statement or "= ANY(" in statement
        assert found.total is not None
        assert any(found.total.figures.values())
        assert found == without_facts(scope, query), query


def test_every_column_of_a_source_with_facts_is_among_them() -> None:
    for source, readable in READABLE.items():
        if isinstance(readable, DatedSource | ToDateSource | TrailingSource) and readable.facts:
            of_source = [measure for metric in CATALOGUE for measure in metric.uses() if measure.source is source]
            named = " ".join(measure.expression for measure in of_source)
            columns = [each for name, each in readable.columns.items() if f"r.{name}" in named]
            kinds = [each for name, each in readable.kinds.items() if f"r.{name}" in named]

            assert readable.facts.fit("", kinds, columns, readable.extra), source


def test_what_facts_do_not_know_comes_from_the_ledger(cast: Any) -> None:
    build(cast.firm.firm_id, 60)
    with CaptureQueriesContext(connection) as captured:
        by_category = Query(metrics=("billed",), period="2024-02", dimensions=(Dimension.CATEGORY,))
        found = answer(Scope.whole_firm(cast.firm.firm_id), by_category)

    assert found.rows
    assert not any("reports_line_facts" in each["sql"] for each in captured)


def test_facts_of_another_revision_do_not_stand(cast: Any) -> None:
    """A worker of the release before may have built them: it knows nothing of what this one adds up."""
    firm_id = cast.firm.firm_id
    build(firm_id, 7)
    with tenant(firm_id):
        assert facts_stand(firm_id=firm_id, as_of=TODAY)

        LedgerState.objects.filter(firm_id=firm_id).update(revision=LEDGER_REVISION - 1)

        assert not facts_stand(firm_id=firm_id, as_of=TODAY)


def test_money_dated_ahead_counts_on_its_day_and_not_before(cast: Any) -> None:
    """A ledger that was not built anew yet on that day answers by itself."""
    firm_id = cast.firm.firm_id
    build(firm_id, 61)
    with tenant(firm_id):
        due_on = FactsState.objects.get(firm_id=firm_id).due_on
    assert due_on is not None
    assert due_on > TODAY
    query = Query(metrics=("collection_rate", "work_date_funnel"), period="2024-01-01..2025-05-31", grain=Grain.MONTH)
    later = datetime.combine(due_on + timedelta(days=30), NOW.time(), UTC)
    scope = Scope.whole_firm(firm_id)

    for now in (NOW, NOW - timedelta(days=40), later):
        assert answer(scope, query, now=now) == without_facts(scope, query, now=now), now


def contents(firm_id: int) -> dict[str, Any]:
    """Every fact by all that tells it from others; a sum over nothing is 0, whichever way it came about."""
    found: dict[str, Any] = {}
    with tenant(firm_id), connection.cursor() as cursor:
        for facts in ALL_FACTS:
            cursor.execute(f"SELECT to_jsonb(r) - 'id' FROM {facts.table} r")
            rows = [json.loads(row[0]) for row in cursor.fetchall()]
            keys = ("depth", "month", *facts.keys, *facts.kinds)
            sums = (*facts.columns, "entries")
            found[facts.table] = {
                str([row[key] for key in keys]): [float(row[each] or 0) for each in sums] for row in rows
            }
            assert len(found[facts.table]) == len(rows)
    return found


def built_whole(firm_id: int, today: date) -> dict[str, Any]:
    with tenant(firm_id):
        build_ledger(LedgerPart(firm_id, "USD", "UTC", today))
    return contents(firm_id)


@pytest.mark.generated(70, 2)
def test_changes_by_parts_leave_the_facts_of_a_whole_build(cast: Any, seed: int) -> None:
    firm_id = cast.firm.firm_id
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [firm_id])
    firm, now = ChangingFirm(cast.firm, seed), NOW
    assert rebuild_ledger(firm_id=firm_id, now=now).is_whole

    for round_ in range(5):
        firm.change(firm.dice.choice([2, 6, 15]))
        now += timedelta(days=firm.dice.choice([0, 1, 20]))
        assert not rebuild_ledger(firm_id=firm_id, now=now).is_whole

        by_parts = contents(firm_id)
        assert differences(by_parts, built_whole(firm_id, now.date())) == {}, round_
        assert all(by_parts.values())


def test_a_first_build_in_steps_ends_with_all_facts(cast: Any) -> None:
    firm_id = cast.firm.firm_id
    ChangingFirm(cast.firm, 72)
    rebuild_ledger(firm_id=firm_id, now=NOW, step=StepSize(entries=60, bills=15))
    with tenant(firm_id):
        assert FactsState.objects.get(firm_id=firm_id).built_for == TODAY
    by_steps = contents(firm_id)

    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT currency, time_zone FROM reports_ledger_state WHERE firm_id = %s", [firm_id])
        currency, zone = cursor.fetchone()
        build_ledger(LedgerPart(firm_id, currency, zone, TODAY))
    assert differences(by_steps, contents(firm_id)) == {}
