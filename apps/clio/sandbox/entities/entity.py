"""How one kind of record is described: its columns, the objects nested in it, its filters and orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.clio.sandbox.entities.filters import Filter
    from apps.clio.sandbox.entities.lookups import Lookups
    from apps.clio.sandbox.firm.records import Firm
    from apps.clio.sandbox.store import Store


class Embedded:
    """A nested object kept as JSON text by field name; many records share one."""

    __slots__ = ("fragments",)

    def __init__(self, **fragments: str) -> None:
        self.fragments = fragments


One = int | str | Embedded | None
Cell = int | str | Embedded | tuple["int | Embedded", ...] | None
"""JSON text of a scalar; for a nested object the id in its table, an Embedded, a tuple of them, or None."""
Row = tuple[Cell, ...]
Recorded = tuple[Row, int, int]
"""A row with the Unix seconds of its creation and last change."""


@dataclass(frozen=True, slots=True)
class Nested:
    """An object, or with `many` a collection, inside a record.

    target: the entity it is a record of, or None. shape: its field names where no entity says them.
    is_kept=False: Clio knows it, this firm never fills it. back: not kept either, but found: the records of the
    target whose nested object of that name is this record.
    """

    shape: tuple[str, ...] = ("id", "etag")
    target: str | None = None
    many: bool = False
    is_kept: bool = True
    back: str | None = None

    @property
    def has_cell(self) -> bool:
        """Tell whether a row has a cell for it."""
        return self.is_kept and self.back is None


@dataclass(frozen=True)
class Entity:
    """One list endpoint. A row holds the `scalars` in order, then the kept `nested` in order; the id comes first.

    orders: columns, or paths such as user.name, by which a list may be ordered; order_paths: where other words of
    Clio's point to. ignored: documented parameters that cannot change an answer here. derive: works the rows out from
    the other tables, for snapshots.
    """

    name: str
    scalars: tuple[str, ...]
    nested: dict[str, Nested] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    filters: dict[str, Filter] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    order_paths: dict[str, str] = field(default_factory=dict)
    default_order: str = "id(asc)"
    max_limit: int = 200
    has_single: bool = True
    has_ids: bool = True
    has_since: bool = True
    has_text_id: bool = False
    is_singleton: bool = False
    derive: Callable[[Store, date | None, date | None], Iterable[Recorded]] | None = None
    sums: tuple[str, ...] = ()
    rows: Callable[[Firm, Lookups], Iterable[Recorded]] = lambda firm, lookups: ()

    @cached_property
    def positions(self) -> dict[str, int]:
        """Return where each kept column sits in a row."""
        kept = [name for name, nested in self.nested.items() if nested.has_cell]
        return {name: at for at, name in enumerate((*self.scalars, *kept))}

    @cached_property
    def has_etag(self) -> bool:
        """Tell whether records of this kind carry an etag, always their second column."""
        return "etag" in self.scalars

    @property
    def default_fields(self) -> tuple[str, ...]:
        """Return what an answer holds when nothing is asked for."""
        return ("id", "etag") if self.has_etag else ("id",)
