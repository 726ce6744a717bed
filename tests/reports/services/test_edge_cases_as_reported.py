"""Edge cases of what is known now beside what was known then: two looks at a firm that changed between them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Comparison, Mode, Query
from apps.reports.contracts.explanation import Cell
from apps.reports.models import Snapshot
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.take_snapshot import SnapshotStatus, take_due_snapshot
from tests.reports.asking import ask, by, rows_of, total_of
from tests.reports.conftest import golden
from tests.reports.mirror import fill_mirror
from tests.reports.services.test_explained_rows import assert_adds_up, explain_whole

pytestmark = pytest.mark.django_db
LATER = date(2025, 5, 20)
Night = Callable[[date, Any], None]


@pytest.fixture
def firm_id(cast: Any) -> int:
    found: int = cast.firm.firm_id
    with tenant(found), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [found])
    return found


@pytest.fixture
def night(firm_id: int) -> Night:
    """Return a function that ends a day with these records in Clio."""

    def end(day: date, records: Any) -> None:
        now = datetime(day.year, day.month, day.day, 0, 10, tzinfo=UTC) + timedelta(days=1)
        fill_mirror(firm_id, records, synced_at=now)
        rebuild_ledger(firm_id=firm_id, now=now)
        assert take_due_snapshot(firm_id=firm_id, now=now).status is SnapshotStatus.TAKEN

    return end


def figure(firm_id: int, column: str, day: date, mode: Mode) -> Decimal | None:
    metric, _, item = column.partition(".")
    return total_of(ask(firm_id, metric, period=f"{day}..{day}", on=LATER, mode=mode), metric)[item]


def both(firm_id: int, column: str, day: date) -> tuple[Decimal | None, Decimal | None]:
    """Return a figure as it is known now, and as it was reported."""
    return figure(firm_id, column, day, Mode.RESTATED), figure(firm_id, column, day, Mode.AS_REPORTED)


def bill_of(records: Any) -> Any:
    """The golden fixture's bill I1: issued 3 March, due 3700."""
    return next(each for each in records["bills"] if each["state"] == "awaiting_payment")


def test_case_4_a_bill_approved_after_its_issue_date_counts_from_the_day_it_is_seen_approved(
    firm_id: int, night: Night
) -> None:
    """Edge case 4."""
    records = golden("march")
    records["allocations"], records["credit_memos"] = [], []
    bill = bill_of(records)
    approved = {**bill, "paid": 0, "credits_issued": 0, "balance": bill["due"]}
    bill |= {**approved, "state": "awaiting_approval"}
    night(date(2025, 3, 5), records)
    bill |= approved
    night(date(2025, 3, 6), records)

    assert both(firm_id, "receivable.total", date(2025, 3, 5)) == (Decimal("3700.00"), Decimal("0.00"))
    assert both(firm_id, "receivable.total", date(2025, 3, 6)) == (Decimal("3700.00"), Decimal("3700.00"))
    restated, reported = both(firm_id, "unbilled.total", date(2025, 3, 5))
    assert (restated, reported) == (Decimal("1800.00"), Decimal("5800.00"))
    assert both(firm_id, "unbilled.total", date(2025, 3, 6)) == (Decimal("3300.00"), Decimal("3300.00"))


def test_a_void_bill_was_owed_until_it_is_seen_void(firm_id: int, night: Night) -> None:
    """Edge case 6: restated it was never billed, and its work has been waiting since it was done."""
    records = golden("march")
    records["allocations"], records["credit_memos"] = [], []
    bill = bill_of(records)
    bill |= {"paid": 0, "credits_issued": 0, "balance": bill["due"]}
    night(date(2025, 3, 31), records)
    bill |= {"state": "void", "balance": 0}
    night(date(2025, 4, 1), records)

    assert both(firm_id, "receivable.total", date(2025, 3, 31)) == (Decimal("0.00"), Decimal("3700.00"))
    assert both(firm_id, "receivable.total", date(2025, 4, 1)) == (Decimal("0.00"), Decimal("0.00"))
    assert both(firm_id, "unbilled.total", date(2025, 3, 31)) == (Decimal("7300.00"), Decimal("3300.00"))
    assert both(firm_id, "unbilled.total", date(2025, 4, 1)) == (Decimal("7300.00"), Decimal("7300.00"))
    assert figure(firm_id, "wip_written_off.total", date(2025, 4, 1), Mode.AS_REPORTED) == Decimal("0.00")


def test_a_voided_payment_counts_as_reported_until_it_was_voided(firm_id: int, night: Night) -> None:
    """Edge case 7."""
    records = golden("march")
    bill = bill_of(records)
    payment = next(each for each in records["allocations"] if each["amount"] == 1850)
    night(date(2025, 3, 31), records)
    payment["voided_at"] = "2025-04-01T15:00:00+00:00"
    bill |= {"paid": 0, "balance": bill["balance"] + 1850}
    night(date(2025, 4, 1), records)

    assert both(firm_id, "receivable.total", date(2025, 3, 31)) == (Decimal("3330.00"), Decimal("1480.00"))
    assert both(firm_id, "receivable.total", date(2025, 4, 1)) == (Decimal("3330.00"), Decimal("3330.00"))


def test_a_bill_keeps_the_due_date_it_had_in_its_age(firm_id: int, night: Night) -> None:
    records = golden("march")
    night(date(2025, 3, 31), records)
    bill_of(records)["due_at"] = "2025-05-15"
    night(date(2025, 4, 1), records)

    assert both(firm_id, "aging.days_1_30", date(2025, 3, 31)) == (Decimal("0.00"), Decimal("1480.00"))
    assert both(firm_id, "aging.current", date(2025, 4, 1)) == (Decimal("1480.00"), Decimal("1480.00"))


def test_a_reopened_matter_was_closed_as_reported(firm_id: int, night: Night) -> None:
    """K34: Clio forgets the closing date of a matter that is opened again."""
    records = golden("march")
    matter = records["matters"][0]
    matter |= {"status": "Closed", "close_date": "2025-03-28"}
    night(date(2025, 3, 31), records)
    matter |= {"status": "Open", "close_date": None}
    night(date(2025, 4, 1), records)

    march: dict[str, Any] = {"period": "2025-03", "on": LATER}
    restated = total_of(ask(firm_id, "matters", **march), "matters")
    reported = total_of(ask(firm_id, "matters", **march, mode=Mode.AS_REPORTED), "matters")

    assert (restated["closed"], restated["open"]) == (Decimal(0), Decimal(2))
    assert (reported["closed"], reported["open"]) == (Decimal(1), Decimal(1))
    by_status = rows_of(ask(firm_id, "matters", **march, mode=Mode.AS_REPORTED, **by("status")), "matters")
    assert {status: row["closed"] for status, row in by_status.items()} == {"Closed": 1, "Open": 0}
    assert both(firm_id, "matters.open", date(2025, 4, 1)) == (Decimal(2), Decimal(2))


def test_work_given_up_counts_on_the_day_it_is_seen_gone(firm_id: int, night: Night) -> None:
    """K12 as reported: deleted, made non-billable, cut; each on its own night."""
    records = golden("march")
    waiting = next(each for each in records["activities"] if each["total"] == 1800)
    on_draft = next(each for each in records["activities"] if each["total"] == 1500)
    night(date(2025, 3, 31), records)
    waiting["total"] = 1700
    night(date(2025, 4, 1), records)
    records["activities"] = [each for each in records["activities"] if each["id"] != waiting["id"]]
    fill_mirror_without(firm_id, waiting["id"])
    night(date(2025, 4, 2), records)
    on_draft |= {"non_billable": True, "non_billable_total": 1500, "total": 0}
    night(date(2025, 4, 3), records)

    found = {
        day: total_of(
            ask(firm_id, "wip_written_off", period=f"{day}..{day}", on=LATER, mode=Mode.AS_REPORTED), "wip_written_off"
        )
        for day in (date(2025, 4, number) for number in (1, 2, 3))
    }

    assert [(each["total"], each["edited_down"]) for each in found.values()] == [
        (Decimal("0.00"), Decimal("100.00")),
        (Decimal("1700.00"), Decimal("0.00")),
        (Decimal("1500.00"), Decimal("0.00")),
    ]
    assert found[date(2025, 4, 2)]["deleted"] == Decimal("1700.00")
    assert found[date(2025, 4, 3)]["non_billable"] == Decimal("1500.00")
    query = Query(("wip_written_off",), "2025-04", mode=Mode.AS_REPORTED)
    scope = Scope.whole_firm(firm_id)
    explanation, rows = explain_whole(firm_id, scope, query, Cell("wip_written_off.total"), LATER)
    assert_adds_up(explanation, rows, Decimal("3200.00"))
    gone = next(row for row in rows if row.row_id == waiting["id"])
    assert (gone.facts.day, gone.facts.matter_id) == (date(2025, 3, 5), waiting["matter"]["id"])


def fill_mirror_without(firm_id: int, activity_id: int) -> None:
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clio_activities WHERE firm_id = %s AND clio_id = %s", [firm_id, activity_id])


def test_a_figure_as_reported_is_explained_by_what_was_kept(firm_id: int, night: Night) -> None:
    records = golden("march")
    night(date(2025, 3, 31), records)
    bill_of(records).update(state="void", balance=0)
    night(date(2025, 4, 1), records)
    scope = Scope.whole_firm(firm_id)
    for column in (
        "unbilled.total", "unbilled_aging.weighted_age", "receivable.total", "aging.days_1_30",
        "receivable_age.weighted_age", "matters.open", "matters.opened", "matter_days.age_median",
    ):  # fmt: skip
        query = Query((column.partition(".")[0],), "2025-03-31..2025-03-31", mode=Mode.AS_REPORTED)
        explanation, rows = explain_whole(firm_id, scope, query, Cell(column), LATER)

        assert explanation.mode is Mode.AS_REPORTED
        assert_adds_up(explanation, rows, figure(firm_id, column, date(2025, 3, 31), Mode.AS_REPORTED))

    query = Query(("receivable",), "2025-03-31..2025-03-31", mode=Mode.AS_REPORTED)
    _, rows = explain_whole(firm_id, scope, query, Cell("receivable.total"), LATER)
    assert [row.facts.day for row in rows] == [date(2025, 3, 3)]


def test_beside_a_day_without_a_snapshot_there_is_nothing_to_compare_with(firm_id: int, night: Night) -> None:
    night(date(2025, 3, 30), golden("march"))
    night(date(2025, 3, 31), golden("march"))

    asked: dict[str, Any] = {"on": LATER, "mode": Mode.AS_REPORTED, "comparison": Comparison.PRIOR_PERIOD}
    answer = ask(firm_id, "unbilled", period="2025-03", **asked)

    assert answer.total is not None
    assert answer.total.figures["unbilled.fees"] == Decimal("3300.00")
    assert answer.total.compared["unbilled.fees"] is None
    assert [(gap.day, gap.nearest_before) for gap in answer.gaps] == [(date(2025, 2, 28), None)]


def test_every_night_of_these_is_kept(firm_id: int, night: Night) -> None:
    night(date(2025, 3, 30), golden("march"))
    night(date(2025, 3, 31), golden("march"))

    with tenant(firm_id):
        assert Snapshot.objects.filter(firm_id=firm_id, status="taken").count() == 2
