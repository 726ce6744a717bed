"""Every route that takes a body, with bad input of every kind: a problem that names the field, no fault of ours."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from tests.accounts.factories import Cast, signed_in_client

pytestmark = pytest.mark.django_db
_TYPE = "application/json"
# What no route can take as a whole body.
BODIES = {
    "cut": b'{"name": "Ada',
    "no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "a word": b'"name"',
    "nothing at all": b"null",
    "a number too long": b'{"name": ' + b"9" * 6000 + b"}",
    "not a number": b'{"name": NaN}',
    "said twice": b'{"name": "a", "name": "b"}',
    "far too deep": b'{"name": ' + b"[" * 60_000 + b"]" * 60_000 + b"}",
}
# What a field may be sent instead of what it asks for.
VALUES: dict[str, Any] = {
    "null": None,
    "nothing": "",
    "a zero byte": "Ada\u0000",
    "half a character": "Ada\ud800",
    "a list": [[]],
    "an object": {"a": {"b": 1}},
    "a flag": True,
    "a huge number": 10**40,
    "a negative number": -1,
    "a fraction": 1.5e300,
    "a long text": "x" * 30_000,
    "no date": "2025-02-30",
    "a script": "<script>'\"; DROP TABLE--",
}
_PLAIN = {"string": "word", "integer": 1, "number": 1.0, "boolean": True}
_FORMATS = {"email": "ada@example.com", "date": "2026-01-31", "date-time": "2026-01-31T00:00:00Z", "uuid": "0" * 32}


def _document() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def _routes_with_body(document: Any) -> Iterator[tuple[str, str, Any]]:
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            if _TYPE in content:
                yield method.upper(), address, content[_TYPE]["schema"]


def _resolved(document: Any, schema: Any) -> Any:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _plausible(document: Any, schema: Any) -> Any:
    """Return something of the shape a schema asks for."""
    schema = _resolved(document, schema)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return _plausible(document, schema[several][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: _plausible(document, each) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [_plausible(document, schema.get("items", {}))]
    return _FORMATS.get(schema.get("format", ""), _PLAIN.get(kind))


def _bodies(document: Any, schema: Any) -> Iterator[tuple[str, bytes]]:
    yield from BODIES.items()
    base = _plausible(document, schema)
    if not isinstance(base, dict):
        return
    for field in base:
        for name, value in VALUES.items():
            yield f"{field}: {name}", json.dumps(base | {field: value}).encode()
        yield f"{field}: missing", json.dumps({key: value for key, value in base.items() if key != field}).encode()


def _fault(answer: Any) -> str:
    """Return what is wrong with an answer to bad input, or nothing."""
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code < 400:
        return ""
    if answer["Content-Type"] != "application/problem+json":
        return f"{answer.status_code} as {answer['Content-Type']}"
    problem = answer.json()
    if not re.fullmatch(r"[a-z]+\.[a-z_]+", problem["code"]):
        return f"code {problem['code']}"
    if problem["code"] == "core.invalid_input" and not problem.get("errors"):
        return "names no field"
    return ""


def _address(path: str, cast: Cast) -> str:
    known = {"firm_id": str(cast.firm.public_id)}
    return re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], "01234567-89ab-7def-8123-456789abcdef"), path)


def _sent(client: Any, method: str, address: str, body: bytes, content_type: str = _TYPE) -> Any:
    """Send a body in a transaction that is undone."""
    with transaction.atomic():
        answer = client.generic(method, address, body, content_type=content_type)
        transaction.set_rollback(True)
    return answer


def test_bad_input_is_answered_by_naming_the_field(cast: Cast, settings: Any) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    document = _document()
    client = signed_in_client(cast.owner)
    client.raise_request_exception = False
    routes, faults = list(_routes_with_body(document)), {}

    for method, path, schema in routes:
        for name, body in _bodies(document, schema):
            answer = _sent(client, method, _address(path, cast), body)
            if fault := _fault(answer):
                faults[method, path, name] = fault

    assert len(routes) > 30
    assert faults == {}


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_kind_of_body_is_refused(cast: Cast, settings: Any, content_type: str) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)
    client = signed_in_client(cast.owner)
    client.raise_request_exception = False

    for method, path, _ in _routes_with_body(_document()):
        answer = _sent(client, method, _address(path, cast), b"name=Ada", content_type)
        assert 400 <= answer.status_code < 500, (method, path)
        assert answer["Content-Type"] == "application/problem+json", (method, path)
