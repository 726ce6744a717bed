"""Records in the forms Clio may give them, and what of them is published.

Shapes: Clio's OpenAPI document of 8 April 2026, as tests/contracts/clio.openapi.json has it; the values are ours. Where
nobody has seen an answer, each form it may take is here.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.clio.mirror import ENTITY_BY_NAME
from apps.clio.mirror.rows import find_odd_record
from tests.clio.factories import fetch, mirrored
from tests.clio.mirror.writing import finish, write

STAMPS = {"created_at": "2026-03-02T09:00:00-05:00", "updated_at": "2026-03-02T10:00:00-05:00"}
NAMED = {"id": 8, "name": "Somebody"}
MATTER = {"id": 7, "display_number": "00007"}
RECORDS: dict[str, dict[str, Any]] = {
    "groups": {"id": 1, "name": "Litigators", "type": "AdhocGroup", "users": [NAMED, {"id": 9, "name": "B"}]},
    "matter_stages": {"id": 1, "name": "Discovery", "order": 2, "practice_area_id": "12"},
    "currencies": {"id": 1, "code": "USD", "sign": "$"},
    "billing_settings": {"id": 1, "currency": "USD", "rounding": 6, "rounded_duration": 0.1, "tax_rate": 8.25},
    "activity_descriptions": {
        "id": 1,
        "name": "Research",
        "default": True,
        "category_type": "hourly",
        "rate": {"amount": 250.5, "non_billable_amount": None, "type": "User", "hierarchy": "Default"},
        "groups": [{"id": 4}],
        "currency": {"id": 2, "code": "USD"},
    },
    "expense_categories": {"id": 1, "name": "Filing", "rate": 25, "entry_type": "hard_cost", "groups": []},
    "activity_rates": {"id": 1, "rate": 410.0, "flat_rate": False, "contact_id": 5, "user": NAMED, "group": None},
    "relationships": {"id": 1, "description": "Witness", "matter": {"id": 7}, "contact": NAMED},
    "bank_accounts": {
        "id": 1,
        "name": "IOLTA",
        "type": "Trust",
        "balance": 1200.10,
        "currency": "USD",
        "currency_id": 3.0,
    },
    "bank_transactions": {
        "id": 1,
        "date": "2026-03-01",
        "amount": -20.5,
        "funds_out": 20.5,
        "funds_in": None,
        "bank_account_id": None,
        "bank_account": {"id": 6, "name": "IOLTA", "type": "Trust"},
        "matter": MATTER,
        "client": NAMED,
        "allocation": {"id": 3, "amount": 20.5},
    },
    "trust_line_items": {"id": 1, "date": "2026-03-01", "total": -50, "matter": MATTER, "client": NAMED, "bill": None},
    "tasks": {
        "id": 1,
        "name": "File motion",
        "status": "in_progress",
        "due_at": "2026-04-01",
        "time_estimated": 3600,
        "assignee": {"id": 8, "type": "User", "name": "Somebody"},
        "matter": MATTER,
    },
    "calendar_entries": {
        "id": "1234_20260301",
        "summary": "Hearing",
        "start_at": "2026-03-01T09:00:00-05:00",
        "all_day": False,
        "parent_calendar_entry_id": 1234,
        "calendar_owner_id": None,
        "calendar_owner": {"id": 8, "name": "Somebody", "type": "UserCalendar"},
        "matter": MATTER,
        "attendees": [{"id": 8, "type": "User", "name": "Somebody"}],
    },
    "online_payments": {
        "id": 1,
        "state": "completed",
        "amount": 300.0,
        "bills": [{"id": 3, "number": "12"}],
        "matters": [MATTER],
        "allocations": [{"id": 9, "amount": 300.0, "date": "2026-03-01"}],
    },
    "outstanding_client_balances": {
        "id": 1,
        "contact": NAMED,
        "total_outstanding_balance": 870.25,
        "associated_matter_ids": [7, 11],
        "currency": {"id": 2, "code": "USD"},
        "outstanding_bills": [{"id": 3, "number": "12", "balance": 870.25, "due_at": "2026-03-31"}],
    },
    "billable_matters": {
        "id": 7,
        "display_number": "00007",
        "unbilled_hours": 1.5,
        "unbilled_amount": 450,
        "client": NAMED,
    },
    "billable_clients": {"id": 8, "name": "Somebody", "unbilled_amount": 450, "billable_matters": [{"id": 7}]},
}
PUBLISHED: dict[str, dict[str, Any]] = {
    "groups": {"group_id": 1, "user_ids": [8, 9]},
    "matter_stages": {"matter_stage_id": 1, "position": 2, "practice_area_id": 12},
    "currencies": {"currency_id": 1, "code": "USD"},
    "billing_settings": {"currency": "USD", "rounding": 6, "rounded_duration": Decimal("0.1")},
    "activity_descriptions": {"rate_amount": Decimal("250.5"), "group_ids": [4], "currency": "USD"},
    "expense_categories": {"rate": 25, "entry_type": "hard_cost", "group_ids": []},
    "activity_rates": {"rate": 410, "contact_id": 5, "user_id": 8, "group_id": None},
    "relationships": {"description": "Witness", "matter_id": 7, "contact_id": 8},
    "bank_accounts": {"balance": Decimal("1200.1"), "currency_id": 3},
    "bank_transactions": {
        "bank_account_id": 6,
        "bank_account_type": "Trust",
        "amount": Decimal("-20.5"),
        "allocation_id": 3,
    },
    "trust_line_items": {"total": -50, "matter_id": 7, "client_id": 8, "bill_id": None},
    "tasks": {"due_at": date(2026, 4, 1), "time_estimated": 3600, "assignee_type": "User"},
    "calendar_entries": {
        "calendar_entry_id": "1234_20260301",
        "start_at": datetime(2026, 3, 1, 14, tzinfo=UTC),
        "parent_calendar_entry_id": "1234",
        "calendar_owner_id": 8,
    },
    "online_payments": {"online_payment_id": 1, "amount": 300, "bill_ids": [3], "matter_ids": [7]},
    "outstanding_client_balances": {"contact_id": 8, "matter_ids": [7, 11], "currency": "USD"},
    "billable_matters": {"matter_id": 7, "unbilled_hours": Decimal("1.5"), "client_id": 8},
    "billable_clients": {"client_id": 8, "unbilled_amount": 450},
}
OTHER_FORMS = [
    ("matter_stages", {"practice_area_id": 12}, {"practice_area_id": 12}),
    ("matter_stages", {"practice_area_id": "Tax"}, {"practice_area_id": None}),
    ("expense_categories", {"rate": 25.75}, {"rate": Decimal("25.75")}),
    ("bank_accounts", {"currency_id": 3}, {"currency_id": 3}),
    ("bank_transactions", {"bank_account_id": 5}, {"bank_account_id": 5}),
    ("calendar_entries", {"parent_calendar_entry_id": "1234_x"}, {"parent_calendar_entry_id": "1234_x"}),
    ("calendar_entries", {"id": 77, "all_day": "true"}, {"calendar_entry_id": "77", "all_day": True}),
    ("tasks", {"due_at": "2026-04-01T00:00:00Z"}, {"due_at": date(2026, 4, 1)}),
    ("tasks", {"time_estimated": 1.5}, {"time_estimated": Decimal("1.5")}),
    ("billing_settings", {"rounding": 7.5}, {"rounding": Decimal("7.5")}),
]


@pytest.fixture
def firm(cast: Any) -> Any:
    return cast.firm


def stamped(name: str) -> dict[str, Any]:
    known = {column.source for column in ENTITY_BY_NAME[name].columns}
    return RECORDS[name] | {stamp: value for stamp, value in STAMPS.items() if stamp in known}


def published(firm: Any, name: str) -> dict[str, Any]:
    ((row,),) = fetch(firm, f"SELECT to_jsonb(v) FROM clio_out_{name} v")
    assert row
    columns = [column for (column,) in fetch(firm, _COLUMNS, f"clio_out_{name}")]
    ((*values,),) = fetch(firm, f"SELECT {', '.join(columns)} FROM clio_out_{name}")
    return dict(zip(columns, values, strict=True))


_COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum"


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_publishes_a_record_of_each_kind(firm, name):
    write(firm, name, stamped(name), reading=1)
    finish(firm, name, 1)

    row = published(firm, name)

    assert {column: row[column] for column in PUBLISHED[name]} == PUBLISHED[name]
    assert mirrored(firm, name)[RECORDS[name]["id"]]["unknown_fields"] is None


@pytest.mark.parametrize("name", sorted(ENTITY_BY_NAME))
def test_takes_null_everywhere_but_for_the_id(firm, name):
    entity = ENTITY_BY_NAME[name]
    empty = {column.source: None for column in entity.columns} | {"id": 1}

    assert write(firm, name, empty, reading=1).changed == 1
    assert write(firm, name, {"id": "1" if entity.has_text_key else 1}, reading=1).changed == 0


@pytest.mark.parametrize(("name", "changes", "expected"), OTHER_FORMS)
def test_takes_the_other_form_of_a_field_nobody_has_seen(firm, name, changes, expected):
    write(firm, name, stamped(name) | changes)

    row = published(firm, name)

    assert {column: row[column] for column in expected} == expected


def test_keeps_unknown_fields_raw_by_their_path(firm):
    entry = {"id": 1, "note": "a", "user": NAMED | {"redacted": True, "rate": 0.10}, "matter": {"redacted": True}}
    later = {"surprise": {"deep": [1, "é\t\\"]}, "redacted": True}
    full = {column.source: None for column in ENTITY_BY_NAME["activities"].columns} | entry
    write(
        firm, "activities", full, full | later | {"id": 2, "user": None, "matter": None}, full | {"id": 3, "user": None}
    )
    write(firm, "activities", {"id": 4, "redacted": True}, {"id": 5})

    rows = fetch(firm, "SELECT clio_id, unknown_fields FROM clio_activities ORDER BY clio_id")
    assert [(key, as_python(value)) for key, value in rows] == [
        (1, {"user": {"redacted": True, "rate": Decimal("0.1")}, "matter": {"redacted": True}}),
        (2, later),
        (3, {"matter": {"redacted": True}}),
        (4, {"redacted": True}),
        (5, None),
    ]
    assert mirrored(firm, "activities")[1]["user_id"] == 8


def test_a_field_that_is_unknown_no_more_is_a_change(firm):
    write(firm, "tasks", {"id": 1, "surprise": 1})

    assert write(firm, "tasks", {"id": 1}).updated == (1,)
    assert mirrored(firm, "tasks")[1]["unknown_fields"] is None


def test_takes_optional_fields_where_they_come_and_does_without(firm):
    share = {"originating_attorney_allocation": 60.0, "responsible_attorney_allocation": 40.0}
    matter = {column.source: None for column in ENTITY_BY_NAME["matters"].columns} | {"id": 1, "display_number": "1"}
    write(firm, "matters", matter | {"attorney_allocation": share, "currency": {"id": 2, "code": "CAD"}})
    assert fetch(firm, "SELECT originating_share, responsible_share, currency FROM clio_out_matters") == [
        (60, 40, "CAD")
    ]

    without = {name: value for name, value in matter.items() if name not in ENTITY_BY_NAME["matters"].optional_names}
    write(firm, "matters", without | {"id": 2})

    told = fetch(firm, "SELECT matter_id, currency FROM clio_out_matters ORDER BY 1")
    assert told == [(1, "CAD"), (2, None)]
    assert mirrored(firm, "matters")[2]["unknown_fields"] is None


def test_finds_the_odd_one_among_records_with_text_ids_and_in_a_single_record():
    entries, settings = ENTITY_BY_NAME["calendar_entries"], ENTITY_BY_NAME["billing_settings"]

    assert find_odd_record(entries, b'[{"id": "a"}, {"id": "b", "all_day": "perhaps"}]') == "b"
    assert find_odd_record(settings, b'{"id": 3, "use_utbms_codes": "perhaps"}') == 3
    assert find_odd_record(settings, b'{"id": 3}') is None


def as_python(value: Any) -> Any:
    return json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
