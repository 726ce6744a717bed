"""Shapes of records, made from their declarations: a second list of fields here could only drift from the first."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from rest_framework import serializers

from apps.clio.queries.records.declaration import Field, Kind, RecordKind

_AnyField = serializers.Field[Any, Any, Any, Any]


@cache
def record_serializer(kind: RecordKind) -> type[serializers.Serializer[Any]]:
    """Return the shape of one record. None of its fields is sure to be there: `fields=` chooses."""
    return _serializer(_camel(kind.one), kind.all_fields, is_chosen=True)


def page_serializer(kind: RecordKind) -> type[serializers.Serializer[Any]]:
    """Return the shape of a page."""
    members: dict[str, Any] = {
        "next": serializers.URLField(allow_null=True, help_text="the page after this one"),
        "previous": serializers.URLField(allow_null=True, help_text="the page before this one"),
        "results": record_serializer(kind)(many=True),
    }
    return type(f"{_camel(kind.one)}PageOutput", (serializers.Serializer,), members)


def _serializer(name: str, fields: Sequence[Field], *, is_chosen: bool) -> type[serializers.Serializer[Any]]:
    members: dict[str, Any] = {each.name: _field(name, each, is_chosen) for each in fields}
    return type(f"{name}RecordOutput", (serializers.Serializer,), members)


def _field(owner: str, field: Field, is_chosen: bool) -> _AnyField:
    is_sure = field.name == "id"
    options: dict[str, Any] = {"help_text": field.help, "allow_null": not is_sure, "required": is_sure or not is_chosen}
    if field.kind is Kind.DOCUMENT:
        inner = _serializer(owner + _camel(field.name), field.shape, is_chosen=False)
        return inner(many=True, **options)
    if field.kind is Kind.MONEY:
        options["help_text"] = f"{field.help} (decimal)".strip()
    if field.kind is Kind.IDS:
        return serializers.ListField(child=serializers.IntegerField(), **options)
    return _FIELDS[field.kind](**options)


_FIELDS: dict[Kind, type[_AnyField]] = {
    Kind.ID: serializers.IntegerField,
    Kind.KEY: serializers.CharField,
    Kind.TEXT: serializers.CharField,
    Kind.DAY: serializers.DateField,
    Kind.INSTANT: serializers.DateTimeField,
    Kind.MONEY: serializers.CharField,
    Kind.NUMBER: serializers.FloatField,
    Kind.FLAG: serializers.BooleanField,
}


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
