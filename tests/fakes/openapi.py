"""Hold requests and answers to a vendor's own document (OpenAPI 3.0), in JSON Schema's words."""

import re
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]  # no stubs installed

_formats = FormatChecker()


@_formats.checks("phone-number")  # type: ignore[untyped-decorator]
def _is_number(value: object) -> bool:
    return re.fullmatch(r"\+[1-9]\d{6,14}", str(value)) is not None


@_formats.checks("uri")  # type: ignore[untyped-decorator]
def _is_uri(value: object) -> bool:
    return bool(urlsplit(str(value)).netloc)


def find_faults(contract: dict[str, Any], schema: dict[str, Any], content: object) -> list[str]:
    """Return what a content has that the schema does not allow."""
    validator = Draft4Validator(
        {**_nullable(schema), "components": _nullable(contract["components"])}, format_checker=_formats
    )
    return [f"{list(fault.absolute_path)}: {fault.message[:200]}" for fault in validator.iter_errors(content)]


def find_form_faults(contract: dict[str, Any], operation: dict[str, Any], form: dict[str, list[str]]) -> list[str]:
    """Return what a form has that the operation does not take; a field it does not name is one."""
    schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    properties = schema["properties"]
    told = {
        name: values if properties.get(name, {}).get("type") == "array" else values[0] for name, values in form.items()
    }
    return find_faults(contract, {**schema, "additionalProperties": False}, told)


def _nullable(schema: Any) -> Any:
    """Say OpenAPI 3.0's `nullable` in JSON Schema's words."""
    if isinstance(schema, list):
        return [_nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: _nullable(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [said, {"type": "null"}]} if schema.get("nullable") is True else said
