"""A closed month never moves: as reported is what was restated at the close, whatever happens later."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from apps.core.registries import books_erasers, firm_erasers, firm_exporters
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Comparison, Dimension, Grain, Mode
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.models import FrozenRow, PeriodClose
from apps.reports.services.change_rules import change_rules
from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.asking import ask
from tests.reports.changing import ChangingFirm
from tests.reports.closing import close, every_figure, moved

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)
MONTHS = ["2024-11", "2024-12", "2025-01"]
PERIOD = "2024-11-01..2025-01-31"


@pytest.fixture
def in_utc(cast: Any) -> Any:
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [cast.firm.firm_id])
    return cast


@pytest.mark.parametrize("seed", range(4))
def test_a_closed_month_never_moves(in_utc: Any, seed: int) -> None:
    firm_id, now = in_utc.firm.firm_id, NOON
    firm = ChangingFirm(in_utc.firm, 700 + seed, bills=60)
    keep_rates(firm_id)
    rebuild_ledger(firm_id=firm_id, now=now)
    asked: dict[str, Any] = {"grain": Grain.MONTH, "currency": ["USD", "CAD"][seed % 2]}
    before = every_figure(firm_id, PERIOD, now.date(), Mode.RESTATED, **asked)

    close(in_utc, MONTHS, now)

    assert moved(before, every_figure(firm_id, PERIOD, now.date(), Mode.AS_REPORTED, **asked)) == {}
    has_moved = False
    for _ in range(3):
        firm.change(12)
        firm.work_on(date(2024, 12, 5))
        change_settings(firm_id)
        now += timedelta(days=firm.dice.choice([0, 1, 40]))
        rebuild_ledger(firm_id=firm_id, now=now)
        assert moved(before, every_figure(firm_id, PERIOD, now.date(), Mode.AS_REPORTED, **asked)) == {}
        has_moved |= bool(moved(before, every_figure(firm_id, PERIOD, now.date(), Mode.RESTATED, **asked)))
    assert has_moved


def keep_rates(firm_id: int) -> None:
    """Give the firm splits and targets, so that their figures have something to say."""
    with tenant(firm_id), connection.cursor() as cursor:
        for subject, value in (("timekeeper_id", 12), ("practice_area_id", 21), ("timekeeper_id", None)):
            cursor.execute(
                f"INSERT INTO reports_target (firm_id, month, measure, {subject}, currency, amount) "
                "SELECT %s, month, measure, %s, '', 777 FROM unnest(ARRAY['2024-11-01', '2025-01-01']::date[]) month "
                "CROSS JOIN unnest(ARRAY['hours', 'billed', 'collected', 'new_matters']) measure "
                "WHERE measure <> 'hours' OR %s::bigint IS DISTINCT FROM 12",
                [firm_id, value, value],
            )
        cursor.execute(
            "INSERT INTO accounts_targethours (firm_id, timekeeper_id, starts_on, monthly_hours, set_at) "
            "SELECT %s, person, '2024-12-01', 90.5, now() FROM generate_series(11, 12) person",
            [firm_id],
        )
        cursor.execute(
            "INSERT INTO reports_fee_split (firm_id, starts_on, worked, originating, responsible) "
            "VALUES (%s, '2024-01-01', 40, 20, 10)",
            [firm_id],
        )


def change_settings(firm_id: int) -> None:
    """Change what people keep: fee splits, targets, working days."""
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_target SET amount = amount * 2 WHERE firm_id = %s", [firm_id])
        cursor.execute("UPDATE accounts_targethours SET monthly_hours = 60 WHERE firm_id = %s", [firm_id])
        cursor.execute("UPDATE reports_fee_split SET worked = worked - 1 WHERE firm_id = %s", [firm_id])
        cursor.execute("UPDATE accounts_firm SET working_days = ARRAY[1, 2, 3]::smallint[] WHERE id = %s", [firm_id])


@pytest.mark.parametrize(
    "grant", [{"timekeeper_ids": (11, 12)}, {"practice_area_ids": (21,)}, {"client_ids": (31, 33)}], ids=str
)
def test_part_readers_see_their_part_of_a_closed_month(in_utc: Any, grant: dict[str, Any]) -> None:
    firm_id = in_utc.firm.firm_id
    ChangingFirm(in_utc.firm, 720, bills=40)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    scope = Scope(firm_id, ScopeKind.SUBSET, None, (Grant(**grant),))
    close(in_utc, MONTHS, NOON)

    restated = every_figure(firm_id, PERIOD, NOON.date(), Mode.RESTATED, scope)

    assert moved(restated, every_figure(firm_id, PERIOD, NOON.date(), Mode.AS_REPORTED, scope)) == {}
    assert moved(restated, every_figure(firm_id, PERIOD, NOON.date(), Mode.RESTATED)) != {}


def test_the_statement_of_shared_fees_stands_whatever_the_percentages_become(in_utc: Any) -> None:
    firm_id = in_utc.firm.firm_id
    ChangingFirm(in_utc.firm, 731, bills=160)
    keep_rates(firm_id)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    before = fee_split(firm_id, Mode.RESTATED)
    close(in_utc, MONTHS, NOON)

    change_settings(firm_id)
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_matter SET originating_id = 11, responsible_id = 12")

    assert len(before) > 2
    assert fee_split(firm_id, Mode.AS_REPORTED) == before
    assert fee_split(firm_id, Mode.RESTATED) != before


def fee_split(firm_id: int, mode: Mode) -> dict[Any, Any]:
    """Return every share of collected fees by timekeeper and allocation."""
    dimensions = (Dimension.TIMEKEEPER, Dimension.ALLOCATION)
    answer = ask(firm_id, "fee_split", period=PERIOD, on=NOON.date(), mode=mode, dimensions=dimensions)
    return {row.keys: row.figures for row in answer.rows}


def test_months_closed_under_different_rules_are_asked_one_by_one(in_utc: Any) -> None:
    firm_id = in_utc.firm.firm_id
    ChangingFirm(in_utc.firm, 740, bills=60)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    close(in_utc, ["2024-11"], NOON)
    first = hours(firm_id, "2024-11", Mode.AS_REPORTED)
    change_rules(
        firm_id=firm_id,
        actor_id=in_utc.owner.pk,
        changes={"counts_no_charge_as_billable": True},
        if_version=None,
        now=NOON,
    )
    rebuild_ledger(firm_id=firm_id, now=NOON)
    close(in_utc, ["2024-12"], NOON)

    assert hours(firm_id, "2024-11", Mode.AS_REPORTED) == first
    assert hours(firm_id, "2024-11", Mode.RESTATED) != first
    assert hours(firm_id, "2024-12", Mode.AS_REPORTED) == hours(firm_id, "2024-12", Mode.RESTATED)
    beside = ask(firm_id, "recorded_hours", period="2024-11", on=NOON.date(), comparison=Comparison.CLOSED).total
    assert beside is not None
    assert (beside.compared, beside.figures) == (first, hours(firm_id, "2024-11", Mode.RESTATED))
    with pytest.raises(QuestionNotUnderstood) as refused:
        hours(firm_id, "2024-11-01..2024-12-31", Mode.AS_REPORTED)
    assert refused.value.faults[0].code == "closed_under_different_rules"


def hours(firm_id: int, period: str, mode: Mode) -> Any:
    """Return the recorded hours of a period."""
    answer = ask(firm_id, "recorded_hours", period=period, on=NOON.date(), mode=mode)
    assert answer.total is not None
    return answer.total.figures


def test_closed_months_leave_with_the_firm_and_with_its_books(in_utc: Any) -> None:
    firm_id = in_utc.firm.firm_id
    ChangingFirm(in_utc.firm, 750, bills=10)
    rebuild_ledger(firm_id=firm_id, now=NOON)
    close(in_utc, MONTHS, NOON)

    with tenant(firm_id):
        exported = {name: list(export(firm_id)) for name, export in firm_exporters if name.startswith("reports.closes")}
        closes, rows = PeriodClose.objects.count(), FrozenRow.objects.count()
        assert {name: len(found) for name, found in exported.items()} == {
            "reports.closes.periodclose": closes,
            "reports.closes.frozenrow": rows,
        }
        for erasers in (firm_erasers, books_erasers):
            erase = dict(erasers)["reports.closes"]
            with transaction.atomic():
                assert erase(firm_id) == closes + rows
                assert not PeriodClose.objects.exists()
                transaction.set_rollback(True)
