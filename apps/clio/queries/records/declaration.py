"""How a kind of record is declared: once, in `kinds/`, for the address, the statement, the document and the cursor.

All SQL names the kind's own rows `r`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from apps.clio.queries.records.candidates import Ways
from apps.clio.queries.records.reach import RowTest
from apps.core.access import Extra
from apps.core.scope import Scope


class Kind(StrEnum):
    """What a value is, in an answer and in an address."""

    ID = "id"
    KEY = "key"  # an id that is text
    IDS = "ids"
    TEXT = "text"
    DAY = "day"
    INSTANT = "instant"
    MONEY = "money"
    NUMBER = "number"
    FLAG = "flag"
    DOCUMENT = "document"


class Hides(StrEnum):
    """What stands in a field that not everybody may read."""

    PERSON = "person"  # the name of somebody of the firm
    CLIENT = "client"  # a client's name, for which there is a stand-in
    MATTER = "matter"  # a matter's name or number, for which there is one too
    ACCOUNT = "account"  # a bank account's name, which may be a client's; there is a stand-in
    CLIENTS_WORDS = "clients_words"  # words that may name a client: nothing can stand in for them


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    sql: where the value is; the column of the same name if left out. part_sql: the same for whoever sees a part of the
    firm. needs: a permission without which the field is null, except where `unless`, a test in SQL, holds. hides, of:
    what it may give away, and the SQL of the id of the person, client or matter it names. is_client: whether a person
    is a client after all, who has a log-in. nameless_sql: the value for whom clients' names are hidden. shape: of a
    document, for the OpenAPI document.
    """

    name: str
    kind: Kind
    help: str = ""
    sql: str = ""
    part_sql: str = ""
    needs: Extra | None = None
    unless: str = ""
    hides: Hides | None = None
    of: str = ""
    is_client: str = ""
    nameless_sql: str = ""
    shape: tuple["Field", ...] = ()

    def source(self, *, is_part: bool) -> str:
        """Return the SQL of the value."""
        return (is_part and self.part_sql) or self.sql or f'r."{self.name}"'


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter that narrows a list. sql: a condition with `{value}` in it. An id may be several, by commas.

    having: where several rows are one record, the same over those of them that may be seen.
    """

    name: str
    kind: Kind
    sql: str
    help: str = ""
    choices: tuple[str, ...] = ()
    having: str = ""
    hides: Hides | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """An order a list can have; every one is led by an index of the firm's. hides: it would tell what is hidden."""

    name: str
    kind: Kind
    sql: str = ""
    is_nullable: bool = True
    hides: Hides | None = None

    @property
    def column(self) -> str:
        """The SQL to sort by."""
        return self.sql or f"r.{self.name}"


@dataclass(frozen=True, slots=True)
class Sought:
    """Where a search looks: text kept in lower case, of which the beginning is compared. sql: it, or an expression.

    is_anywhere: the text as it came, which may hold what is sought anywhere. No index helps with that.
    """

    says: str
    sql: str
    hides: Hides | None = None
    is_anywhere: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordKind:
    """A kind of mirrored record.

    name, one: in addresses, in the plural and for one. table: its rows. scope: who may see which of them.
    joins: what the fields need besides. condition: which rows of the table are of this kind at all.
    key, key_kind: Clio's id. is_grouped: several rows of the table are one record, and fields are sums of them.
    changed, gone: when our copy of a record last changed, and was found to be gone. updated_since: the test of it.
    permission: without it there is no such list. ways: how the rows of a scope are found that holds few of a long list.
    """

    name: str
    one: str
    about: str
    table: str
    fields: tuple[Field, ...]
    scope: Callable[[Scope], RowTest]
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    sought: tuple[Sought, ...] = ()
    default_sort: str = "-id"
    joins: str = ""
    condition: str = "true"
    key: str = "r.clio_id"
    key_kind: Kind = Kind.ID
    is_grouped: bool = False
    changed: str = "r.changed_at"
    gone: str = "r.gone_at"
    updated_since: Filter = Filter("updated_since", Kind.INSTANT, "r.changed_at >= {value}")
    permission: Extra | None = None
    ways: Ways | None = None

    @cached_property
    def all_fields(self) -> tuple[Field, ...]:
        """The id first, the kind's own fields, and what every record has."""
        return (
            Field("id", self.key_kind, "Clio's id", sql=self.key),
            *self.fields,
            Field("changed_at", Kind.INSTANT, "when our copy last changed", sql=self.changed),
            Field("gone_at", Kind.INSTANT, "when the record was found to be gone from Clio; else null", sql=self.gone),
        )

    @cached_property
    def all_sorts(self) -> tuple[Sort, ...]:
        """The kind's own orders and those of every kind; sums are found by their id only."""
        own = Sort("id", self.key_kind, self.key, is_nullable=False)
        return (own,) if self.is_grouped else (*self.sorts, own, Sort("changed_at", Kind.INSTANT, is_nullable=False))

    @cached_property
    def revision(self) -> str:
        """A text that differs once the kind's fields are told otherwise than before."""
        return hashlib.sha256(repr(self.all_fields).encode()).hexdigest()[:16]

    @cached_property
    def follows_by(self) -> str:
        """The order of a list that is asked for changes: what changes meanwhile comes later, not never."""
        return "id" if self.is_grouped else "changed_at"
