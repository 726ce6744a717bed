"""What the sandbox says of every record, beside what the mirror's tables and published views hold.

Read and converted independently: fields as clio-api.md section 15 lists them, the sandbox's own JSON with exact
numbers, plain SQL from above the walls. Nothing here is shared with what writes the mirror.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import requests

from tests.clio.faithful.life import ENDPOINTS, Life
from tests.clio.sandbox.server import FIELDS

Record = dict[str, Any]
Rows = dict[Any, Record]
WRITTEN_OFF = "written_off_activities"
ENTITIES = tuple(
    sorted({name for name in FIELDS if "/" not in name} | (ENDPOINTS.keys() - {WRITTEN_OFF}) | {WRITTEN_OFF})
)
# Fields of the newer copy of Clio's document, which the sandbox serves.
_NEWER = {
    **dict.fromkeys(
        ("activities", "matters", "contacts", "expense_categories", "activity_descriptions"), "currency{id,code}"
    ),
    **dict.fromkeys(("bank_accounts", "bank_transactions", "billable_matters"), "currency_id"),
}
_NEWER["matters"] += (
    ",attorney_allocation{originating_attorney_allocation,responsible_attorney_allocation},responsible_staff{id,name}"
)
# Collections of which the ids stand in a column of their own as well.
_ID_LISTS = {
    ("activity_descriptions", "groups"): "group_ids",
    ("expense_categories", "groups"): "group_ids",
    ("users", "groups"): "group_ids",
    ("groups", "users"): "user_ids",
    ("bills", "matters"): "matter_ids",
    ("interest_charges", "matters"): "matter_ids",
    ("online_payments", "matters"): "matter_ids",
    ("online_payments", "bills"): "bill_ids",
}
_FIELD = re.compile(r"(\w+)(?:\{([^}]*)\})?")


def fields_of(entity: str) -> str:
    """Return the fields that are compared."""
    if entity == WRITTEN_OFF:
        return "id,etag"
    parts = [FIELDS[ENDPOINTS.get(entity, entity)], _NEWER.get(entity, "")]
    return ",".join(filter(None, parts))


def records_of(life: Life, entity: str) -> Rows:
    """Return what the sandbox has of an entity, by id."""
    if entity in ("billing_settings", WRITTEN_OFF):
        return {each["id"]: each for each in _served(life, entity)}
    address = f"{life.stage.clio}/sandbox/truth/{ENDPOINTS.get(entity, entity)}?fields={fields_of(entity)}"
    answer = requests.get(address, timeout=60)
    answer.raise_for_status()
    return {each["id"]: each for each in json.loads(answer.text, parse_float=Decimal)["data"]}


def _served(life: Life, entity: str) -> Iterator[Record]:
    """Yield what only Clio's own surface tells: the one record of settings, and a filter of the entries."""
    token = life.stage.call("grant", {})["access_token"]
    only = "&status=written_off&order=id(asc)" if entity == WRITTEN_OFF else ""
    address: str | None = f"{life.stage.clio}/api/v4/{ENDPOINTS[entity]}.json?fields={fields_of(entity)}{only}"
    while address:
        answer = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        answer.raise_for_status()
        content = json.loads(answer.text, parse_float=Decimal)
        yield from content["data"] if isinstance(content["data"], list) else [content["data"]]
        address = content.get("meta", {}).get("paging", {}).get("next")


def rows_of(life: Life, entity: str) -> Rows:
    """Return the rows of the mirror that are not gone, by Clio's id."""
    rows = life.stage.ask(f"SELECT * FROM clio_{entity} WHERE firm_id = %s AND gone_at IS NULL", life.firm_id)
    return {row["clio_id"]: row for row in rows}


def differences(life: Life, entity: str) -> list[str]:
    """Return in words what differs between an entity's mirror and the sandbox: both ways, and field by field."""
    records, rows = records_of(life, entity), rows_of(life, entity)
    if entity == "calendar_entries":
        records = {str(number): each for number, each in records.items()}
    found = [f"{entity} {number}: not in the mirror" for number in records.keys() - rows.keys()]
    found += [f"{entity} {number}: gone from Clio, not from the mirror" for number in rows.keys() - records.keys()]
    places = list(_places(entity, next(iter(rows.values()), {})))
    for number in records.keys() & rows.keys():
        row, record = rows[number], records[number]
        found += [
            f"{entity} {number}.{column}: {row[column]!r} in the mirror, {sent!r} in Clio"
            for column, sent in ((column, _sent(record, *path)) for column, path in places)
            if not same(row[column], sent)
        ]
        if row.get("unknown_fields"):
            found.append(f"{entity} {number}: unknown {row['unknown_fields']!r}")
    return found + _published(life, entity, rows)


def _published(life: Life, entity: str, rows: Rows) -> list[str]:
    """Return in words where a published view says something else than the table that was just compared."""
    view, key = f"clio_out_{entity}", None
    described = life.stage.ask(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", view
    )
    names = [each["column_name"] for each in described]
    if not names:
        return []
    key = names[0] if names[0].endswith("_id") else next((name for name in names if name.endswith("_id")), "")
    shown = life.stage.ask(f"SELECT * FROM {view} WHERE firm_id = %s", life.firm_id)
    if entity == "billing_settings":
        return [] if len(shown) == len(rows) else [f"{view}: {len(shown)} rows"]
    key = "firm_id" if key == "firm_id" and len(names) == 1 else next(n for n in names if n != "firm_id")
    by_key = {each[key]: each for each in shown}
    found = [f"{view} {number}: shown or not, unlike the table" for number in by_key.keys() ^ rows.keys()]
    for number in by_key.keys() & rows.keys():
        row = rows[number]
        found += [
            f"{view} {number}.{name}: {value!r} is not {row[name]!r}"
            for name, value in by_key[number].items()
            if name in row and name not in ("firm_id", key) and value != row[name] and not same(row[name], value)
        ]
    return found


def _places(entity: str, row: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each column with the way to its value in the record."""
    fields = fields_of(entity)
    flat = {field.split("{")[0] for field in re.split(r",(?![^{]*})", fields)}
    for name, inner in _FIELD.findall(fields):
        if name == "id":
            continue
        if (entity, name) in _ID_LISTS:
            yield _ID_LISTS[entity, name], (name, "*id")
        if not inner or name in row:
            yield name, (name,)
            continue
        for part in inner.split(","):
            yield (f"{name}_record_{part}" if f"{name}_{part}" in flat else f"{name}_{part}"), (name, part)


def _sent(record: Record, name: str, inner: str = "") -> Any:
    value = record[name]
    if inner == "*id":
        return None if value is None else [each["id"] for each in value]
    return value if not inner or value is None else value[inner]


def same(stored: Any, sent: Any) -> bool:
    """Tell whether a stored value is what was sent."""
    if isinstance(stored, datetime) and isinstance(sent, str):
        return stored == datetime.fromisoformat(sent)
    if isinstance(stored, date) and isinstance(sent, str):
        return stored.isoformat() == sent
    if isinstance(stored, Decimal | int) and not isinstance(stored, bool):
        return isinstance(sent, Decimal | int) and not isinstance(sent, bool) and Decimal(stored) == Decimal(sent)
    if isinstance(stored, str):
        # PostgreSQL's text cannot hold NUL; some of Clio's numbers are kept as text.
        return str(sent).replace("\0", "") == stored if isinstance(sent, str | int) else False
    return bool(_without_nul(sent) == stored)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_nul(each) for name, each in value.items()}
    return value


# Snapshots, the settings and online payments tell no changes; everything else by `updated_since`.
TELLS_CHANGES = tuple(
    entity
    for entity in ENTITIES
    if entity not in ENDPOINTS and not entity.startswith("billable_") and entity != "outstanding_client_balances"
)


def marks(life: Life) -> list[str]:
    """Return in words where what follows from Clio's records is wrong: written off, and worth before a bill."""
    listed, found = records_of(life, WRITTEN_OFF), []
    for number, row in rows_of(life, "activities").items():
        if row["written_off"] != (number in listed):
            found.append(f"activities {number}: written off is {row['written_off']}")
        if row["on_bill"] is False and row["unbilled_total"] != row["total"]:
            found.append(f"activities {number}: {row['unbilled_total']} unbilled of {row['total']}")
    return found
