"""What somebody asks of a list, and where a page of it begins: plain values, checked before they come here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Position:
    """After which record a page begins, or, backwards, before which: its value in the list's order, and its id."""

    value: Any
    key: int | str
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as it was asked for.

    fields: names, or None for all. sort: the name of an order. filters: values by the filters' names, `updated_since`
    among them. search: the beginning of a name or number, or words out of a note.
    """

    sort: str
    is_descending: bool = False
    fields: frozenset[str] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    search: str = ""
    includes_gone: bool = False
    position: Position | None = None
    size: int = 50


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The records of one page and the ways on and back (None: there is nothing)."""

    records: list[dict[str, Any]]
    next: Position | None
    previous: Position | None
