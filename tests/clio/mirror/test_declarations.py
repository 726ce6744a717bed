"""The declarations ask for everything clio-api.md section 15 names, as Clio's contract knows it, and lose nothing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from apps.clio.mirror import ENTITIES, Entity
from apps.clio.mirror.declaration import Kind
from apps.clio.models import Mirrored
from tests.clio.sandbox.server import SECTION_15

CONTRACT = json.loads((Path(__file__).resolve().parents[2] / "contracts" / "clio.openapi.json").read_text())
OURS = {"firm_id", "first_synced_at", "changed_at", "gone_at"}
every_entity = pytest.mark.parametrize("entity", ENTITIES, ids=[entity.name for entity in ENTITIES])


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = CONTRACT["components"]["schemas"][schema["$ref"].split("/")[-1]]
    if "allOf" not in schema:
        return schema
    parts = [resolved(part) for part in schema["allOf"]]
    properties = {name: each for part in parts for name, each in part.get("properties", {}).items()}
    return {**{key: value for part in parts for key, value in part.items()}, "properties": properties}


def list_operation(entity: Entity) -> Any:
    return CONTRACT["paths"][f"/{entity.name}.json"]["get"]


def record_of(entity: Entity) -> Any:
    (content,) = list_operation(entity)["responses"]["200"]["content"].values()
    items = resolved(resolved(resolved(content["schema"])["properties"]["data"])["items"])
    return items["properties"]


def parameters_of(entity: Entity) -> dict[str, dict[str, Any]]:
    return {each["name"]: resolved(each["schema"]) for each in list_operation(entity)["parameters"]}


@every_entity
def test_asks_for_exactly_the_fields_of_section_15(entity):
    assert entity.fields == SECTION_15[entity.name]


@every_entity
def test_every_field_is_one_of_the_contract(entity):
    record = record_of(entity)

    for name, inner in re.findall(r"(\w+)(?:\{([^}]*)\})?", entity.fields):
        schema = resolved(record[name])
        nested = resolved(schema["items"]) if schema.get("type") == "array" and inner else schema
        assert not inner or set(inner.split(",")) <= set(nested["properties"]), name


@every_entity
def test_every_column_fits_the_contracts_type(entity):
    record = record_of(entity)
    fitting = {
        "integer": {"bigint"},
        "number": {"numeric"},
        "boolean": {"boolean"},
        "string": {"text"},
        "date": {"date"},
        "date-time": {"timestamp with time zone"},
        "array": {"jsonb", "bigint[]"},
    }

    for column in entity.columns:
        schema = resolved(record[column.source])
        if column.inner is not None:
            schema = resolved(schema["properties"][column.inner])
        kind = schema["format"] if schema.get("format") in fitting else schema["type"]
        assert column.sql_type in fitting[kind], column.name


@every_entity
def test_fills_every_column_of_the_table(entity):
    filled = {column.name for column in entity.columns} | {each.column for each in entity.derived}

    assert issubclass(entity.model, Mirrored)
    assert {field.column for field in entity.model._meta.concrete_fields if field.column} == filled | OURS


@every_entity
def test_sends_only_parameters_the_list_knows(entity):
    known = parameters_of(entity)

    for variant in range(len(entity.variants)):
        sent = entity.parameters(variant, "2026-01-01T00:00:00+00:00")
        assert set(sent) <= set(known)
        assert int(sent["limit"]) == known["limit"].get("maximum", 200)
        for name, value in sent.items():
            assert value in known[name].get("enum", [value]), name


@every_entity
def test_is_read_by_id_wherever_the_list_takes_an_order(entity):
    assert entity.order == ("id(asc)" if "order" in parameters_of(entity) else "")


def test_keeps_amounts_as_they_were_sent():
    kinds = {column.kind for entity in ENTITIES for column in entity.columns if column.sql_type == "numeric"}

    assert kinds == {Kind.PLAIN}
