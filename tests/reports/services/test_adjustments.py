"""What differs between a closed figure and now: row by row, and to the last unit."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from apps.core.access import Extra
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.contracts import Dimension
from apps.reports.contracts.closing import Adjustment, Adjustments, AdjustmentsQuestion, Change
from apps.reports.errors import MonthNotClosed, QuestionNotUnderstood
from apps.reports.metrics.as_reported import is_of_closed_months
from apps.reports.metrics.declaration import Share, Statistic
from apps.reports.queries.sources import READABLE
from apps.reports.services.close_month import close_month
from apps.reports.services.list_adjustments import list_adjustments
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.reopen_month import reopen_month
from tests.clio.mirror.writing import completed, gone, write
from tests.reports.changing import ChangingFirm
from tests.reports.closing import FLOWS
from tests.reports.conftest import DATASETS
from tests.reports.wild import ENTITIES, Records

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)
ITEMS = [
    (metric, name)
    for metric in FLOWS
    for name, item in metric.items.items()
    if is_of_closed_months(item) and not isinstance(item, Share)
]


def closed(cast: Any, month: date) -> UUID:
    return close_month(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, month=month, now=NOON).public_id


def adjustments(cast: Any, close_id: UUID, item: str, scope: Scope | None = None, **asked: Any) -> Adjustments:
    """Return a figure's adjustments with all their rows, read in small pages."""
    firm_id, rows, mark = cast.firm.firm_id, list[Adjustment](), None
    while True:
        with tenant(firm_id, read_only=True):
            found = list_adjustments(
                scope=scope or Scope.whole_firm(firm_id),
                close_id=close_id,
                asked=AdjustmentsQuestion(item, mark=mark, size=25, **asked),
                now=NOON,
                permissions=frozenset(Extra),
            )
        assert found.status == "ready"
        rows += found.rows
        mark = found.next
        if mark is None:
            return Adjustments(**{name: getattr(found, name) for name in found.__slots__} | {"rows": tuple(rows)})


def differences(found: Adjustments) -> dict[str, Decimal]:
    """Add up what the rows differ by."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in found.rows:
        for key in {*row.now, *row.closed}:
            sums[key] += row.now.get(key, Decimal(0)) - row.closed.get(key, Decimal(0))
    return sums


@pytest.mark.parametrize("seed", range(3))
def test_the_rows_add_up_to_the_difference_exactly(cast: Any, seed: int) -> None:
    firm = ChangingFirm(cast.firm, 900 + seed, bills=60)
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_fee_split (firm_id, starts_on, worked, originating, responsible) "
            "VALUES (%s, '2024-01-01', 40, 20, 10)",
            [cast.firm.firm_id],
        )
        cursor.execute(
            "INSERT INTO reports_target (firm_id, month, measure, currency, amount) "
            "SELECT %s, '2025-01-01', measure, '', 50 FROM unnest(ARRAY['hours', 'billed', 'new_matters']) measure",
            [cast.firm.firm_id],
        )
        cursor.execute(
            "INSERT INTO accounts_targethours (firm_id, timekeeper_id, starts_on, monthly_hours, set_at) "
            "SELECT %s, person, '2025-01-01', 90.5, now() FROM generate_series(11, 12) person",
            [cast.firm.firm_id],
        )
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)
    close_id = closed(cast, date(2025, 1, 1))
    assert not any(adjustments(cast, close_id, f"{metric.name}.{name}").rows for metric, name in ITEMS[::5])
    firm.change(150)
    firm.work_on(date(2025, 1, 9))
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_target SET amount = amount + 1 WHERE firm_id = %s", [cast.firm.firm_id])
        cursor.execute("DELETE FROM accounts_targethours WHERE timekeeper_id = 12")
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    part = Scope(cast.firm.firm_id, ScopeKind.SUBSET, None, (Grant(timekeeper_ids=(11, 12)),))
    adjusted = 0
    for place, (metric, name) in enumerate(ITEMS):
        is_told_one_by_one = not any(READABLE[each.source].shape.by_itself for each in metric.items[name].uses())
        for scope in (None, part) if place % 4 == seed and is_told_one_by_one else (None,):
            found = adjustments(cast, close_id, f"{metric.name}.{name}", scope)
            sums = differences(found)
            for each in found.sums:
                if each.adds_up and each.closed is not None and each.now is not None:
                    assert sums[each.key] == each.now - each.closed, (metric.name, name, each.key)
                    adjusted += each.now != each.closed
            if found.closed != found.now and not isinstance(metric.items[name], Statistic):
                assert found.rows, (metric.name, name)
    assert adjusted > 5


MARCH: Records = json.loads((DATASETS / "golden_march.json").read_text())
A1 = next(each for each in MARCH["activities"] if each["date"] == "2025-02-10")


def mirror_march(cast: Any) -> None:
    """Write the golden firm the way a sync does."""
    for name in ENTITIES:
        if MARCH[name]:
            write(cast.firm, name, *MARCH[name])
    completed(cast.firm, *ENTITIES)


@pytest.fixture
def march(cast: Any) -> Any:
    """The golden firm with February closed."""
    mirror_march(cast)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)
    return cast, closed(cast, date(2025, 2, 1))


def test_case_3_late_time_in_a_closed_month_is_listed_and_the_closed_figure_stands(march: Any) -> None:
    cast, close_id = march
    write(cast.firm, "activities", A1 | {"id": 77_001, "date": "2025-02-27", "bill": None})
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    found = adjustments(cast, close_id, "recorded_hours.total")

    assert (found.closed, found.now) == (Decimal("14.00"), Decimal("24.00"))
    (row,) = found.rows
    assert (row.change, row.row.row_id, row.row.facts.day) == (Change.ADDED, 77_001, date(2025, 2, 27))
    assert row.row.record == "activities/77001"
    assert set(row.now.values()) == {Decimal(36000)}


def test_a_changed_and_a_deleted_entry_keep_what_they_were_about(march: Any) -> None:
    cast, close_id = march
    first, second = sorted(
        (each for each in MARCH["activities"] if each["date"] < "2025-02-24"), key=lambda each: each["id"]
    )
    write(cast.firm, "activities", first | {"quantity": 3600, "rounded_quantity": 3600})
    gone(cast.firm, "activities", second["id"])
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    found = adjustments(cast, close_id, "recorded_hours.total")

    assert [(row.change, row.row.row_id) for row in found.rows] == [
        (Change.CHANGED, first["id"]),
        (Change.REMOVED, second["id"]),
    ]
    removed = found.rows[1].row
    assert removed.facts.day == date.fromisoformat(second["date"])
    assert removed.facts.timekeeper_id == second["user"]["id"]
    assert removed.facts.detail == "billable time"


@pytest.mark.parametrize("day", ["2025-03-24", "2025-03-26", "2025-04-02"])
def test_case_5_a_payment_entered_again_is_told_as_such(cast: Any, day: str) -> None:
    later, firm_id = datetime(2025, 4, 30, 12, tzinfo=UTC), cast.firm.firm_id
    mirror_march(cast)
    rebuild_ledger(firm_id=firm_id, now=later)
    close_id = close_month(firm_id=firm_id, actor_id=cast.owner.pk, month=date(2025, 3, 1), now=later).public_id
    paid = next(each for each in MARCH["allocations"] if each["parent"]["type"] == "Payment")
    gone(cast.firm, "allocations", paid["id"])
    write(cast.firm, "allocations", paid | {"id": 94_002, "date": day})
    rebuild_ledger(firm_id=firm_id, now=later)

    rows = adjustments(cast, close_id, "collected.fees").rows

    told = {(row.change, row.row.row_id, row.re_entered and row.re_entered.allocation_id) for row in rows}
    again = {(Change.ADDED, 94_002, paid["id"])} if day.startswith("2025-03") else set()
    assert told == {(Change.REMOVED, paid["id"], 94_002)} | again
    assert {row.re_entered.settled_on.isoformat() for row in rows if row.re_entered} <= {day, paid["date"]}


def test_another_payment_of_another_amount_is_not_the_old_one_again(cast: Any) -> None:
    later, firm_id = datetime(2025, 4, 30, 12, tzinfo=UTC), cast.firm.firm_id
    mirror_march(cast)
    rebuild_ledger(firm_id=firm_id, now=later)
    close_id = close_month(firm_id=firm_id, actor_id=cast.owner.pk, month=date(2025, 3, 1), now=later).public_id
    paid = next(each for each in MARCH["allocations"] if each["parent"]["type"] == "Payment")
    gone(cast.firm, "allocations", paid["id"])
    write(cast.firm, "allocations", paid | {"id": 94_002, "amount": 1849.0})
    rebuild_ledger(firm_id=firm_id, now=later)

    rows = adjustments(cast, close_id, "collected.fees").rows

    assert {row.change for row in rows} == {Change.ADDED, Change.REMOVED}
    assert {row.re_entered for row in rows} == {None}


def test_filters_narrow_both_sides(march: Any) -> None:
    cast, close_id = march
    write(cast.firm, "activities", A1 | {"id": 77_001, "date": "2025-02-27", "bill": None})
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)
    other = next(each["id"] for each in MARCH["users"] if each["id"] != A1["user"]["id"])

    found = adjustments(cast, close_id, "recorded_hours.total", filters={Dimension.TIMEKEEPER: (other,)})

    assert found.rows == ()
    assert found.closed == found.now == Decimal("4.00")


def test_refuses_a_reopened_month_and_what_no_month_keeps(march: Any) -> None:
    cast, close_id = march
    with pytest.raises(QuestionNotUnderstood):
        adjustments(cast, close_id, "receivable.total")
    with pytest.raises(QuestionNotUnderstood):
        adjustments(cast, close_id, "billed.nothing")
    reopen_month(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, close_id=close_id, reason="So.", now=NOON)

    with pytest.raises(MonthNotClosed):
        adjustments(cast, close_id, "billed.fees")
