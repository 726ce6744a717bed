"""How a mirrored entity is declared: once, by Clio's `fields` and the table that takes them."""

import re
from collections.abc import Collection, Mapping
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


class Trace(StrEnum):
    """How it shows that a record is no more."""

    SWEEP = "sweep"  # it vanishes from the list: only a comparison of ids finds it
    STATE = "state"  # a state says so; what vanishes all the same is found by a sweep
    VOIDED = "voided"  # `voided_at` says so; what vanishes all the same is found by a sweep
    DISABLED = "disabled"  # `enabled` says so
    SNAPSHOT = "snapshot"  # the next whole reading lacks it


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
    """One of Clio's lists and its table. `fields` as clio-api.md section 15 has them.

    endpoint: the list's path; the name where nothing else is said.
    optional_fields: fields an older Clio answers with a 400 for the whole request: asked for if the firm's takes them.
    is_single: one record without a list around it.
    variants: filters under which the list is read one after the other, for records its plain form may leave out.
    since, by_ids: the list knows `created_since` and `updated_since`; it knows `ids[]`.
    windows: the date filters, from and to, by which the list may be read in parts.
    snapshot: Clio's own sums of the moment: replaced whole, what a new reading lacks is gone.
    every_hours: how long a reading suffices where only a whole one brings changes; 0: each run reads anew.
    trace, webhook_model, webhook_fields: how a removal shows; what Clio announces changes by, "" where it does not.
    needs: entities to be read before this one. serves_first: among those without which no number is shown.
    history: columns whose former values are kept.
    moves_money: its young records are compared with Clio's own list every night, all of them once a week.
    ledger_date: the column that places a record in time for the reader of changes.
    marks: an entity, and the column of it that is true for the records listed here. ours: such columns of this one.
    id_lists: nested collections whose ids are kept in a column of their own as well.
    """

    name: str
    model: type[Mirrored]
    fields: str
    endpoint: str = ""
    optional_fields: str = ""
    is_single: bool = False
    order: str = "id(asc)"
    page_size: int = 200
    variants: tuple[Mapping[str, str], ...] = ({},)
    since: bool = True
    by_ids: bool = True
    windows: tuple[str, str] | None = None
    snapshot: bool = False
    every_hours: int = 0
    trace: Trace = Trace.SWEEP
    webhook_model: str = ""
    webhook_fields: str = ""
    needs: tuple[str, ...] = ()
    serves_first: bool = False
    history: tuple[str, ...] = ()
    moves_money: bool = False
    ledger_date: str = ""
    marks: "tuple[Entity, str] | None" = None
    ours: tuple[str, ...] = ()
    id_lists: Mapping[str, str] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "endpoint", self.endpoint or self.name)

    @cached_property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table

    @cached_property
    def has_text_key(self) -> bool:
        """Tell whether Clio's ids of these records are text."""
        return self._model_columns["clio_id"][1] == "text"

    @cached_property
    def mark(self) -> str:
        """The field by which a record's change shows: its etag, or `updated_at` where there is none."""
        return "etag" if any(column.name == "etag" for column in self.columns) else "updated_at"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column that is filled from the record, the key first."""
        found: list[Column] = []
        for name, inner in parse_fields(self.fields) + parse_fields(self.optional_fields):
            found += self._columns_of(name, inner)
        return tuple(found)

    @cached_property
    def optional_names(self) -> tuple[str, ...]:
        """The outer names of the optional fields."""
        return tuple(name for name, _ in parse_fields(self.optional_fields))

    def parameters(self, variant: int, updated_since: str = "", *, taken: Collection[str] = ()) -> dict[str, str]:
        """Return the query parameters of the list's first page. taken: the optional fields the firm's Clio takes."""
        wanted = {"fields": self.asked_fields(taken)}
        if not self.is_single:
            wanted |= {"limit": str(self.page_size), **self.variants[variant]}
            if self.order:
                wanted["order"] = self.order
        if updated_since and self.since:
            wanted["updated_since"] = updated_since
        return wanted

    def asked_fields(self, taken: Collection[str]) -> str:
        """Return the `fields` of a request, with those of the optional ones that are taken."""
        optional = [
            whole for name, whole in zip(self.optional_names, self._optional_parts, strict=True) if name in taken
        ]
        return ",".join([self.fields, *optional])

    @cached_property
    def _optional_parts(self) -> tuple[str, ...]:
        return tuple(match[0] for match in _FIELD.finditer(self.optional_fields))

    def _columns_of(self, name: str, inner: tuple[str, ...]) -> list[Column]:
        if name == "id":
            return [self._column("clio_id", "id", None)]
        if not inner:
            return [self._column(name, name, None)]
        if name not in self._model_columns:
            return [self._column(self._nested_name(name, part), name, part) for part in inner]
        both = [name, self.id_lists[name]] if name in self.id_lists else [name]
        return [self._column(column, name, None) for column in both]

    def _nested_name(self, name: str, part: str) -> str:
        """Clio tells some ids twice, flat and within the record: `bank_account_id` and `bank_account{id}`."""
        flat = f"{name}_{part}"
        return f"{name}_record_{part}" if flat in self._outer_names else flat

    @cached_property
    def _outer_names(self) -> frozenset[str]:
        return frozenset(name for name, _ in parse_fields(self.fields))

    def _column(self, name: str, source: str, inner: str | None) -> Column:
        kind, sql_type = self._model_columns[name]
        return Column(name, source, inner, kind, sql_type)

    @cached_property
    def _model_columns(self) -> dict[str, tuple[Kind, str]]:
        fields = self.model._meta.concrete_fields
        return {each.column: (_kind(each), each.db_type(connection) or "") for each in fields if each.column}


def parse_fields(fields: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return each outer name of Clio's `fields` with the names inside its braces."""
    return [(name, tuple(part for part in inner.split(",") if part)) for name, inner in _FIELD.findall(fields)]


def _kind(column: "models.Field[object, object]") -> Kind:
    if isinstance(column, models.JSONField):
        return Kind.DOCUMENT
    if isinstance(column, ArrayField):
        return Kind.IDENTIFIERS
    if isinstance(column, models.BooleanField):
        return Kind.FLAG
    return Kind.TEXT if isinstance(column, models.TextField) else Kind.PLAIN
