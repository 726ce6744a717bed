"""How a mirrored entity is declared: once, by Clio's `fields` and the table that takes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from apps.clio.models import Mirrored

_FIELD = re.compile(r"(\w+)(?:\{([^}]*)\})?")


class Kind(StrEnum):
    """How a value becomes text for COPY."""

    PLAIN = "plain"  # numbers, dates, instants: their text needs nothing done to it
    TEXT = "text"
    FLAG = "flag"
    DOCUMENT = "document"
    IDENTIFIERS = "identifiers"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and where its value is: the field of the record, and for a nested object the field in there."""

    name: str
    source: str
    inner: str | None
    kind: Kind
    sql_type: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A column of ours, kept by the upsert: SQL over `batch` for a new row, `excluded` and `mirror` for a known one."""

    column: str
    when_new: str
    when_known: str


@dataclass(frozen=True, eq=False)
class Entity:
    """One of Clio's lists and its table. `name` is the endpoint; `fields` as clio-api.md section 15 has them.

    variants: filters under which the list is read one after the other, for records its plain form may leave out.
    id_lists: nested collections whose ids are kept in a column of their own as well.
    """

    name: str
    model: type[Mirrored]
    fields: str
    order: str = "id(asc)"
    page_size: int = 200
    variants: tuple[Mapping[str, str], ...] = ({},)
    id_lists: Mapping[str, str] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()

    @cached_property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column that is filled from the record, the key first."""
        found: list[Column] = []
        for name, inner in _FIELD.findall(self.fields):
            found += self._columns_of(name, [part for part in inner.split(",") if part])
        return tuple(found)

    def parameters(self, variant: int, updated_since: str = "") -> dict[str, str]:
        """Return the query parameters of the list's first page."""
        wanted = {"fields": self.fields, "limit": str(self.page_size), **self.variants[variant]}
        if self.order:
            wanted["order"] = self.order
        if updated_since:
            wanted["updated_since"] = updated_since
        return wanted

    def _columns_of(self, name: str, inner: list[str]) -> list[Column]:
        if name == "id":
            return [self._column("clio_id", "id", None)]
        if not inner:
            return [self._column(name, name, None)]
        if name not in self._model_columns:
            return [self._column(f"{name}_{part}", name, part) for part in inner]
        both = [name, self.id_lists[name]] if name in self.id_lists else [name]
        return [self._column(column, name, None) for column in both]

    def _column(self, name: str, source: str, inner: str | None) -> Column:
        kind, sql_type = self._model_columns[name]
        return Column(name, source, inner, kind, sql_type)

    @cached_property
    def _model_columns(self) -> dict[str, tuple[Kind, str]]:
        fields = self.model._meta.concrete_fields
        return {each.column: (_kind(each), each.db_type(connection) or "") for each in fields if each.column}


def _kind(column: "models.Field[object, object]") -> Kind:
    if isinstance(column, models.JSONField):
        return Kind.DOCUMENT
    if isinstance(column, ArrayField):
        return Kind.IDENTIFIERS
    if isinstance(column, models.BooleanField):
        return Kind.FLAG
    return Kind.TEXT if isinstance(column, models.TextField) else Kind.PLAIN
