"""What a write leaves behind: the version, the keys that moved, the values that were."""

import threading
import time
from datetime import date
from typing import Any

import pytest
from django.db import connection

from apps.clio.queries.syncs import get_mirror_version
from apps.core.tenancy import tenant
from tests.clio.factories import fetch, mirrored
from tests.clio.mirror.writing import changes, completed, finish, gone, write

ENTRY = {
    "id": 1,
    "date": "2026-03-02",
    "non_billable": False,
    "matter": {"id": 7, "display_number": "7"},
    "user": {"id": 3, "name": "A"},
    "bill": None,
}


@pytest.fixture
def firm(cast: Any) -> Any:
    return cast.firm


def version(firm: Any) -> int:
    return get_mirror_version(firm_id=firm.firm_id)


def history(firm: Any, entity: str, record_id: int) -> list[tuple[str, str | None]]:
    rows = fetch(
        firm,
        "SELECT attribute, value FROM clio_out_history WHERE entity = %s AND record_id = %s ORDER BY seen_from",
        entity,
        record_id,
    )
    return [(attribute, value) for attribute, value in rows]


def test_says_everything_of_an_entity_until_it_was_read_once(firm):
    write(firm, "activities", ENTRY)
    write(firm, "activities", ENTRY | {"id": 2})

    assert changes(firm) == [{"version": 2, "entity": "activities"}]
    assert version(firm) == 2


def test_names_each_new_record_and_what_it_belongs_to(firm):
    completed(firm, "activities")

    write(firm, "activities", ENTRY | {"bill": {"id": 5}}, ENTRY | {"id": 2, "user": None})

    assert changes(firm) == [
        {
            "version": 1,
            "entity": "activities",
            "record_id": 1,
            "bill_id": 5,
            "matter_id": 7,
            "user_id": 3,
            "date": date(2026, 3, 2),
        },
        {"version": 1, "entity": "activities", "record_id": 2, "matter_id": 7, "date": date(2026, 3, 2)},
    ]


def test_names_both_places_of_a_record_that_moved_and_what_differs(firm):
    completed(firm, "activities")
    write(firm, "activities", ENTRY | {"etag": "a", "bill": {"id": 5}})

    write(firm, "activities", ENTRY | {"etag": "b", "bill": {"id": 6}, "date": "2026-03-03"})

    assert changes(firm, after=1) == [
        {
            "version": 2,
            "entity": "activities",
            "record_id": 1,
            "columns": ["date", "bill_id"],
            "bill_id": 6,
            "old_bill_id": 5,
            "matter_id": 7,
            "old_matter_id": 7,
            "user_id": 3,
            "old_user_id": 3,
            "date": date(2026, 3, 3),
            "old_date": date(2026, 3, 2),
        }
    ]


def test_names_the_former_place_only_of_what_is_gone_and_the_new_one_of_what_comes_back(firm):
    completed(firm, "line_items")
    line = {"id": 1, "bill": {"id": 5}, "activity": {"id": 9}}
    write(firm, "line_items", line)

    assert gone(firm, "line_items", 1, 2).updated == (1,)
    write(firm, "line_items", line)

    assert changes(firm, after=1) == [
        {
            "version": 2,
            "entity": "line_items",
            "record_id": 1,
            "columns": ["gone_at"],
            "old_bill_id": 5,
            "old_activity_id": 9,
        },
        {
            "version": 3,
            "entity": "line_items",
            "record_id": 1,
            "columns": ["gone_at"],
            "bill_id": 5,
            "activity_id": 9,
        },
    ]


def test_a_write_that_changes_nothing_leaves_nothing(firm):
    completed(firm, "activities")
    write(firm, "activities", ENTRY)
    gone(firm, "activities", 1)
    before = version(firm)

    assert not gone(firm, "activities", 1, 99)

    assert version(firm) == before
    assert changes(firm, after=before) == []


def test_an_answer_asked_for_before_a_record_was_found_gone_does_not_bring_it_back(firm):
    asked_at = time.monotonic()
    write(firm, "activities", ENTRY)
    gone(firm, "activities", 1)

    assert not write(firm, "activities", ENTRY, asked_at=asked_at)
    assert mirrored(firm, "activities")[1]["gone_at"] is not None
    assert write(firm, "activities", ENTRY).updated == (1,)


def test_names_records_with_text_ids_by_their_text(firm):
    completed(firm, "calendar_entries")

    write(firm, "calendar_entries", {"id": "12_a", "matter": {"id": 7}})

    assert changes(firm) == [{"version": 1, "entity": "calendar_entries", "record_key": "12_a", "matter_id": 7}]
    assert gone(firm, "calendar_entries", "12_a").updated == ("12_a",)


def test_keeps_the_first_value_with_its_first_change_and_each_after(firm):
    matter = {"id": 1, "status": "Open", "practice_area": {"id": 4, "name": "Tax"}, "description": "a"}
    write(firm, "matters", matter)
    assert history(firm, "matters", 1) == []

    write(firm, "matters", matter | {"description": "b"})
    assert history(firm, "matters", 1) == []
    write(firm, "matters", matter | {"practice_area": {"id": 5, "name": "Wills"}})
    write(firm, "matters", matter | {"practice_area": None, "status": "Closed"})

    first_seen = mirrored(firm, "matters")[1]["first_synced_at"]
    rows = fetch(firm, "SELECT attribute, value, seen_from FROM clio_out_history ORDER BY attribute, seen_from")
    assert [(attribute, value) for attribute, value, _ in rows] == [
        ("practice_area_id", "4"),
        ("practice_area_id", "5"),
        ("practice_area_id", None),
        ("status", "Open"),
        ("status", "Closed"),
    ]
    assert [rows[0][2], rows[3][2]] == [first_seen, first_seen]
    assert first_seen < rows[1][2] < rows[2][2]


def test_keeps_when_a_bill_was_first_seen_approved_and_void(firm):
    for state in ("draft", "awaiting_payment", "void"):
        write(firm, "bills", {"id": 1, "state": state})

    assert [value for _, value in history(firm, "bills", 1)] == ["draft", "awaiting_payment", "void"]


def test_keeps_when_a_record_was_gone_and_back(firm):
    write(firm, "users", {"id": 1, "rate": 300, "enabled": True})
    gone(firm, "users", 1)
    write(firm, "users", {"id": 1, "rate": 350, "enabled": True})

    rows = history(firm, "users", 1)
    assert [value is None for attribute, value in rows if attribute == "gone_at"] == [True, False, True]
    assert [value for attribute, value in rows if attribute == "rate"] == ["300", "350"]


def test_a_later_reading_of_an_unchanged_snapshot_leaves_nothing(firm):
    write(firm, "billable_matters", {"id": 1, "unbilled_hours": 2.5}, {"id": 2}, reading=10)
    finish(firm, "billable_matters", 10)
    before = version(firm)

    assert not write(firm, "billable_matters", {"id": 1, "unbilled_hours": 2.5}, {"id": 2}, reading=11)
    assert not finish(firm, "billable_matters", 11)

    assert version(firm) == before


def test_a_snapshot_is_replaced_whole_and_told_as_a_whole(firm):
    completed(firm, "billable_matters")
    write(firm, "billable_matters", {"id": 1, "unbilled_hours": 2.5}, {"id": 2}, {"id": 3}, reading=10)
    finish(firm, "billable_matters", 10)

    write(firm, "billable_matters", {"id": 1, "unbilled_hours": 3}, reading=11)
    write(firm, "billable_matters", {"id": 4}, reading=11)
    assert sorted(finish(firm, "billable_matters", 11).updated) == [2, 3]

    kept = fetch(firm, "SELECT matter_id, unbilled_hours FROM clio_out_billable_matters ORDER BY matter_id")
    assert kept == [(1, 3), (4, None)]
    assert changes(firm) == [{"version": 4, "entity": "billable_matters"}]


def test_the_list_of_written_off_entries_sets_a_column_of_the_entries(firm):
    completed(firm, "activities")
    write(firm, "activities", ENTRY, ENTRY | {"id": 2}, ENTRY | {"id": 3})
    write(firm, "written_off_activities", {"id": 1}, {"id": 2}, {"id": 99}, reading=20)
    assert sorted(finish(firm, "written_off_activities", 20).updated) == [1, 2]
    before = version(firm)

    write(firm, "written_off_activities", {"id": 2}, {"id": 3}, reading=21)
    assert sorted(finish(firm, "written_off_activities", 21).updated) == [1, 3]

    told = fetch(firm, "SELECT activity_id, written_off FROM clio_out_activities ORDER BY 1")
    assert told == [(1, False), (2, True), (3, True)]
    noted = [row for row in changes(firm, after=before) if row["entity"] == "activities"]
    assert [(row["record_id"], row["columns"]) for row in noted] == [(1, ["written_off"]), (3, ["written_off"])]
    assert [value for _, value in history(firm, "activities", 1)] == ["false", "true", "false"]
    assert not finish(firm, "written_off_activities", 21)


def test_another_reading_of_an_entry_leaves_its_mark(firm):
    write(firm, "activities", ENTRY)
    write(firm, "written_off_activities", {"id": 1}, reading=1)
    finish(firm, "written_off_activities", 1)

    write(firm, "activities", ENTRY | {"note": "changed"})

    assert mirrored(firm, "activities")[1]["written_off"] is True


def test_versions_of_two_writers_at_once_come_one_after_the_other(firm, transactional_db):
    completed(firm, "activities", "tasks")
    together = threading.Barrier(2)

    def work(name: str) -> None:
        for number in range(20):
            together.wait()
            write(firm, name, {"id": number + 1})
        connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("activities", "tasks")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    noted = changes(firm)
    assert sorted(row["version"] for row in noted) == list(range(1, 41))
    assert version(firm) == 40


def test_two_writers_of_the_same_records_do_not_block_each_other(firm, transactional_db):
    together = threading.Barrier(2)
    failures: list[Exception] = []

    def work(order: int) -> None:
        try:
            for number in range(15):
                together.wait()
                write(
                    firm, "activities", *[{"id": each, "note": f"{order} {number}"} for each in range(1, 200)][::order]
                )
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)
            together.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(order,)) for order in (1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_one_firm_s_trail_is_not_another_s(cast):
    completed(cast.firm, "activities")
    write(cast.firm, "activities", ENTRY)

    assert changes(cast.strangers_firm) == []
    with tenant(cast.strangers_firm.firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clio_history")
        assert cursor.fetchone() == (0,)
