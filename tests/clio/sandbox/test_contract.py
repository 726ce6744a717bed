"""Every answer holds to the contract file: known fields only, right types, null anywhere but in ids."""

from typing import Any
from urllib.parse import quote

import pytest
from openapi_core import OpenAPI
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.wire import Answer
from tests.clio.contract import (
    CONTRACT,
    answer_faults,
    api_document,
    faults_in,
    properties,
    record_of,
    request_faults,
    schema_of,
)
from tests.clio.sandbox.server import BILLING_SETTINGS, SECTION_15, WHO_AM_I, RunningSandbox

LISTS = sorted(path for path, item in CONTRACT["paths"].items() if "{" not in path and "get" in item)
SAMPLES = {"integer": ("1",), "boolean": ("true", "false"), "object": ("x",), "string": ("a",)}
BY_FORMAT = {"date": ("2026-01-01",), "date-time": ("2026-01-01T00:00:00Z",)}


def check(schema_name: str, content: object) -> None:
    faults = faults_in(schema_name, content)
    assert not faults, faults[:5]


@pytest.mark.parametrize("name", sorted(SECTION_15))
def test_lists_hold_to_the_contract(sandbox: RunningSandbox, name: str) -> None:
    for order in ("id(asc)", "id(desc)"):
        reply = sandbox.get(f"{name}.json?order={order}&fields={SECTION_15[name]}")

        assert reply.status == 200, reply.body
        assert reply.json["data"]
        check(schema_of(f"/{name}.json"), reply.json)


@pytest.mark.parametrize("name", sorted(SECTION_15))
def test_every_field_of_the_contract_is_known(sandbox: RunningSandbox, name: str) -> None:
    fields = record_of(f"/{name}.json")
    reply = sandbox.get(f"{name}.json?limit=5&fields={','.join(fields)}")

    assert reply.status == 200, reply.body
    assert set(reply.json["data"][0]) == set(fields)
    check(schema_of(f"/{name}.json"), reply.json)


@pytest.mark.parametrize("path", LISTS)
def test_every_nested_field_of_the_contract_is_known(sandbox: RunningSandbox, path: str) -> None:
    nested = {name: properties(each.get("items", each)) for name, each in record_of(path).items()}
    fields = ",".join(f"{name}{{{','.join(inner)}}}" if inner else name for name, inner in nested.items())

    reply = sandbox.get(f"{path[1:]}?limit=3&fields={quote(fields)}")

    assert reply.status == 200, reply.body


@pytest.mark.parametrize("path", LISTS)
def test_every_parameter_of_the_contract_is_taken(sandbox: RunningSandbox, path: str) -> None:
    for parameter in CONTRACT["paths"][path]["get"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] != "query" or name in ("fields", "page_token"):
            continue
        for value in samples(schema):
            if path == "/bank_transactions.json" and name == "order":
                value = "date(desc)"
            reply = sandbox.get(f"{path[1:]}?limit=2&{quote(name)}={quote(value)}")
            assert reply.status == 200, (name, value, reply.body)


def samples(schema: dict[str, Any]) -> tuple[str, ...]:
    inner = schema.get("items", schema)
    if "pattern" in inner:
        return (">=2026-01-01",)
    return tuple(inner.get("enum", ())) or BY_FORMAT.get(inner.get("format", "")) or SAMPLES[inner["type"]]


def test_no_parameter_of_the_contract_is_forgotten() -> None:
    always = {"fields", "limit", "order", "page_token", "ids[]", "exclude_ids[]", "created_since", "updated_since"}
    for path in LISTS:
        entity = ENTITIES.get(path[1:].removesuffix(".json"))
        if entity is not None:
            documented = {
                each["name"] for each in CONTRACT["paths"][path]["get"]["parameters"] if each["in"] == "query"
            }
            answered = {*entity.filters, *entity.ignored, *always}
            known = {name for name in documented if not name.startswith(("rate_for", "duration"))}
            assert known <= answered | {"user_id"}, path


SINGLE = sorted(name for name in SECTION_15 if f"/{name}/{{id}}.json" in CONTRACT["paths"])


@pytest.mark.parametrize("name", SINGLE)
def test_singles_hold_to_the_contract(sandbox: RunningSandbox, name: str) -> None:
    number = sandbox.store.tables[name].ids[-1]

    reply = sandbox.get(f"{name}/{number}.json?fields={SECTION_15[name]}")

    assert reply.status == 200
    assert int(reply.json["data"]["id"]) == number
    assert reply.headers["ETag"]
    check(schema_of(f"/{name}/{{id}}.json"), reply.json)


@pytest.mark.parametrize("name", sorted(SECTION_15.keys() - set(SINGLE)))
def test_has_no_single_where_clio_documents_none(sandbox: RunningSandbox, name: str) -> None:
    number = sandbox.get(f"{name}.json?limit=1").json["data"][0]["id"]

    assert sandbox.get(f"{name}/{number}.json").status == 404


def test_says_who_the_token_belongs_to(sandbox: RunningSandbox) -> None:
    reply = sandbox.get(f"users/who_am_i.json?fields={WHO_AM_I}")

    check(schema_of("/users/who_am_i.json"), reply.json)
    assert reply.json["data"]["account_owner"] is True
    assert reply.json["data"]["account"]["name"] == sandbox.store.firm_name


def test_billing_settings_are_one_record(sandbox: RunningSandbox) -> None:
    reply = sandbox.get(f"settings/billing.json?fields={BILLING_SETTINGS}")

    check(schema_of("/settings/billing.json"), reply.json)
    assert reply.json["data"]["currency"] == "USD"
    assert sandbox.get("settings/billing/1.json").status == 404


def test_ids_of_calendar_entries_are_texts(sandbox: RunningSandbox) -> None:
    entry = sandbox.get("calendar_entries.json?limit=1&fields=id,matter{id}").json["data"][0]
    tied = next(each for each in sandbox.list_all("activities", "calendar_entry{id}") if each["calendar_entry"])

    assert isinstance(entry["id"], str)
    assert isinstance(tied["calendar_entry"]["id"], str)
    assert sandbox.get(f"calendar_entries/{entry['id']}.json").status == 200


def test_errors_hold_to_the_contract(sandbox: RunningSandbox) -> None:
    asked = {"activities.json?fields=nonsense": 400, "matters/1.json": 404, "activities.json?limit=0": 400}
    answers = {address: sandbox.get(address) for address in asked}

    assert {address: answer.status for address, answer in answers.items()} == asked
    for answer in answers.values():
        check("Error", answer.json)


def test_amounts_have_two_decimals(sandbox: RunningSandbox) -> None:
    body = sandbox.get("bills.json?fields=id,due,balance,tax_sum").body

    assert b'"due":' in body
    assert all(part.split(b".")[1][:2].isdigit() for part in body.split(b'"due":')[1:])


def test_the_contract_is_a_document_of_openapi() -> None:
    OpenAPI.from_dict(api_document())

    with pytest.raises(OpenAPIValidationError):
        OpenAPI.from_dict({**api_document(), "paths": {"/users.json": {"get": {"parameters": "none"}}}})


def test_the_watch_finds_what_breaks_the_contract() -> None:
    headers = {"Authorization": "Bearer token"}

    def faults(path: str, query: str, method: str = "GET", body: bytes = b"") -> list[str]:
        return request_faults(method, path, query, headers, body)

    assert faults("/activities.json", "fields=id,user{id,name}&limit=200&order=id(asc)&ids[]=1&ids[]=2") == []
    assert faults("/activities/7", "fields=id") == []
    assert faults("/webhooks/7/activate", "", "PUT") == []
    for path, query in (
        ("/activities.json", "billed=true"), ("/activities.json", "limit=500"), ("/activities.json", "ids[]=a"),
        ("/activities.json", "fields=id,color"), ("/activities.json", "fields=id,bill{client{id}}"),
        ("/activities.json", "fields=id,user{color}"), ("/payments.json", ""), ("/activities.json", "type=Time"),
    ):  # fmt: skip
        assert faults(path, query), (path, query)
    assert faults("/webhooks.json", "", "POST", b'{"data": {"url": "https://a.example", "model": "bill"}}')
    assert faults("/activities.json", "", "DELETE")


def test_a_shape_that_held_before_lets_no_broken_value_through() -> None:
    def faults(path: str, query: str, **headers: str) -> list[str]:
        return request_faults("GET", path, query, headers, b"")

    held = "ids[]=1&updated_since=2026-01-31T12:00:00Z"
    assert faults("/activities.json", held) == []
    assert faults("/activities.json", held.replace("01-31", "11-30").replace("=1", "=72")) == []
    assert faults("/activities/7.json", "") == []

    assert faults("/activities.json", held.replace("01-31", "02-30"))
    assert faults("/activities.json", held.replace("T12:00:00Z", ""))
    assert faults("/activities.json", held.replace("ids[]=1", "ids[]=one"))
    assert faults("/activities/seven.json", "")


@pytest.mark.parametrize("whole", [True, False])
def test_the_watch_finds_answers_that_break_the_contract(sandbox: RunningSandbox, whole: bool) -> None:
    def faults(status: int, body: bytes) -> list[str]:
        return answer_faults("GET", "/users.json", Answer(status, body), whole=whole)

    assert faults(200, sandbox.get("users.json?fields=id,name,groups{id,type}").body) == []
    assert faults(200, b'{"data": [{"id": null}]}')
    assert faults(200, b'{"data": [{"id": 1, "color": "red"}]}')
    assert faults(200, b'{"data": [{"id": 1, "enabled": "yes"}]}')
    assert faults(200, b'{"data": [{"id": 1}, {"id": 2, "created_at": "yesterday"}]}')
    assert faults(200, b'{"data": [{"id": 1}, 7]}')
    assert faults(200, b'{"data": [{"id": 1}], "meta": {"color": "red"}}')
    assert faults(200, b'{"data": {"id": 1}}')
    assert faults(200, b'{"meta": {}}')
    assert faults(404, b'{"error": {"type": "a", "message": "b"}}')
    assert faults(400, b'{"error": "words"}')
    assert faults(401, b'{"error": "invalid_token", "error_description": "words"}') == []


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


GARBAGE = (
    "",
    "x",
    "-1",
    "0",
    "99999999999999999999",
    "1.5",
    "null",
    "\x00",
    "é",
    "2026-13-45",
    "a,b",
    "[]",
    "{",
    "%",
    "٣",
    "1_0",
)


@pytest.mark.parametrize("path", LISTS)
def test_garbage_is_answered_in_words(sandbox: RunningSandbox, path: str) -> None:
    names = [each["name"] for each in CONTRACT["paths"][path]["get"]["parameters"] if each["in"] == "query"]
    for name in (*names, "offset"):
        for value in GARBAGE:
            reply = sandbox.get(f"{path[1:]}?{quote(name)}={quote(value)}")
            assert reply.status in (200, 400, 422), (name, value, reply.status)
            if reply.status != 200:
                check("Error", reply.json)


@pytest.mark.parametrize(
    "path", ["matters/x.json", "matters/99999999999999999999.json", "matters/-1.json", "matters/1/2"]
)
def test_addresses_that_are_none_are_404(sandbox: RunningSandbox, path: str) -> None:
    reply = sandbox.get(path)

    assert reply.status == 404
    check("Error", reply.json)


@pytest.mark.parametrize("headers", [
    {"If-Modified-Since": "yesterday"}, {"If-Modified-Since": "2026-01-01"}, {"If-None-Match": '"'},
    {"X-API-VERSION": "é"},
])  # fmt: skip
def test_odd_headers_are_answered(sandbox: RunningSandbox, headers: dict[str, str]) -> None:
    number = sandbox.store.tables["matters"].ids[0]

    assert sandbox.get(f"matters/{number}.json", **headers).status in (200, 410)
