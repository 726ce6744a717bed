"""Every answer holds to the contract file: known fields only, right types, null anywhere but in ids."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]  # no stubs installed

from tests.clio.sandbox.server import SECTION_15, WHO_AM_I, RunningSandbox

CONTRACT = json.loads((Path(__file__).parents[2] / "contracts" / "clio.openapi.json").read_text())
SCHEMAS = CONTRACT["components"]["schemas"]


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with references resolved, unknown fields refused and null allowed except for ids."""
    if "$ref" in schema:
        return strict(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "allOf" in schema or "properties" in schema:
        properties: dict[str, Any] = {}
        for part in (*schema.get("allOf", ()), {"properties": schema.get("properties", {})}):
            found = SCHEMAS[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
            properties |= found.get("properties", {})
        return {
            "type": "object",
            "additionalProperties": False,
            "required": schema.get("required", []),
            "properties": {
                name: strict(each) if name == "id" else {"anyOf": [strict(each), {"type": "null"}]}
                for name, each in properties.items()
            },
        }
    if schema.get("type") == "array":
        return {"type": "array", "items": strict(schema["items"])}
    return {key: schema[key] for key in ("type", "format", "enum") if key in schema}


def check(schema_name: str, content: object) -> None:
    validator = Draft4Validator(strict({"$ref": schema_name}), format_checker=FormatChecker())
    faults = [f"{list(fault.absolute_path)}: {fault.message[:200]}" for fault in validator.iter_errors(content)]
    assert not faults, faults[:5]


def schema_of(path: str) -> str:
    content = CONTRACT["paths"][path]["get"]["responses"]["200"]["content"]
    return str(content["application/json"]["schema"]["$ref"])


@pytest.mark.parametrize("name", sorted(SECTION_15))
def test_lists_hold_to_the_contract(sandbox: RunningSandbox, name: str) -> None:
    for order in ("id(asc)", "id(desc)"):
        reply = sandbox.get(f"{name}.json?order={order}&fields={SECTION_15[name]}")

        assert reply.status == 200, reply.body
        assert reply.json["data"]
        check(schema_of(f"/{name}.json"), reply.json)


@pytest.mark.parametrize("name", sorted(SECTION_15))
def test_every_field_of_the_contract_is_known(sandbox: RunningSandbox, name: str) -> None:
    item = strict({"$ref": schema_of(f"/{name}.json")})["properties"]["data"]["anyOf"][0]["items"]
    reply = sandbox.get(f"{name}.json?limit=5&fields={','.join(item['properties'])}")

    assert reply.status == 200, reply.body
    assert set(reply.json["data"][0]) == set(item["properties"])
    check(schema_of(f"/{name}.json"), reply.json)


@pytest.mark.parametrize(
    "name", ["users", "practice_areas", "contacts", "matters", "activities", "bills", "allocations", "credit_memos"]
)
def test_singles_hold_to_the_contract(sandbox: RunningSandbox, name: str) -> None:
    number = sandbox.store.tables[name].ids[-1]

    reply = sandbox.get(f"{name}/{number}.json?fields={SECTION_15[name]}")

    assert reply.status == 200
    assert reply.json["data"]["id"] == number
    check(schema_of(f"/{name}/{{id}}.json"), reply.json)


@pytest.mark.parametrize("name", ["line_items", "interest_charges"])
def test_has_no_single_where_clio_documents_none(sandbox: RunningSandbox, name: str) -> None:
    assert sandbox.get(f"{name}/{sandbox.store.tables[name].ids[0]}.json").status == 404


def test_says_who_the_token_belongs_to(sandbox: RunningSandbox) -> None:
    reply = sandbox.get(f"users/who_am_i.json?fields={WHO_AM_I}")

    check(schema_of("/users/who_am_i.json"), reply.json)
    assert reply.json["data"]["account_owner"] is True
    assert reply.json["data"]["account"]["name"] == sandbox.store.firm_name


def test_errors_hold_to_the_contract(sandbox: RunningSandbox) -> None:
    for address in ("activities.json?fields=nonsense", "matters/1.json", "activities.json?limit=0"):
        check("Error", sandbox.get(address).json)


def test_amounts_have_two_decimals(sandbox: RunningSandbox) -> None:
    body = sandbox.get("bills.json?fields=id,due,balance,tax_sum").body

    assert b'"due":' in body
    assert all(part.split(b".")[1][:2].isdigit() for part in body.split(b'"due":')[1:])


def test_names_every_field_of_the_fact_sheet(sandbox: RunningSandbox) -> None:
    for name, fields in SECTION_15.items():
        record = sandbox.get(f"{name}.json?limit=1&fields={fields}").json["data"][0]
        assert sorted(record) == sorted(_outer(fields)), name


def _outer(fields: str) -> list[str]:
    names, depth, word = [], 0, ""
    for sign in fields + ",":
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign == ",":
            names.append(word.split("{")[0])
            word = ""
        else:
            word += sign
    return names
