"""Lines of a page, and what they do to the mirror."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.clio.mirror import ENTITY_BY_NAME
from apps.clio.mirror.rows import lines_by_id, merge_newest
from apps.clio.mirror.write import write_batch
from apps.clio.queries.syncs import get_mirror_version
from apps.core.tenancy import tenant
from tests.clio.factories import fetch, mirrored, one

ACTIVITIES, BILLS, USERS = (ENTITY_BY_NAME[name] for name in ("activities", "bills", "users"))


def write(firm: Any, entity: Any, *records: dict[str, Any] | str) -> Any:
    page = ",".join(record if isinstance(record, str) else json.dumps(record) for record in records)
    lines = lines_by_id(entity, f"[{page}]".encode()).values()
    with tenant(firm.firm_id):
        return write_batch(entity, firm_id=firm.firm_id, lines=lines, asked_at=time.monotonic())


@pytest.fixture
def firm(cast: Any) -> Any:
    return cast.firm


@pytest.mark.parametrize(
    "text",
    [
        "tab\there",
        "line\nbreak\r\n",
        "back\\slash \\N \\.",
        '"quoted"',
        "",
        "\\N",
        "Ünïcode ✓ 漢字 \U0001f600",
        "\x01\x7f",
        "it's; DROP TABLE clio_bills --",
        '\\"',
    ],
)
def test_keeps_any_text_as_it_is(firm, text):
    write(firm, ACTIVITIES, {"id": 1, "etag": '"abc"', "note": text, "user": {"id": 2, "name": text}}, {"id": 2})

    row = mirrored(firm, "activities")[1]
    assert (row["note"], row["user_name"], row["etag"]) == (text, text, '"abc"')
    assert mirrored(firm, "activities")[2]["note"] is None


def test_drops_the_one_character_the_database_cannot_hold(firm):
    write(firm, ACTIVITIES, {"id": 1, "note": "a\0b"})

    assert mirrored(firm, "activities")[1]["note"] == "ab"


def test_drops_it_inside_documents_too_and_nothing_that_looks_like_it(firm):
    kept = '\\u0000 and \\\\u0000 "'
    write(firm, BILLS, {"id": 1, "balances": [{"id": 2, "type": f"\0a\0\0b{kept}\\\0"}]})

    assert json.loads(mirrored(firm, "bills")[1]["balances"]) == [{"id": 2, "type": f"ab{kept}\\"}]


@pytest.mark.parametrize("amount", ["0.1", "1234567890123456789.123456789", "1e-7", "250", "-0.005", "1.10", "0"])
def test_keeps_every_digit_of_an_amount(firm, amount):
    write(firm, ACTIVITIES, f'{{"id": 9007199254740993, "total": {amount}, "price": null}}')

    row = mirrored(firm, "activities")[9007199254740993]
    assert row["total"] == Decimal(amount)
    assert row["price"] is None


def test_keeps_amounts_inside_documents_as_numbers(firm):
    balances = '[{"id": 3, "due": 10.10, "amount": 0}]'
    write(firm, BILLS, f'{{"id": 1, "matters": [{{"id": 7}}, {{"id": 5}}], "balances": {balances}}}')

    assert mirrored(firm, "bills")[1]["matter_ids"] == [7, 5]
    assert one(firm, "SELECT balances::text FROM clio_bills") == balances


def test_takes_missing_redacted_and_empty_objects(firm):
    write(firm, ACTIVITIES, {"id": 1, "user": {"redacted": True}, "matter": None, "quantity_redacted": True})

    row = mirrored(firm, "activities")[1]
    assert (row["user_id"], row["matter_id"], row["quantity_redacted"], row["total"]) == (None, None, True, None)


def test_tells_new_changed_and_untouched_apart(firm):
    write(firm, ACTIVITIES, {"id": 1, "note": "a"}, {"id": 2, "note": "a"})
    version = get_mirror_version(firm_id=firm.firm_id)

    written = write(firm, ACTIVITIES, {"id": 1, "note": "a"}, {"id": 2, "note": "b"}, {"id": 3, "note": "c"})

    assert (written.inserted, written.updated, written.changed) == ((3,), (2,), 2)
    assert get_mirror_version(firm_id=firm.firm_id) == version + 1
    assert write(firm, ACTIVITIES, {"id": 3, "note": "c"}).changed == 0
    assert get_mirror_version(firm_id=firm.firm_id) == version + 1


def test_takes_a_record_that_comes_twice_once(firm):
    written = write(firm, ACTIVITIES, {"id": 1, "note": "a"}, {"id": 1, "note": "b"})

    assert written.inserted == (1,)
    assert mirrored(firm, "activities")[1]["note"] == "b"


NEW = {"id": 1, "note": "new", "updated_at": "2026-03-02T10:00:00-05:00"}
OLD = {"id": 1, "note": "old", "updated_at": "2026-03-02T14:59:59Z"}
LATER = NEW | {"note": "later", "updated_at": "2026-03-02T15:00:00Z"}
UNTOLD = {"id": 1, "note": "untold"}


@pytest.mark.parametrize(
    ("records", "note"),
    [((NEW, OLD), "new"), ((OLD, NEW), "new"), ((NEW, LATER), "later"), ((NEW, UNTOLD), "untold")],
)
def test_of_a_record_that_comes_twice_the_newest_wins(firm, records, note):
    write(firm, ACTIVITIES, *records)

    assert mirrored(firm, "activities")[1]["note"] == note
    first, second = (lines_by_id(ACTIVITIES, json.dumps([record]).encode()) for record in records)
    merge_newest(ACTIVITIES, first, second)
    assert first == lines_by_id(ACTIVITIES, json.dumps([next(r for r in records if r["note"] == note)]).encode())


def test_does_not_let_an_older_reading_win(firm):
    write(firm, ACTIVITIES, {"id": 1, "note": "new", "updated_at": "2026-03-02T10:00:00-05:00"})

    written = write(firm, ACTIVITIES, {"id": 1, "note": "old", "updated_at": "2026-03-02T14:59:59Z"})

    assert written.changed == 0
    row = mirrored(firm, "activities")[1]
    assert (row["note"], row["updated_at"]) == ("new", datetime(2026, 3, 2, 15, tzinfo=UTC))


def test_takes_a_sum_whose_time_goes_back_because_the_youngest_bill_was_paid(firm):
    sums = ENTITY_BY_NAME["outstanding_client_balances"]
    write(firm, sums, {"id": 1, "total_outstanding_balance": 12343, "updated_at": "2026-11-23T01:56:14Z"})

    write(firm, sums, {"id": 1, "total_outstanding_balance": 3829, "updated_at": "2026-08-24T14:49:20Z"})

    assert mirrored(firm, sums.name)[1]["total_outstanding_balance"] == 3829


def test_brings_back_what_was_found_gone(firm):
    write(firm, ACTIVITIES, {"id": 1, "note": "a"})
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_activities SET gone_at = now()")
    assert fetch(firm, "SELECT activity_id FROM clio_out_activities") == []

    assert write(firm, ACTIVITIES, {"id": 1, "note": "a"}).updated == (1,)

    assert fetch(firm, "SELECT activity_id FROM clio_out_activities") == [(1,)]


def test_remembers_what_an_entry_was_worth_before_its_bill(firm):
    unbilled = {"id": 1, "on_bill": False, "total": 200}
    write(firm, ACTIVITIES, unbilled, {"id": 2, "on_bill": True, "total": 90})
    write(firm, ACTIVITIES, unbilled | {"total": 250})
    write(firm, ACTIVITIES, {"id": 1, "on_bill": True, "total": 180})

    rows = mirrored(firm, "activities")
    assert (rows[1]["total"], rows[1]["unbilled_total"]) == (180, 250)
    assert rows[2]["unbilled_total"] is None


def test_notes_when_a_person_was_first_seen_disabled(firm):
    write(firm, USERS, {"id": 1, "enabled": True}, {"id": 2, "enabled": False})
    rows = mirrored(firm, "users")
    assert (rows[1]["disabled_seen_at"], rows[2]["disabled_seen_at"]) == (None, rows[2]["first_synced_at"])
    noon = datetime(2025, 6, 30, 12, tzinfo=UTC)
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_users SET disabled_seen_at = %s WHERE clio_id = 2", [noon])

    write(firm, USERS, {"id": 1, "enabled": False}, {"id": 2, "enabled": False, "name": "Renamed"})
    seen = dict(fetch(firm, "SELECT user_id, disabled_seen_at FROM clio_out_users"))
    assert seen[1] > rows[1]["first_synced_at"]
    assert seen[2] == noon
    write(firm, USERS, {"id": 2, "enabled": True})

    assert mirrored(firm, "users")[2]["disabled_seen_at"] is None


def test_writes_into_one_firm_only(cast):
    write(cast.firm, ACTIVITIES, {"id": 1, "note": "ours"})
    write(cast.strangers_firm, ACTIVITIES, {"id": 1, "note": "theirs"})

    assert mirrored(cast.firm, "activities")[1]["note"] == "ours"
    assert mirrored(cast.strangers_firm, "activities")[1]["note"] == "theirs"


def test_refuses_a_page_that_is_not_json(firm):
    with pytest.raises(ValueError):
        lines_by_id(ACTIVITIES, b'[{"id": 1')
