"""What stands at the end of a day is kept: once, whole, of the firm's own day, and never invented afterwards."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.core.registries import firm_erasers, firm_exporters
from apps.core.tenancy import tenant
from apps.reports.contracts import Grain, Mode, SnapshotGap
from apps.reports.errors import SnapshotNotPossible
from apps.reports.ledger.snapshots import read_standing
from apps.reports.models import SNAPSHOT_TABLES, LedgerState, Snapshot, SnapshotReceivable, SnapshotUnbilled
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.take_snapshot import (
    SnapshotStatus,
    request_due_snapshots,
    take_due_snapshot,
    take_snapshot_now,
)
from tests.reports.asking import ask, by, total_of
from tests.reports.conftest import golden
from tests.reports.mirror import fill_mirror

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2025, 4, 1, 0, 5, tzinfo=UTC)
MARCH_31 = date(2025, 3, 31)


@pytest.fixture
def firm_id(cast: Any) -> int:
    found: int = cast.firm.firm_id
    with tenant(found), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_firm SET time_zone = 'UTC' WHERE id = %s", [found])
    return found


@pytest.fixture
def mirror(firm_id: int) -> Callable[..., None]:
    """Return a function that mirrors records, read from Clio at an instant, and builds the ledger."""

    def fill(records: Any, *, at: datetime) -> None:
        fill_mirror(firm_id, records, synced_at=at)
        rebuild_ledger(firm_id=firm_id, now=at)

    return fill


def days(firm_id: int) -> dict[date, tuple[str, str]]:
    with tenant(firm_id):
        return {each.day: (each.status, each.reason) for each in Snapshot.objects.filter(firm_id=firm_id)}


def test_keeps_the_day_that_ended(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)

    outcome = take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)

    assert (outcome.status, outcome.day) == (SnapshotStatus.TAKEN, MARCH_31)
    answer = ask(
        firm_id, "unbilled", "receivable", "aging", period="2025-03", on=date(2025, 4, 2), mode=Mode.AS_REPORTED
    )
    assert answer.mode is Mode.AS_REPORTED
    assert answer.gaps == ()
    assert total_of(answer, "unbilled")["fees"] == Decimal("3300.00")
    assert total_of(answer, "receivable")["total"] == Decimal("1480.00")
    assert total_of(answer, "aging")["days_1_30"] == Decimal("1480.00")
    with tenant(firm_id):
        kept = Snapshot.objects.get(firm_id=firm_id)
        assert kept.is_end_of_day
        assert SnapshotUnbilled.objects.filter(firm_id=firm_id).count() == 2
        assert SnapshotReceivable.objects.filter(firm_id=firm_id).count() == 2
        assert kept.rows == 2 + 2 + 2


def test_twice_is_once(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)
    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)

    again = take_due_snapshot(firm_id=firm_id, now=MIDNIGHT + timedelta(hours=1))

    assert again.status is SnapshotStatus.NOTHING_DUE
    with tenant(firm_id):
        assert Snapshot.objects.get(firm_id=firm_id).taken_at == MIDNIGHT
        assert SnapshotUnbilled.objects.filter(firm_id=firm_id).count() == 2


def test_rows_that_stay_as_they_are_are_kept_once(firm_id: int, mirror: Callable[..., None]) -> None:
    for night in range(4):
        now = MIDNIGHT + timedelta(days=night)
        mirror(golden("march"), at=now)
        assert take_due_snapshot(firm_id=firm_id, now=now).status is SnapshotStatus.TAKEN

    with tenant(firm_id):
        assert SnapshotUnbilled.objects.filter(firm_id=firm_id).count() == 2
        assert len({each.checksum for each in Snapshot.objects.filter(firm_id=firm_id)}) == 1


def test_a_day_missed_stays_missing_and_answers_with_nothing(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)
    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)
    back = MIDNIGHT + timedelta(days=3)
    mirror(golden("march"), at=back)

    take_due_snapshot(firm_id=firm_id, now=back)

    assert days(firm_id) == {
        MARCH_31: ("taken", ""),
        date(2025, 4, 1): ("missing", "not_taken"),
        date(2025, 4, 2): ("missing", "not_taken"),
        date(2025, 4, 3): ("taken", ""),
    }
    on = date(2025, 4, 5)
    answer = ask(firm_id, "unbilled", period="2025-04-01..2025-04-02", on=on, mode=Mode.AS_REPORTED)
    assert set(total_of(answer, "unbilled").values()) == {None}
    assert answer.rows == ()
    assert answer.gaps == (SnapshotGap(date(2025, 4, 2), MARCH_31, "not_taken", MARCH_31),)


def test_pieces_that_are_missing_have_no_figures_among_those_that_have(
    firm_id: int, mirror: Callable[..., None]
) -> None:
    for night in (0, 2):
        now = MIDNIGHT + timedelta(days=night)
        mirror(golden("march"), at=now)
        take_due_snapshot(firm_id=firm_id, now=now)
    asked: dict[str, Any] = {"period": "2025-03-31..2025-04-02", "on": date(2025, 4, 5), "grain": Grain.DAY}

    answer = ask(firm_id, "unbilled", mode=Mode.AS_REPORTED, **asked)
    by_matter = ask(firm_id, "unbilled", mode=Mode.AS_REPORTED, **asked, **by("matter"))

    fees = Decimal("3300.00")
    assert {row.keys[0]: row.figures["unbilled.fees"] for row in answer.rows} == {
        "2025-03-31": fees,
        "2025-04-01": None,
        "2025-04-02": fees,
    }
    assert by_matter.total is not None
    assert {day: each["unbilled.fees"] for day, each in by_matter.total.series.items()} == {
        MARCH_31: fees,
        date(2025, 4, 1): None,
        date(2025, 4, 2): fees,
    }
    assert all(row.series[date(2025, 4, 1)]["unbilled.fees"] is None for row in by_matter.rows)
    assert len(by_matter.rows) == 2


def test_figures_of_clio_too_old_are_no_snapshot_until_they_are_fresh(
    firm_id: int, mirror: Callable[..., None]
) -> None:
    mirror(golden("march"), at=MIDNIGHT - timedelta(hours=7))
    assert take_due_snapshot(firm_id=firm_id, now=MIDNIGHT).status is SnapshotStatus.STALE
    assert days(firm_id) == {MARCH_31: ("missing", "stale")}

    later = MIDNIGHT + timedelta(hours=2)
    mirror(golden("march"), at=later)

    assert take_due_snapshot(firm_id=firm_id, now=later).status is SnapshotStatus.TAKEN
    assert days(firm_id) == {MARCH_31: ("taken", "")}


def test_a_day_stale_all_night_is_missing_for_good(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT - timedelta(hours=7))
    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)
    morning = MIDNIGHT + timedelta(hours=6)
    mirror(golden("march"), at=morning)

    assert take_due_snapshot(firm_id=firm_id, now=morning).status is SnapshotStatus.NOTHING_DUE

    assert days(firm_id) == {MARCH_31: ("missing", "stale")}


def test_there_are_no_days_before_the_first_sync_has_ended(firm_id: int) -> None:
    fill_mirror(firm_id, golden("march"), synced_at=MIDNIGHT)
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clio_synced_entities WHERE firm_id = %s AND entity = 'bills'", [firm_id])

    assert take_due_snapshot(firm_id=firm_id, now=MIDNIGHT).status is SnapshotStatus.NOTHING_DUE
    assert request_due_snapshots(now=MIDNIGHT) == 0
    with pytest.raises(SnapshotNotPossible):
        take_snapshot_now(firm_id=firm_id, now=MIDNIGHT)

    assert days(firm_id) == {}


def test_a_snapshot_taken_by_day_gives_way_to_the_nights(firm_id: int, mirror: Callable[..., None]) -> None:
    noon = MIDNIGHT - timedelta(hours=12)
    records = golden("march")
    mirror(records, at=noon)
    assert take_snapshot_now(firm_id=firm_id, now=noon).day == MARCH_31
    next(each for each in records["activities"] if each["total"] == 1800)["total"] = 1000
    mirror(records, at=MIDNIGHT)

    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)

    answer = ask(firm_id, "unbilled", period="2025-03", on=date(2025, 4, 2), mode=Mode.AS_REPORTED)
    assert total_of(answer, "unbilled")["fees"] == Decimal("2500.00")
    with tenant(firm_id):
        kept = Snapshot.objects.get(firm_id=firm_id)
        assert (kept.taken_at, kept.is_end_of_day) == (MIDNIGHT, True)
        assert {(each.seen_from, each.seen_until) for each in SnapshotUnbilled.objects.filter(firm_id=firm_id)} == {
            (MARCH_31, None)
        }


def test_asked_for_by_night_the_day_that_ended_is_kept_first(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)

    assert take_snapshot_now(firm_id=firm_id, now=MIDNIGHT).day == date(2025, 4, 1)

    assert days(firm_id) == {MARCH_31: ("taken", ""), date(2025, 4, 1): ("taken", "")}


def test_every_firm_is_promised_its_day_once(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)

    assert request_due_snapshots(now=MIDNIGHT - timedelta(hours=1)) == 0
    assert request_due_snapshots(now=MIDNIGHT) == 1
    assert request_due_snapshots(now=MIDNIGHT) == 0


def test_a_rebuild_leaves_what_was_kept(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)
    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)
    with tenant(firm_id):
        before = Snapshot.objects.get(firm_id=firm_id).checksum
        LedgerState.objects.filter(firm_id=firm_id).update(revision=0)
    records = golden("march")
    records["activities"] = []
    mirror(records, at=MIDNIGHT + timedelta(days=1))

    with tenant(firm_id):
        assert read_standing(firm_id=firm_id, day=MARCH_31).checksum == before


def test_the_checksum_tells_of_a_row_that_was_changed(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)
    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)

    with tenant(firm_id):
        SnapshotReceivable.objects.filter(firm_id=firm_id, seen_until=None).update(amount=1)

        assert read_standing(firm_id=firm_id, day=MARCH_31).checksum != Snapshot.objects.get(firm_id=firm_id).checksum


def test_it_goes_with_the_firm(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)
    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)

    with tenant(firm_id):
        removed = dict(firm_erasers)["reports.snapshots"](firm_id)

        assert removed == 1 + 2 + 2 + 2
        assert not any(table._default_manager.filter(firm_id=firm_id).exists() for table in SNAPSHOT_TABLES)


def test_it_is_in_the_copy_of_everything(firm_id: int, mirror: Callable[..., None]) -> None:
    mirror(golden("march"), at=MIDNIGHT)
    take_due_snapshot(firm_id=firm_id, now=MIDNIGHT)

    with tenant(firm_id):
        copied = {name: list(read(firm_id)) for name, read in firm_exporters if name.startswith("reports.snapshot")}

    assert {name: len(rows) for name, rows in copied.items()} == {
        "reports.snapshot": 1,
        "reports.snapshot_unbilled": 2,
        "reports.snapshot_receivable": 2,
        "reports.snapshot_trust": 0,
        "reports.snapshot_matter": 2,
    }
