"""What a token sees: permissions of the application, restricted matters, other people's hours and rates, contacts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from apps.clio.sandbox.sight import PERMISSIONS
from tests.clio.contract import faults_in, schema_of
from tests.clio.sandbox.receiver import receiving
from tests.clio.sandbox.server import SECTION_15, RunningSandbox, running_sandbox

HOURS = (
    "quantity",
    "rounded_quantity",
    "quantity_in_hours",
    "rounded_quantity_in_hours",
    "total",
    "non_billable_total",
)


@pytest.fixture
def clio() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


def become(clio: RunningSandbox, user_id: int) -> None:
    clio.token = clio.control("grant", {"user_id": user_id})["access_token"]


def outsider(clio: RunningSandbox) -> int:
    """Return a user outside the confidential circle."""
    circle = next(each for each in clio.list_all("groups") if each["type"] == "AdhocGroup")
    inside = {each["id"] for each in circle["users"]}
    return int(next(each["id"] for each in clio.list_all("users") if each["id"] not in inside))


def restrict(clio: RunningSandbox, number: int) -> None:
    circle = next(each for each in clio.list_all("groups") if each["type"] == "AdhocGroup")
    clio.control(f"records/matters/{number}", {"group": {"id": circle["id"]}}, "PATCH")


def busy_matter(clio: RunningSandbox) -> int:
    entries = clio.list_all("activities", "matter{id}", status="billed")
    numbers = [each["matter"]["id"] for each in entries]
    return int(max(set(numbers), key=numbers.count))


def test_a_missing_permission_is_a_403_and_redacts_what_is_nested(clio: RunningSandbox) -> None:
    clio.control("access", {"denied": ["Contacts"]}, "PATCH")

    refused = clio.get("contacts.json")
    assert (refused.status, refused.json["error"]["type"]) == (403, "ForbiddenError")
    assert clio.get(f"contacts/{clio.store.tables['contacts'].ids[0]}.json").status == 403
    matter = clio.get("matters.json?limit=1&fields=id,client{id,name}").json["data"][0]
    assert (matter["client"]["name"], matter["client"]["redacted"]) == (None, True)
    assert clio.get("relationships.json").status == 403
    clio.control("access", {"denied": []}, "PATCH")
    assert clio.get("contacts.json").status == 200


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_every_permission_closes_its_lists(clio: RunningSandbox, permission: str) -> None:
    clio.control("access", {"denied": [permission]}, "PATCH")

    for name in (*SECTION_15, "settings/billing", "webhooks"):
        assert clio.get(f"{name}.json").status == (403 if name in PERMISSIONS[permission] else 200), name


def test_who_am_i_may_need_the_permission_for_users(clio: RunningSandbox) -> None:
    clio.control("access", {"denied": ["Users"]}, "PATCH")
    assert clio.get("users/who_am_i.json").status == 403

    clio.control("access", {"who_am_i_needs_users": False}, "PATCH")
    assert clio.get("users/who_am_i.json").status == 200


def test_a_restricted_matter_is_gone_for_those_outside(clio: RunningSandbox) -> None:
    number = busy_matter(clio)
    restrict(clio, number)
    seen = {
        name: {each["id"] for each in clio.list_all(name, "id")} for name in ("matters", "activities", "tasks", "bills")
    }
    become(clio, outsider(clio))

    hidden = {name: ids - {each["id"] for each in clio.list_all(name, "id")} for name, ids in seen.items()}

    assert number in hidden["matters"]
    assert hidden["activities"]
    assert hidden["bills"]
    assert clio.get(f"matters/{number}.json").status == 404
    assert clio.get(f"activities/{min(hidden['activities'])}.json").status == 404
    assert clio.get(f"activities.json?ids[]={min(hidden['activities'])}").json["data"] == []
    everywhere = json.dumps([clio.list_all(name) for name in SECTION_15])
    shown = clio.store.tables["matters"]
    row = shown.find(number)
    assert row is not None
    assert str(row[shown.entity.positions["display_number"]]).strip('"') not in everywhere


def test_a_hidden_matter_of_a_shared_bill_shows_its_id_at_most(clio: RunningSandbox) -> None:
    bill = next(each for each in clio.list_all("bills", "id,matters{id}") if len(each["matters"]) > 1)
    restrict(clio, bill["matters"][0]["id"])
    become(clio, outsider(clio))

    reply = clio.get(f"bills/{bill['id']}.json?fields=id,matters{{id,display_number}}")

    first = reply.json["data"]["matters"][0]
    assert first == {"id": bill["matters"][0]["id"], "display_number": None, "redacted": True}
    assert faults_in(schema_of("/bills/{id}.json"), reply.json) == []


def test_hours_of_others_are_null(clio: RunningSandbox) -> None:
    user = next(each["id"] for each in clio.list_all("users") if each["account_owner"])
    clio.control("access", {"users": {str(user): {"hours": "own"}}}, "PATCH")
    led = {each["id"] for each in clio.list_all("matters") if (each["responsible_attorney"] or {}).get("id") == user}

    entries = [each for each in clio.list_all("activities") if each["type"] == "TimeEntry"]
    redacted = [each for each in entries if each["quantity_redacted"]]

    assert redacted
    assert all(each[name] is None for each in redacted for name in HOURS)
    for each in entries:
        is_open = each["user"]["id"] == user or (each["matter"] or {}).get("id") in led
        assert each["quantity_redacted"] != is_open
    nested = [entry for task in clio.list_all("tasks", "id,time_entries{id,quantity,quantity_redacted}")
              for entry in task["time_entries"]]  # fmt: skip
    assert {entry["quantity_redacted"] for entry in nested} == {True, False}


def test_rates_of_others_are_null(clio: RunningSandbox) -> None:
    user = next(each["id"] for each in clio.list_all("users") if each["account_owner"])
    clio.control("access", {"users": {str(user): {"rates": "own"}}}, "PATCH")

    for each in clio.list_all("activities"):
        assert (each["price"] is None) == (each["user"]["id"] != user)
        assert each["quantity"] is not None
    assert {each["id"] for each in clio.list_all("users") if each["rate"] is not None} == {user}


def test_contacts_are_those_of_the_own_matters(clio: RunningSandbox) -> None:
    user = next(each["id"] for each in clio.list_all("users") if each["account_owner"])
    every = {each["id"] for each in clio.list_all("contacts")}
    clients = {each["client"]["id"] for each in clio.list_all("matters") if (each["user"] or {}).get("id") == user}
    clio.control("access", {"users": {str(user): {"contacts": "own"}}}, "PATCH")

    seen = {each["id"] for each in clio.list_all("contacts")}

    assert clients <= seen < every


def test_deliveries_are_of_what_the_user_sees(clio: RunningSandbox) -> None:
    number = busy_matter(clio)
    become(clio, outsider(clio))
    with receiving() as receiver:
        body = {"data": {"url": receiver.url, "model": "matter", "fields": "id,description"}}
        headers = {"Authorization": f"Bearer {clio.token}"}
        assert clio.call("POST", "/api/v4/webhooks.json", json.dumps(body), headers).status == 201
        assert clio.control("webhooks/settle")["settled"]
        clio.control(f"records/matters/{number}", {"description": "seen"}, "PATCH")
        clio.token = ""
        restrict(clio, number)
        clio.control(f"records/matters/{number}", {"description": "hidden"}, "PATCH")
        assert clio.control("webhooks/settle")["settled"]

    assert [each.json["data"]["description"] for each in receiver.notices] == ["seen"]


@pytest.mark.parametrize("wrong", [
    {"denied": ["Everything"]}, {"users": {"1": {"hours": "none"}}}, {"users": {"x": {}}}, {"color": 1},
])  # fmt: skip
def test_refuses_limits_that_do_not_exist(clio: RunningSandbox, wrong: dict[str, Any]) -> None:
    assert clio.call("PATCH", "/sandbox/access", json.dumps(wrong)).status == 400
    assert clio.control("access", method="GET")["denied"] == []
