"""The rows behind a figure add up to it exactly: every metric, in every kind of scope, by every dimension."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from apps.core.access import Extra
from apps.core.money import minor_digits
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Comparison, Dimension, Grain, KeyValue, Query, Unit
from apps.reports.contracts.explanation import Cell, CellQuestion, ExplainedRow, Explanation, Role, RowMark
from apps.reports.metrics.catalogue import CATALOGUE, RESTATED
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.rows_behind import row_kind
from apps.reports.services.explain_cell import explain_cell
from tests.reports.asking import ask
from tests.reports.comparing import scope_of
from tests.reports.recompute import Viewer
from tests.reports.services.test_rare_cases_recomputed import VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild
from tests.standing import standing

pytestmark = pytest.mark.django_db
PERIOD = "2024-09-01..2025-03-31"
MOST, LEAST = ("tenure", "requested_oldest"), ("lowest",)
SIDE_NAMES = ("minimum", "held", "unbilled", "owed")
_TENTH = Decimal("0.1")
_STEPS = {
    Unit.HOURS: Decimal("0.01"),
    Unit.PERCENT: _TENTH,
    Unit.DAYS: _TENTH,
    Unit.WEEKS: _TENTH,
    Unit.COUNT: Decimal(1),
}


def explain_whole(
    firm_id: int,
    scope: Scope,
    query: Query,
    cell: Cell,
    on: date,
    permissions: Collection[Extra] = frozenset(Extra),
) -> tuple[Explanation, list[ExplainedRow]]:
    """Return an explanation and all its rows, page by page."""
    mark: RowMark | None = None
    rows: list[ExplainedRow] = []
    while True:
        with tenant(firm_id, read_only=True):
            page = explain_cell(
                scope=scope,
                asked=CellQuestion(query, cell, mark, size=100),
                now=datetime.combine(on, time(12), UTC),
                permissions=permissions,
            )
        rows += page.rows
        mark = page.next
        if mark is None:
            return page, rows


def assert_adds_up(explanation: Explanation, rows: Sequence[Any], figure: Decimal | None) -> None:
    """Check the rows against the sums, and the sums against the figure of the answer."""
    told = explanation.metric, explanation.item, explanation.filters
    assert explanation.value == figure, told
    given: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        for key, amount in row.contributions.items():
            given[key].append(amount)
    for each in explanation.sums:
        if each.role is Role.BESIDE:
            assert each.total is None
        elif each.role is not Role.VALUE or each.unit is Unit.COUNT:
            assert_equal(sum(given[each.key], Decimal(0)), each.total or Decimal(0), (told, each.key))
    if figure is not None:
        assert worked_out(explanation, given) == figure, told


def assert_equal(rows: Decimal, total: Decimal, told: Any) -> None:
    """Check that sums agree: whole amounts exactly, quotients (of a square by the whole) to the 20th digit."""
    if total != round(total, 8):
        rows, total = round(rows, 8), round(total, 8)
    assert rows == total, told


def worked_out(explanation: Explanation, given: Mapping[str, list[Decimal]]) -> Decimal:
    """Return the figure, from the rows alone."""
    sides: dict[Role, Fraction] = defaultdict(Fraction)
    for each in explanation.sums:
        sides[each.role] += sum(map(Fraction, given[each.key]), Fraction(0)) / each.divisor
        if each.role is Role.VALUE and each.unit is not Unit.COUNT:
            sides[Role.VALUE] = _statistic(explanation.item, sorted(map(Fraction, given[each.key])))
    exact = sides[Role.ADDED] + sides[Role.VALUE]
    if Role.UNDER in sides:
        exact = sides[Role.OVER] / sides[Role.UNDER] * (100 if explanation.unit is Unit.PERCENT else 1)
    step = _STEPS.get(explanation.unit, Decimal(1).scaleb(-minor_digits(explanation.currency)))
    parts = Decimal(exact.numerator) / Decimal(exact.denominator)
    return parts.quantize(step, ROUND_HALF_UP)


def _statistic(item: str, values: Sequence[Fraction]) -> Fraction:
    if not values:
        return Fraction(0)
    if item in (*MOST, *LEAST):
        return values[-1] if item in MOST else values[0]
    if item.endswith("mean"):
        return sum(values, Fraction(0)) / len(values)
    share = Fraction(9, 10) if item.endswith("p90") else Fraction(1, 2)
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def filled(metric: Metric, answer: Any, item: str, most: int) -> list[tuple[KeyValue, Decimal | None]]:
    """Return the keys to look at: the "(none)" row, and some that have the figure."""
    column = f"{metric.name}.{item}"
    rows = [(row.keys[0], row.figures[column]) for row in answer.rows]
    return [row for row in rows if row[0] is None][:1] + [row for row in rows if row[0] is not None and row[1]][:most]


def test_every_source_has_rows_to_show() -> None:
    used = {measure.source for metric in CATALOGUE for measure in metric.uses()}

    assert {source for source in used if row_kind(source) is None} == set()


FLOORS: dict[str, Callable[[Mapping[str, Decimal]], Decimal]] = {
    "trust_exposure.unfunded": lambda side: side["unbilled"] + side["owed"] - side["held"],
    "trust_minimum.shortfall": lambda side: side["minimum"] - side["held"],
    "trust_minimum.shortfall_after_billing": lambda side: (
        side["minimum"] - side["held"] + side["owed"] + side["unbilled"]
    ),
    "trust_risk.owed_while_held": lambda side: min(side["owed"], side["held"]),
}


wild_40 = standing(lambda cast: build_wild(cast, seed=40))
wild_41 = standing(lambda cast: build_wild(cast, seed=41))
wild_43 = standing(lambda cast: build_wild(cast, seed=43))


@pytest.mark.parametrize("column", FLOORS)
def test_an_amount_floored_matter_by_matter_is_told_with_its_parts(wild_43: Any, column: str) -> None:
    cast, _ = wild_43
    metric = column.partition(".")[0]
    scope = Scope.whole_firm(cast.firm.firm_id)

    explanation, rows = explain_whole(cast.firm.firm_id, scope, Query((metric,), PERIOD), Cell(column), TODAY)

    (floored,) = [each.key for each in explanation.sums if each.role is Role.ADDED]
    assert len(rows) > 1
    assert len({row.row_id for row in rows}) == len(rows)
    for row in rows:
        sides = {name: row.contributions.get(f"trust_side_{name}", Decimal(0)) for name in SIDE_NAMES}
        assert row.contributions[floored] == FLOORS[column](sides)
        assert row.contributions[floored] > 0
        assert row.record == f"matters/{row.row_id}"


@pytest.mark.parametrize("item", ["matters_below_zero", "clients_below_zero", "lowest", "resting", "on_closed_matters"])
def test_trust_at_risk_is_told_ledger_by_ledger(wild_43: Any, item: str) -> None:
    cast, _ = wild_43
    cell = Cell(f"trust_risk.{item}")
    scope = Scope.whole_firm(cast.firm.firm_id)

    _, rows = explain_whole(cast.firm.firm_id, scope, Query(("trust_risk",), PERIOD), cell, TODAY)

    assert rows
    for row in rows:
        entity = {"matter": "matters", "client": "contacts"}[row.part]
        assert row.record == f"{entity}/{row.row_id}"
        assert (row.facts.matter_id or row.facts.client_id) == row.row_id


@pytest.mark.parametrize("viewer", [Viewer(), VIEWERS[1], VIEWERS[4]], ids=lambda viewer: viewer.kind)
def test_totals_in_every_scope(wild_40: Any, viewer: Viewer) -> None:
    cast, _ = wild_40
    firm_id, shown = cast.firm.firm_id, 0
    scope = scope_of(firm_id, viewer)
    for metric in RESTATED:
        answer = ask(firm_id, metric.name, period=PERIOD, on=TODAY, scope=scope)
        for item in metric.items:
            column = f"{metric.name}.{item}"
            assert answer.total is not None
            query = Query((metric.name,), PERIOD)
            explanation, rows = explain_whole(firm_id, scope, query, Cell(column), TODAY)
            assert_adds_up(explanation, rows, answer.total.figures[column])
            shown += len(rows)
    assert shown > 500


@pytest.mark.parametrize("metric", RESTATED, ids=lambda metric: metric.name)
def test_every_dimension(wild_41: Any, metric: Metric) -> None:
    cast, _ = wild_41
    firm_id, items = cast.firm.firm_id, list(metric.items)
    for place, dimension in enumerate(sorted(metric.dims)):
        item, viewer = items[place % len(items)], (Viewer(), VIEWERS[4])[place % 2]
        scope = scope_of(firm_id, viewer)
        answer = ask(firm_id, metric.name, period=PERIOD, on=TODAY, scope=scope, dimensions=(dimension,))
        for key, figure in filled(metric, answer, item, most=1):
            cell = Cell(f"{metric.name}.{item}", {dimension: key})
            explanation, rows = explain_whole(firm_id, scope, Query((metric.name,), PERIOD), cell, TODAY)
            assert_adds_up(explanation, rows, figure)


def test_pieces_and_earlier_periods(cast: Any) -> None:
    build_wild(cast, seed=42)
    firm_id = cast.firm.firm_id
    scope, piece = Scope.whole_firm(firm_id), date(2024, 10, 1)
    for metric in RESTATED:
        dimension, item = sorted(metric.dims)[0], next(iter(metric.items))
        asked: dict[str, Any] = {"grain": Grain.QUARTER, "comparison": Comparison.PRIOR_YEAR}
        query = Query((metric.name,), PERIOD, (dimension,), **asked)
        answer = ask(firm_id, metric.name, period=PERIOD, on=TODAY, dimensions=(dimension,), **asked)
        for row in answer.rows[:2]:
            column, keys = f"{metric.name}.{item}", {Dimension(dimension): row.keys[0]}
            if piece in row.series:
                explanation, rows = explain_whole(firm_id, scope, query, Cell(column, keys, piece), TODAY)
                assert_adds_up(explanation, rows, row.series[piece][column])
            explanation, rows = explain_whole(firm_id, scope, query, Cell(column, keys, is_compared=True), TODAY)
            assert_adds_up(explanation, rows, row.compared[column])
