"""Holds requests and answers against Clio's contract file, as a validating proxy between client and server would.

Requests: openapi-core, and beyond it that every parameter is a documented one and every field exists, at most one level
deep. Answers: jsonschema on the resolved schema, unknown fields refused, null allowed anywhere but in ids (the document
marks nothing nullable; Clio sends nulls). What Clio documents in prose only is named here.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]  # no stubs installed
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest
from werkzeug.datastructures import MultiDict

from apps.clio.sandbox.wire import Answer, Request

CONTRACT: dict[str, Any] = json.loads((Path(__file__).parents[1] / "contracts" / "clio.openapi.json").read_text())
SCHEMAS = CONTRACT["components"]["schemas"]
PREFIX = "/api/v4"
IN_PROSE = {("PUT", re.compile(r"^/webhooks/\d+/activate(\.json)?$"))}
PROSE_PARAMETERS = frozenset({"offset"})
PROSE_STATUSES = frozenset({410, 422})
ITEM = re.compile(r"(\w+)(?:\{([^{}]*)\})?(?:,|$)")
NUMBER = re.compile(r"/[1-9]\d{0,17}(?=/|\.|$)")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
UNDOCUMENTED = frozenset({"authorization", "host", "user-agent", "accept", "accept-encoding", "connection"})
Pairs = tuple[tuple[str, str], ...]
SAMPLE = 4
"""Records of a page that are held against the schema when a whole sync is watched: the first and the last ones."""


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with references resolved, unknown fields refused and null allowed except for ids."""
    if "$ref" in schema:
        return strict(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "allOf" in schema or "properties" in schema:
        return {
            "type": "object",
            "additionalProperties": False,
            "required": schema.get("required", []),
            "properties": {
                "redacted": {"enum": [True]},
                **{name: _open(name, each) for name, each in properties(schema).items()},
            },
        }
    if schema.get("type") == "array":
        return {"type": "array", "items": strict(schema["items"])}
    return {key: schema[key] for key in ("type", "format", "enum") if key in schema}


def _open(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return strict(schema) if name == "id" else {"anyOf": [strict(schema), {"type": "null"}]}


def properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an object schema, whatever it is put together from."""
    if "$ref" in schema:
        return properties(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    found: dict[str, Any] = {}
    for part in schema.get("allOf", ()):
        found |= properties(part)
    own: dict[str, Any] = schema.get("properties", {})
    return found | own


@functools.cache
def validator(name: str) -> Any:
    """Return the validator of a schema by its name."""
    return Draft4Validator(strict({"$ref": name}), format_checker=FormatChecker())


def faults_in(name: str, content: object) -> list[str]:
    """Return in words what an answer has that its schema does not allow."""
    return [f"{list(each.absolute_path)}: {each.message[:200]}" for each in validator(name).iter_errors(content)]


@functools.cache
def _record_validator(name: str) -> Any:
    return Draft4Validator(strict(properties({"$ref": name})["data"]["items"]), format_checker=FormatChecker())


@functools.lru_cache(maxsize=50_000)
def _faults_in_record(name: str, text: str) -> tuple[str, ...]:
    """Return the same of one record of a list, as JSON: a suite serves the same few thousand again and again."""
    found = _record_validator(name).iter_errors(json.loads(text))
    return tuple(f"data: {list(each.absolute_path)}: {each.message[:200]}" for each in found)


def schema_of(path: str, method: str = "get", status: str = "200") -> str:
    """Return the name of the schema an operation answers with."""
    content = CONTRACT["paths"][path][method]["responses"][status]["content"]
    return str(content["application/json"]["schema"]["$ref"])


def record_of(path: str) -> dict[str, Any]:
    """Return the fields of the records at a path."""
    shown = properties({"$ref": schema_of(path)})["data"]
    return properties(shown.get("items", shown))


def api_document() -> dict[str, Any]:
    """Return it without security schemes: who may call is the sandbox's business, and OAuth2 unknown to the library."""
    components = {name: each for name, each in CONTRACT["components"].items() if name != "securitySchemes"}
    return {**CONTRACT, "components": components, "security": []}


@functools.cache
def _api() -> OpenAPI:
    """Without a look at the whole file, which takes seconds in each process: one test takes it for all."""
    return OpenAPI.from_dict(api_document(), config=Config(spec_validator_cls=None))


def _template(path: str) -> str | None:
    """Return the contract's path for a request's, with or without its suffix."""
    plain = path.removesuffix(".json") + ".json"
    if plain in CONTRACT["paths"]:
        return plain
    with_id = re.sub(r"/[^/]+\.json$", "/{id}.json", plain)
    return with_id if with_id in CONTRACT["paths"] else None


def request_faults(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> list[str]:
    """Return in words in what a request does not hold to the contract. path: behind /api/v4."""
    if any(known == method and pattern.match(path) for known, pattern in IN_PROSE):
        return []
    template = _template(path)
    operation = CONTRACT["paths"].get(template, {}).get(method.lower())
    if template is None or operation is None:
        return [f"{method} {path} is not in the contract"]
    given = parse_qsl(query, keep_blank_values=True)
    documented = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
    faults = [
        f"{path} documents no parameter {name}" for name, _ in given
        if name.split("[")[0] not in {each.split("[")[0] for each in documented} | PROSE_PARAMETERS
    ]  # fmt: skip
    fields = dict(given).get("fields")
    if fields is not None:
        record = record_of(template) if method == "GET" else properties(SCHEMAS["Webhook"])
        faults += [f"{path}: {fault}" for fault in _field_faults(fields, record)]
    known = [pair for pair in given if pair[0] in documented]
    if _shape_holds(method, NUMBER.sub("/7", path), _alike(known), _alike(headers.items()), body):
        return faults
    return faults + _openapi_faults(method, path, known, headers, body)


def _field_faults(fields: str, record: Mapping[str, Any]) -> list[str]:
    if "".join(match[0] for match in ITEM.finditer(fields)) != fields:
        return [f"fields cannot be read: {fields[:100]}"]
    faults = []
    for name, inner in ITEM.findall(fields):
        if name not in record:
            faults.append(f"no field {name}")
            continue
        below = record[name].get("items", record[name])
        faults += [f"no field {name}{{{each}}}" for each in filter(None, inner.split(","))
                   if each not in properties(below)]  # fmt: skip
    return faults


@functools.lru_cache(maxsize=10_000)
def _shape_holds(method: str, path: str, given: Pairs, headers: Pairs, body: bytes) -> bool:
    """Tell whether a shape of request holds to the contract: 8 ms the first time, and a suite sends few shapes."""
    return not _openapi_faults(method, path, list(given), dict(headers), body)


def _alike(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return pairs with one value for all the contract cannot tell apart, without headers it does not know."""
    return tuple((name, _stand_in(name.lower(), value)) for name, value in pairs if name.lower() not in UNDOCUMENTED)


def _stand_in(name: str, value: str) -> str:
    if name in ("page_token", "if-none-match"):
        return value and "token"
    if name == "ids[]" and re.fullmatch(r"[1-9]\d{0,17}", value):
        return "7"
    if name in ("created_since", "updated_since", "from", "to") and MOMENT.fullmatch(value):
        with contextlib.suppress(ValueError):
            datetime.fromisoformat(value)
            return "2026-01-31T12:00:00Z"
    return value


def _openapi_faults(
    method: str, path: str, given: list[tuple[str, str]], headers: Mapping[str, str], body: bytes
) -> list[str]:
    request = MockRequest(
        "https://app.clio.com", method.lower(), f"{PREFIX}{path.removesuffix('.json')}.json",
        args=MultiDict(given), headers=dict(headers), data=body or None, content_type="application/json",
    )  # fmt: skip
    try:
        _api().validate_request(request)
    except OpenAPIError as error:
        return [f"{method} {path}: {str(error)[:200]} {str(error.__cause__)[:200]}"]
    return []


def answer_faults(method: str, path: str, answer: Answer, *, whole: bool = True) -> list[str]:
    """Return in words in what an answer does not hold to the contract. whole: every record, not a sample."""
    template = _template(path)
    operation = CONTRACT["paths"].get(template, {}).get(method.lower())
    if template is None or operation is None or answer.status in (204, 304):
        return [f"{answer.status} has a body"] if answer.status in (204, 304) and answer.body else []
    if answer.status >= 500 or not answer.content_type.startswith("application/json"):
        return []
    content = json.loads(answer.body)
    if answer.status == 401 and isinstance(content.get("error"), str):
        return [] if set(content) == {"error", "error_description"} else ["a 401 of the common shape has two words"]
    declared = operation["responses"].get(str(answer.status))
    if declared is None and answer.status not in PROSE_STATUSES:
        return [f"{method} {path} documents no {answer.status}"]
    name = "Error" if answer.status >= 400 else schema_of(template, method.lower(), str(answer.status))
    faults: list[str] = []
    if not whole and isinstance(content.get("data"), list):
        records, content["data"] = content["data"], []
        sample = records if len(records) <= SAMPLE else records[: SAMPLE // 2] + records[-SAMPLE // 2 :]
        faults = [fault for record in sample for fault in _faults_in_record(name, json.dumps(record))]
    return [f"{method} {path} {answer.status}: {fault}" for fault in [*faults, *faults_in(name, content)]]


@dataclass
class Watch:
    """Stands beside a sandbox and notes every request and answer of the Clio surface that breaks the contract."""

    faults: list[str] = field(default_factory=list)
    requests: int = 0
    _seen: set[tuple[str, str, str]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def see(self, request: Request, answer: Answer) -> None:
        """Note what is wrong with an answer, and with a request unless it was refused: then the test shows it."""
        path = request.path.removeprefix(PREFIX)
        with self._lock:
            self.requests += 1
            found = answer_faults(request.method, path, answer, whole=False)
            shape = (request.method, path, re.sub(r"page_token=[^&]*", "", request.query))
            if answer.status != 400 and answer.status < 500 and shape not in self._seen:
                self._seen.add(shape)
                headers = dict(request.headers.items())
                found += request_faults(request.method, path, request.query, headers, request.body)
            self.faults += found
