"""Cost, profit, credit and the split of fees against the recomputation, over firms full of rare cases."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Firm
from apps.accounts.services.set_target_hours import set_target_hours
from apps.core.tenancy import tenant
from apps.reports.contracts import Grain
from apps.reports.contracts.kept import KeptTable
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.queries.kept import MODELS
from apps.reports.rules import kept_tables
from apps.reports.rules.cells import read_row
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask, items_of, rows_of, total_of
from tests.reports.comparing import scope_of
from tests.reports.mirror import SYNCED, fill_mirror
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.answers import Question, figures_of_nothing, recompute_by_key
from tests.reports.recompute.facts import key_of
from tests.reports.recompute.kept import kept_metrics
from tests.reports.recompute.plans import Tables, variance_by
from tests.reports.services.test_rare_cases_recomputed import PERIODS, VIEWERS
from tests.reports.services.test_work_and_cash_recomputed import TODAY, differing
from tests.reports.wild import CLIENTS, FIRST, MATTERS, PEOPLE, WildFirm
from tests.standing import standing

pytestmark = pytest.mark.django_db
NAMES = (
    "cost_rates",
    "matter_profit",
    "matter_profit_of_period",
    "contribution",
    "credit",
    "fee_split",
    "target_attainment",
)


def wild_tables(seed: int) -> Tables:
    """Return tables at random: people with and without rates, matters shared in turn, shares past their sunset."""
    dice = random.Random(f"tables {seed}")

    def some_day() -> date:
        return FIRST + timedelta(days=dice.randint(-30, 500))

    costs = [
        {
            "timekeeper_id": person,
            "starts_on": on.isoformat(),
            "pay": str(dice.choice([90000, "123456.78", 71])),
            "benefits": str(dice.choice([0, "1234.56"])),
            "expected_hours": str(dice.choice([1500, "1717.5", 7])),
        }
        for person in list(PEOPLE)[:-1]
        for on in sorted({some_day(), some_day()})
    ]
    splits = []
    for role in ("originating", "responsible"):
        for column, ids in (("matter_id", list(MATTERS)[::2]), ("client_id", list(CLIENTS)[::2])):
            for record in ids:
                first, second = some_day(), some_day()
                starts, ends = min(first, second), max(first, second)
                for person, percent in zip(dice.sample(list(PEOPLE), 3), ("50", "33.3333", "16.6667"), strict=True):
                    splits.append(
                        {
                            "role": role,
                            column: record,
                            "timekeeper_id": person,
                            "starts_on": starts.isoformat(),
                            "percent": percent,
                            "ends_on": ends.isoformat(),
                            "sunset_on": (starts + timedelta(days=40)).isoformat() if dice.random() < 0.4 else None,
                        }
                    )
    fees = [
        {"starts_on": "2024-03-01", "worked": "40", "originating": "12.5", "responsible": "7.0001"},
        {"starts_on": "2025-02-01", "worked": "0", "originating": "100"},
    ]
    targets = [
        {"month": f"{year}-{month:02d}", "measure": measure, "amount": str(dice.choice([7, "100.5", 3333])), **subject}
        for year in (2024, 2025)
        for month in range(1, 13)
        for measure in ("hours", "billed", "collected", "new_matters")
        for subject in ({}, {"timekeeper_id": 12}, {"timekeeper_id": 13}, {"practice_area_id": 21})
        if dice.random() < 0.7 and not (measure == "hours" and "timekeeper_id" in subject)
    ]
    targets += [{"month": "2024-09", "measure": "billed", "amount": "5000", "currency": "CAD"}]
    hours = [
        (11, date(2024, 3, 1), Decimal("101.5")),
        (11, date(2024, 9, 1), Decimal(0)),
        (12, date(2025, 1, 1), Decimal(120)),
    ]
    partners = [
        (11, date(2020, 1, 1), True),
        (12, date(2025, 9, 1), True),
        (13, date(2024, 10, 10), True),
        (13, date(2025, 2, 1), False),
    ]
    return Tables(costs, splits, fees, partners, targets, hours, [date(2024, 9, 2), date(2025, 7, 4)])


def build_kept(cast: Any, seed: int, bills: int = 120) -> tuple[Books, Tables]:
    """Return the books of a wild firm and the tables it keeps; its ledger is built with them."""
    records, tables, now = WildFirm(seed, bills).records, wild_tables(seed), datetime(2025, 7, 15, tzinfo=UTC)
    partners = [
        {"timekeeper_id": person, "starts_on": on.isoformat(), "is_partner": is_one}
        for person, on, is_one in tables.partners
    ]
    given: list[tuple[KeptTable, list[dict[str, Any]]]] = [
        (kept_tables.COST_RATES, tables.cost_rates),
        (kept_tables.CREDIT_SPLITS, tables.credit_splits),
        (kept_tables.FEE_SPLITS, tables.fee_splits),
        (kept_tables.WORKING_TIMES, partners),
        (kept_tables.TARGETS, tables.targets),
    ]
    with tenant(cast.firm.firm_id):
        for table, rows in given:
            model = MODELS[table.name]
            model._base_manager.bulk_create(model(firm_id=cast.firm.firm_id, **read_row(table, row)[0]) for row in rows)
        Firm.objects.filter(pk=cast.firm.firm_id).update(holidays={day.isoformat(): "" for day in tables.holidays})
    for person, starts_on, hours in tables.hours:
        set_target_hours(
            firm_id=cast.firm.firm_id,
            actor_id=cast.owner.pk,
            timekeeper_id=person,
            starts_on=starts_on,
            monthly_hours=hours,
            now=now,
        )
    fill_mirror(cast.firm.firm_id, records)
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=now).status == "built"
    return Books(records, currency="USD", zone="UTC", first_synced=SYNCED, holidays=tables.holidays), tables


@pytest.mark.generated(70, 1)
def test_totals_in_every_scope_equal_the_recomputation(cast: Any, seed: int) -> None:
    books, tables = build_kept(cast, seed)
    declared = kept_metrics(tables)
    for viewer in VIEWERS:
        scope = scope_of(cast.firm.firm_id, viewer)
        for first, last in PERIODS:
            for code in ("USD", "CAD"):
                question = Question(books, code, first, last, TODAY, viewer)
                answer = ask(cast.firm.firm_id, *NAMES, period=f"{first}..{last}", on=TODAY, scope=scope, currency=code)
                for name in NAMES:
                    theirs = recompute_by_key(declared[name], question)[""]
                    assert total_of(answer, name) == theirs, (name, viewer, first, code)


kept_71 = standing(lambda cast: build_kept(cast, 71))
kept_72 = standing(lambda cast: build_kept(cast, 72))
kept_73 = standing(lambda cast: build_kept(cast, 73))


@pytest.mark.parametrize("name", NAMES)
def test_every_dimension_equals_the_recomputation(kept_71: Any, name: str) -> None:
    cast, (books, tables) = kept_71
    declared = kept_metrics(tables)[name]
    first, last = PERIODS[1]
    for viewer in (Viewer(), VIEWERS[1], VIEWERS[4]):
        question = Question(books, "USD", first, last, TODAY, viewer)
        scope, blank = scope_of(cast.firm.firm_id, viewer), figures_of_nothing(declared, question)
        for dimension in sorted(BY_NAME[name].dims - {"allocation"}):
            more: dict[str, Any] = {"dimensions": (dimension,), "scope": scope}
            answer = ask(cast.firm.firm_id, name, period=f"{first}..{last}", on=TODAY, **more)
            found = differing(rows_of(answer, name), recompute_by_key(declared, question, dimension), blank)
            assert found == {}, (dimension, viewer)


@pytest.mark.parametrize("name", NAMES)
def test_months_equal_the_recomputation(kept_72: Any, name: str) -> None:
    cast, (books, tables) = kept_72
    declared = kept_metrics(tables)[name]
    answer = ask(cast.firm.firm_id, name, period="2024-09-01..2024-10-31", on=TODAY, grain=Grain.MONTH)
    months = {row.keys[0]: items_of(row.figures, name) for row in answer.rows}

    for first, last in ((date(2024, 9, 1), date(2024, 9, 30)), (date(2024, 10, 1), date(2024, 10, 31))):
        question = Question(books, "USD", first, last, TODAY, Viewer())
        theirs = recompute_by_key(declared, question)[""]
        assert months.get(first.isoformat(), figures_of_nothing(declared, question)) == theirs


@pytest.mark.parametrize(("dimension", "kind"), [("", "firm"), ("timekeeper", "person"), ("practice_area", "area")])
def test_variance_equals_the_recomputation(kept_73: Any, dimension: str, kind: str) -> None:
    cast, (books, tables) = kept_73
    declared = variance_by(tables, kind)
    for viewer in (Viewer(), VIEWERS[1], VIEWERS[3], *OF_PARTS):
        for first, last in ((date(2024, 8, 5), date(2024, 11, 20)), (date(2025, 7, 1), date(2025, 7, 31))):
            for code in ("USD", "CAD"):
                question = Question(books, code, first, last, TODAY, viewer)
                scope, blank = scope_of(cast.firm.firm_id, viewer), figures_of_nothing(declared, question)
                more: dict[str, Any] = {"dimensions": (dimension,)} if dimension else {}
                answer = ask(
                    cast.firm.firm_id,
                    "plan_variance",
                    period=f"{first}..{last}",
                    on=TODAY,
                    scope=scope,
                    currency=code,
                    **more,
                )
                if dimension:
                    theirs = by_subject(declared, question, dimension)
                    assert differing(rows_of(answer, "plan_variance"), theirs, blank) == {}, (viewer, first, code)
                else:
                    seen = declared if viewer.kind == "whole_firm" else variance_by(tables, told_apart(viewer))
                    theirs = recompute_by_key(seen, question)[""]
                    assert total_of(answer, "plan_variance") == theirs, (viewer, first, code)


# Who sees people or areas wholly, some of them only in part, or a person's own work among colleagues' on own matters.
OF_PARTS = (
    Viewer("self", me=12),
    Viewer("subset", grants=[{"people": [12]}, {"areas": [21], "people": [11]}, {"clients": [31]}]),
    Viewer("subset", grants=[{"areas": [21]}, {"groups": [61]}]),
    Viewer("subset", grants=[{"areas": [22], "people": [13]}]),
)


def told_apart(viewer: Viewer) -> str:
    """Return whose plans somebody is shown who does not see the firm: people's, if they see any as such."""
    return "person" if viewer.has_capacity else "area"


def by_subject(declared: Any, question: Question, dimension: str) -> dict[Any, Any]:
    """Return the recomputation by key; a target of a practice area has no matter to tell its area by."""
    gathered, figure = declared
    facts = gathered(question)

    def key(name: str, fact: Any) -> Any:
        is_plan = name == "planned" and dimension == "practice_area"
        return fact.payer if is_plan else key_of(question.books, fact, dimension)

    keys = {key(name, fact) for name, found in facts.items() for fact in found}
    return {
        each: figure(
            {name: [fact for fact in found if key(name, fact) == each] for name, found in facts.items()}, question
        )
        for each in keys
    }
