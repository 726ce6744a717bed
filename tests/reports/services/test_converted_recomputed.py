"""Converted totals against the recomputation, over firms of several currencies full of rare cases."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from apps.core.tenancy import tenant
from apps.reports.contracts import Grain, Query, Unit
from apps.reports.contracts.explanation import Cell, RowKind
from apps.reports.metrics.catalogue import BY_NAME, CATALOGUE
from apps.reports.metrics.converted import converted
from apps.reports.models import ExchangeRate
from tests.reports.asking import ask, items_of, rows_of, total_of
from tests.reports.comparing import scope_of
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.ages import AGES
from tests.reports.recompute.answers import METRICS, Declared, Facts, Question
from tests.reports.recompute.balances import BALANCES
from tests.reports.recompute.clients import CLIENTS
from tests.reports.recompute.converted import Money, Rates, recompute_converted
from tests.reports.recompute.kept import kept_metrics
from tests.reports.recompute.matters import MATTERS
from tests.reports.recompute.standing import STANDING
from tests.reports.services.test_explained_rows import assert_adds_up, explain_whole
from tests.reports.services.test_kept_recomputed import build_kept
from tests.reports.services.test_rare_cases_recomputed import PERIODS, VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, build_wild, differing
from tests.reports.wild import FIRST

pytestmark = pytest.mark.django_db
CODES = ("USD", "CAD", "JPY")
EXPLAINED = "2024-09-01..2025-03-31"
WITHOUT_MONEY = {"recorded_hours", "available_hours", "utilization", "billable_share", "capture", "timesheet_gaps"}
DATED: dict[str, Declared] = {name: each for name, each in METRICS.items() if name not in WITHOUT_MONEY}
STANDING_ON_A_DAY: dict[str, Declared] = {
    **BALANCES,
    **AGES,
    **STANDING,
    **{name: CLIENTS[name] for name in ("client_value", "concentration", "expenses")},
    "revenue_per_matter": MATTERS["revenue_per_matter"],
}
DECLARED = DATED | STANDING_ON_A_DAY
KEPT = ("credit", "fee_split", "matter_profit_of_period", "contribution")


def wild_rates(seed: int) -> Rates:
    """Return rates that change at odd days; some pairs begin late, so that rows before them have none."""
    dice, rates = random.Random(f"rates {seed}"), []
    for code in CODES:
        for into in CODES:
            late = dice.choice([-800, -800, 60, 250])
            days = sorted({late, *(dice.randint(late, 500) for _ in range(dice.choice([0, 3, 9])))})
            worth = {"USD": 1.0, "CAD": 0.7, "JPY": 0.007}
            for each in days if code != into else ():
                rate = Fraction(worth[code] / worth[into] * dice.uniform(0.8, 1.3)).limit_denominator(10**4)
                exact = Fraction(round(rate * 10**10), 10**10)
                rates.append((code, into, FIRST + timedelta(days=each), exact))
    return rates


def keep_rates(firm_id: int, rates: Rates) -> None:
    """Put rates into the firm's table."""
    with tenant(firm_id):
        ExchangeRate.objects.bulk_create(
            ExchangeRate(firm_id=firm_id, currency=code, quote_currency=into, on_date=on, rate=f"{float(rate):.10f}")
            for code, into, on, rate in rates
        )


def test_the_rates_are_kept_as_they_are_reckoned_with(cast: Any) -> None:
    rates = wild_rates(3)
    keep_rates(cast.firm.firm_id, rates)

    with tenant(cast.firm.firm_id):
        kept = {(row.currency, row.quote_currency, row.on_date): row.rate for row in ExchangeRate.objects.all()}

    assert {(code, into, on): rate for code, into, on, rate in rates} == {
        key: Fraction(rate) for key, rate in kept.items()
    }
    assert len(kept) > 20


def assert_same(mine: dict[str, Any], theirs: dict[str, Any], told: Any) -> None:
    """Check the items the recomputation knows."""
    assert {item: mine[item] for item in theirs if item in mine} == {
        item: value for item, value in theirs.items() if item in mine
    }, told


@pytest.mark.generated(700, 4)
def test_totals_in_every_scope_equal_the_recomputation(cast: Any, seed: int) -> None:
    books, rates = build_wild(cast, seed), wild_rates(seed)
    firm_id = cast.firm.firm_id
    keep_rates(firm_id, rates)
    for place, viewer in enumerate(VIEWERS):
        scope, into = scope_of(firm_id, viewer), CODES[place % 3]
        for first, last in PERIODS[:2]:
            asked = Question(books, into, first, last, TODAY, viewer)
            names = tuple(DECLARED)
            answer = ask(
                firm_id, *names, period=f"{first}..{last}", on=TODAY, scope=scope, currency=f"converted:{into}"
            )
            for name in names:
                theirs = recompute_converted(Money(rates, into, CODES), DECLARED[name], asked)[""]
                assert_same(total_of(answer, name), theirs, (name, viewer, first, into))


@pytest.mark.parametrize("name", DECLARED)
def test_every_dimension_equals_the_recomputation(cast: Any, name: str) -> None:
    books, rates = build_wild(cast, seed=71), wild_rates(71)
    keep_rates(cast.firm.firm_id, rates)
    first, last = PERIODS[1]
    for viewer, into in ((Viewer(), "USD"), (VIEWERS[4], "JPY")):
        asked = Question(books, into, first, last, TODAY, viewer)
        scope, money = scope_of(cast.firm.firm_id, viewer), Money(rates, into, CODES)
        nothing: Facts = {each: [] for each in DECLARED[name][0](asked)}
        blank = DECLARED[name][1](nothing, asked)
        for dimension in sorted(BY_NAME[name].dims):
            more: dict[str, Any] = {"dimensions": (dimension,), "scope": scope, "currency": f"converted:{into}"}
            answer = ask(cast.firm.firm_id, name, period=f"{first}..{last}", on=TODAY, **more)
            theirs = recompute_converted(money, DECLARED[name], asked, dimension)
            assert differing(rows_of(answer, name), theirs, blank) == {}, (dimension, viewer)


@pytest.mark.generated(720, 2)
def test_credit_fee_split_and_profit_equal_the_recomputation(cast: Any, seed: int) -> None:
    books, tables = build_kept(cast, seed)
    rates, firm_id = wild_rates(seed), cast.firm.firm_id
    keep_rates(firm_id, rates)
    kept = kept_metrics(tables)
    first, last = PERIODS[1]
    for viewer, into in ((Viewer(), "USD"), (VIEWERS[3], "CAD"), (VIEWERS[5], "JPY")):
        asked = Question(books, into, first, last, TODAY, viewer)
        scope = scope_of(firm_id, viewer)
        answer = ask(firm_id, *KEPT, period=f"{first}..{last}", on=TODAY, scope=scope, currency=f"converted:{into}")
        for name in KEPT:
            theirs = recompute_converted(Money(rates, into, CODES), kept[name], asked)[""]
            assert_same(total_of(answer, name), theirs, (name, viewer, into))


@pytest.mark.parametrize("name", ["billed", "receivable", "work_date_funnel", "unbilled"])
def test_months_equal_the_recomputation(cast: Any, name: str) -> None:
    books, rates = build_wild(cast, seed=73), wild_rates(73)
    keep_rates(cast.firm.firm_id, rates)
    months = [(date(2024, 9, 1), date(2024, 9, 30)), (date(2024, 10, 1), date(2024, 10, 31))]

    answer = ask(
        cast.firm.firm_id,
        name,
        period="2024-09-01..2024-10-31",
        on=TODAY,
        grain=Grain.MONTH,
        currency="converted:CAD",
    )

    assert answer.total is not None
    for first, last in months:
        asked = Question(books, "CAD", first, last, TODAY, Viewer())
        theirs = recompute_converted(Money(rates, "CAD", CODES), DECLARED[name], asked)[""]
        assert_same(items_of(answer.total.series[first], name), theirs, first)


def test_the_firms_have_money_and_rates_of_all_kinds(cast: Any) -> None:
    """Rows with rates, rows without, in every currency: else the tests above would prove little."""
    books, rates = build_wild(cast, seed=71), wild_rates(71)
    keep_rates(cast.firm.firm_id, rates)
    first, last = PERIODS[0]

    answer = ask(cast.firm.firm_id, "billed", period=f"{first}..{last}", on=TODAY, currency="converted:JPY")

    assert answer.flags
    assert isinstance(books, Books)
    assert {bill.currency for bill in books.bills} == set(CODES)
    assert all(converted(BY_NAME[name]).items for name in (*DECLARED, *KEPT))


@pytest.mark.parametrize("viewer", [Viewer(), VIEWERS[4]], ids=lambda viewer: viewer.kind)
def test_explained_rows_add_up_and_were_what_they_say(cast: Any, viewer: Viewer) -> None:
    build_wild(cast, seed=74)
    firm_id, shown = cast.firm.firm_id, set()
    keep_rates(firm_id, wild_rates(74))
    scope = scope_of(firm_id, viewer)
    for metric in CATALOGUE:
        if not converted(metric).items:
            continue
        query = Query((metric.name,), EXPLAINED, currency="converted:USD")
        answer = ask(firm_id, metric.name, period=EXPLAINED, on=TODAY, scope=scope, currency="converted:USD")
        assert answer.total is not None
        for item in converted(metric).items:
            column = f"{metric.name}.{item}"
            explanation, rows = explain_whole(firm_id, scope, query, Cell(column), TODAY)
            assert_adds_up(explanation, rows, answer.total.figures[column])
            money = {each.key for each in explanation.sums if each.unit is Unit.MONEY}
            for row in rows:
                if row.originals and row.kind is not RowKind.OTHERS:
                    shown.add((row.kind, row.originals[0].currency))
                for key in money & set(row.contributions) if row.originals else ():
                    before = sum((each.amounts.get(key, 0) * (each.rate or 1) for each in row.originals), Decimal(0))
                    assert before == row.contributions[key], (column, row)
    assert {RowKind.LINE, RowKind.SETTLEMENT, RowKind.ENTRY} <= {kind for kind, _ in shown}
    assert len({code for _, code in shown}) > 1
