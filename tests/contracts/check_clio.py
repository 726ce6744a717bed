"""Hold what the mirror asks of Clio, and the columns that take it, against Clio's contract; `make check` runs this.

    python -m tests.contracts.check_clio

It calls nobody. Clio answers an unknown field with a 400 for the whole request and ignores an unknown parameter: a
misspelled one would fail every sync, or silently return everything.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apps.clio.mirror import Entity

Schema = Mapping[str, Any]
CONTRACT: dict[str, Any] = json.loads(Path(__file__).with_name("clio.openapi.json").read_text())
# What a column may be for a type of the contract. Text takes whatever comes: ids whose form nobody has seen.
FITTING = {
    "integer": {"bigint", "numeric", "text"},
    "number": {"numeric"},
    "boolean": {"boolean"},
    "string": {"text"},
    "date": {"date"},
    "date-time": {"timestamp with time zone"},
    "array": {"jsonb", "bigint[]"},
}
_INSTANT = "2026-01-01T00:00:00+00:00"


def faults_of(entity: "Entity") -> list[str]:
    """Return in words everything in which an entity's declaration does not hold to the contract."""
    operation = CONTRACT["paths"].get(f"/{entity.endpoint}.json", {}).get("get")
    if operation is None:
        return [f"{entity.name}: the contract knows no {entity.endpoint}"]
    record = _record_of(operation)
    parameters = {each["name"]: _resolved(each["schema"]) for each in operation["parameters"]}
    every = ",".join(filter(None, (entity.fields, entity.optional_fields)))
    faults = [
        *_field_faults(every, record),
        *_parameter_faults(entity, parameters),
        *_column_faults(entity, record),
        *_webhook_faults(entity, record),
    ]
    return [f"{entity.name}: {fault}" for fault in faults]


def _field_faults(fields: str, record: Schema) -> Iterator[str]:
    from apps.clio.mirror.declaration import parse_fields

    parsed = parse_fields(fields)
    if ",".join(f"{name}{{{','.join(inner)}}}" if inner else name for name, inner in parsed) != fields:
        yield "its fields are not words and one level of braces, separated by commas"
    for name, inner in parsed:
        if name not in record:
            yield f"the contract knows no field {name}"
            continue
        nested = _properties(record[name])
        if nested and not inner:
            yield f"{name} is an object: without braces Clio gives its defaults only"
        yield from (f"the contract knows no field {part} in {name}" for part in inner if part not in nested)
        yield from (f"{part} in {name} is a second level" for part in inner if _is_object(nested.get(part, {})))


def _parameter_faults(entity: "Entity", known: Mapping[str, Schema]) -> Iterator[str]:
    for variant in range(len(entity.variants)):
        for name, value in entity.parameters(variant, _INSTANT).items():
            if name not in known:
                yield f"the list knows no parameter {name}"
            elif not _is_allowed(value, known[name]):
                yield f"{name} does not take {value}"
    windows = entity.windows or ()
    yield from (f"the list knows no parameter {name}" for name in windows if name not in known)
    for told, parameter in ((entity.since, "updated_since"), (entity.by_ids, "ids[]")):
        # What is replaced whole asks for no part, whether or not the list could give one.
        if told != (parameter in known) and not (entity.snapshot and not told):
            yield f"the list {'knows' if parameter in known else 'does not know'} {parameter}"
    # Only by id can a cursor follow; of a list that documents no order, its own is taken.
    if entity.order != ("id(asc)" if "order" in known else ""):
        yield f"its order is {entity.order or 'none'}"
    if "limit" in known and entity.page_size != known["limit"].get("maximum"):
        yield f"pages of {entity.page_size}, where up to {known['limit'].get('maximum')} go"


def _column_faults(entity: "Entity", record: Schema) -> Iterator[str]:
    try:
        columns = entity.columns
    except KeyError as missing:
        yield f"{entity.table} has no column {missing.args[0]}"
        return
    for column in columns:
        schema = _resolved(record.get(column.source, {}))
        if column.inner is not None:
            schema = _resolved(_properties(schema).get(column.inner, {}))
        kind = schema["format"] if schema.get("format") in FITTING else schema.get("type")
        is_kept_whole = column.sql_type == "jsonb" and kind == "object"
        if kind is not None and not is_kept_whole and column.sql_type not in FITTING.get(kind, ()):
            yield f"column {column.name} is {column.sql_type}, the contract says {kind}"


def _webhook_faults(entity: "Entity", record: Schema) -> Iterator[str]:
    if not entity.webhook_model:
        return
    body = _resolved(
        CONTRACT["paths"]["/webhooks.json"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    )
    models = _properties(_properties(body)["data"])["model"]["enum"]
    if entity.webhook_model not in models:
        yield f"the contract knows no webhook of {entity.webhook_model}"
    if len(entity.webhook_fields) > 1000:
        yield "its webhook's fields are longer than the 1000 characters Clio takes"
    yield from (f"webhook: {fault}" for fault in _field_faults(entity.webhook_fields, record))


def _is_allowed(value: str, schema: Schema) -> bool:
    """A list of values may stand in one parameter, separated by commas."""
    if "enum" in schema:
        return bool(value in schema["enum"])
    match schema.get("type"):
        case "integer":
            return bool(schema.get("minimum", int(value)) <= int(value) <= schema.get("maximum", int(value)))
        case "boolean":
            return value in ("true", "false")
    return bool(value == schema.get("default", value))


def _record_of(operation: Schema) -> Schema:
    (content,) = operation["responses"]["200"]["content"].values()
    inner = _resolved(_resolved(content["schema"])["properties"]["data"])
    return _properties(inner)


def _properties(schema: Schema) -> Schema:
    """Return the fields of an object, or of the objects of a collection; none of a plain value."""
    resolved = _resolved(schema)
    if resolved.get("type") == "array":
        resolved = _resolved(resolved.get("items", {}))
    found: Schema = resolved.get("properties", {})
    return found


def _is_object(schema: Schema) -> bool:
    resolved = _resolved(schema)
    return _resolved(resolved.get("items", resolved)).get("type") == "object"


def _resolved(schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = CONTRACT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "allOf" not in schema:
        return schema
    parts = [_resolved(part) for part in schema["allOf"]]
    properties = {name: each for part in parts for name, each in part.get("properties", {}).items()}
    return {**{key: value for part in parts for key, value in part.items()}, "properties": properties}


def main() -> int:
    """Print what does not hold; return 1 if anything does not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from apps.clio.mirror import ENTITIES

    faults = [fault for entity in ENTITIES for fault in faults_of(entity)]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"{len(ENTITIES)} declarations held against Clio's contract, {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
