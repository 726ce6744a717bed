"""The declarations ask for everything clio-api.md section 15 names, hold to Clio's contract, and lose nothing."""

from dataclasses import replace
from typing import Any

import pytest

from apps.clio.mirror import ENTITY_BY_NAME
from apps.clio.mirror.declaration import Kind, parse_fields
from apps.clio.models import Mirrored
from tests.clio.sandbox.server import FIELDS
from tests.contracts.check_clio import faults_of

ALL = tuple(ENTITY_BY_NAME.values())
OURS = {"firm_id", "unknown_fields", "first_synced_at", "changed_at", "gone_at", "reading"}
# Every table has these; a few lists do not give them.
COMMON = {"etag", "created_at", "updated_at"}
every_entity = pytest.mark.parametrize("entity", ALL, ids=[entity.name for entity in ALL])


def test_declares_every_list_of_the_fact_sheet_and_nothing_else():
    declared = {entity.endpoint for entity in ALL}

    assert declared == set(FIELDS) - {"users/who_am_i"}
    assert [entity.name for entity in ALL if entity.endpoint == "activities"] == [
        "activities",
        "written_off_activities",
    ]


@every_entity
def test_asks_for_exactly_the_fields_of_section_15(entity):
    assert entity.fields == ("id,etag" if entity.name == "written_off_activities" else FIELDS[entity.endpoint])


@every_entity
def test_holds_to_the_contract(entity):
    assert faults_of(entity) == []


@every_entity
def test_fills_every_column_of_the_table(entity):
    filled = {column.name for column in entity.columns} | {each.column for each in entity.derived} | set(entity.ours)

    assert issubclass(entity.model, Mirrored)
    columns = {field.column for field in entity.model._meta.concrete_fields if field.column and not field.generated}
    assert filled <= columns
    assert columns - filled <= OURS | COMMON
    assert entity.table == f"clio_{entity.name}"


@every_entity
def test_what_is_replaced_whole_is_read_whole(entity):
    assert not entity.snapshot or not (entity.since or entity.by_ids or entity.webhook_model)


@every_entity
def test_comes_after_what_it_needs(entity):
    assert set(entity.needs) <= set(ENTITY_BY_NAME)
    order = list(ENTITY_BY_NAME)
    assert all(order.index(name) < order.index(entity.name) for name in entity.needs)


@every_entity
def test_keeps_the_history_of_columns_it_has(entity):
    columns = {field.column for field in entity.model._meta.concrete_fields}

    assert set(entity.history) <= columns
    assert {entity.ledger_date} - {""} <= columns


ACTIVITIES, BANKS, SETTINGS = (ENTITY_BY_NAME[name] for name in ("activities", "bank_accounts", "billing_settings"))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"fields": "id,etag,qantity"}, "the contract knows no field qantity"),
        ({"fields": "id,user{id,nmae}"}, "the contract knows no field nmae in user"),
        ({"fields": "id,user"}, "user is an object: without braces Clio gives its defaults only"),
        ({"fields": "id,matter{id,currency}"}, "currency in matter is a second level"),
        ({"fields": "id,matter{id,client{id}}"}, "its fields are not words and one level of braces"),
        ({"optional_fields": "curency{id}"}, "the contract knows no field curency"),
        ({"endpoint": "activites"}, "the contract knows no activites"),
        ({"order": "id(up)"}, "order does not take id(up)"),
        ({"order": ""}, "its order is none"),
        ({"page_size": 500}, "limit does not take 500"),
        ({"page_size": 100}, "pages of 100, where up to 200 go"),
        ({"variants": ({"staus": "draft"},)}, "the list knows no parameter staus"),
        ({"variants": ({"status": "writen_off"},)}, "status does not take writen_off"),
        ({"windows": ("start_day", "end_date")}, "the list knows no parameter start_day"),
        ({"since": False}, "the list knows updated_since"),
        ({"by_ids": False}, "the list knows ids[]"),
        ({"webhook_model": "activities"}, "the contract knows no webhook of activities"),
        ({"webhook_fields": "id,quantty"}, "webhook: the contract knows no field quantty"),
        ({"model": BANKS.model, "fields": "id,type,flat_rate"}, "clio_bank_accounts has no column flat_rate"),
    ],
)
def test_the_check_of_make_finds_what_does_not_hold(changes: dict[str, Any], fault: str):
    declared = replace(ACTIVITIES, **{"optional_fields": "", **changes})
    assert any(found.startswith(f"activities: {fault}") for found in faults_of(declared))


def test_the_check_of_make_finds_a_column_of_another_type():
    swapped = replace(BANKS, endpoint="bank_transactions", fields="id,type,balance", optional_fields="")

    assert "bank_accounts: the contract knows no field balance" in faults_of(swapped)
    narrow = replace(ENTITY_BY_NAME["matters"], fields="id,number,status", optional_fields="", endpoint="bills")
    assert "matters: column number is bigint, the contract says string" in faults_of(narrow)


def test_asks_for_optional_fields_only_where_they_are_taken():
    matters = ENTITY_BY_NAME["matters"]

    plain = matters.parameters(0)["fields"]
    some = matters.parameters(0, taken=("responsible_staff", "unheard_of"))["fields"]

    assert plain == matters.fields
    assert some == f"{matters.fields},responsible_staff{{id,name}}"
    assert matters.optional_names == ("currency", "attorney_allocation", "responsible_staff")


def test_a_single_record_is_asked_for_without_a_list_s_parameters():
    assert SETTINGS.parameters(0, "2026-01-01T00:00:00+00:00") == {"fields": SETTINGS.fields}


def test_keeps_an_id_that_is_told_twice_in_columns_of_its_own():
    names = {column.name: (column.source, column.inner) for column in ENTITY_BY_NAME["bank_transactions"].columns}

    assert names["bank_account_id"] == ("bank_account_id", None)
    assert names["bank_account_record_id"] == ("bank_account", "id")
    assert ENTITY_BY_NAME["calendar_entries"].has_text_key
    assert not ACTIVITIES.has_text_key


def test_every_webhook_of_clio_that_concerns_the_mirror_is_declared():
    webhooks = {entity.webhook_model: entity.name for entity in ALL if entity.webhook_model}

    assert webhooks == {
        "activity": "activities",
        "bill": "bills",
        "calendar_entry": "calendar_entries",
        "clio_payments_payment": "online_payments",
        "contact": "contacts",
        "matter": "matters",
        "task": "tasks",
    }
    for entity in ALL:
        assert ("id", ()) in parse_fields(entity.webhook_fields) or not entity.webhook_model


def test_keeps_amounts_as_they_were_sent():
    kinds = {column.kind for entity in ALL for column in entity.columns if column.sql_type == "numeric"}

    assert kinds == {Kind.PLAIN}
