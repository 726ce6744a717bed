"""Query parameters that narrow a list. Each factory returns a Filter: (entity, text) -> test of a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from apps.clio.sandbox.errors import MalformedParameter
from apps.clio.sandbox.fragments import FLAGS, NULL, TEXT

if TYPE_CHECKING:
    from apps.clio.sandbox.entities.entity import Cell, Entity, Row

Test = Callable[["Row"], bool]
CONDITION = re.compile(r"^(>=|<=|=|>|<)(\d{4}-\d{2}-\d{2})$")
WORDS = {"true": FLAGS[1], "false": FLAGS[0], "1": FLAGS[1], "0": FLAGS[0]}


@dataclass(frozen=True, slots=True)
class Filter:
    """A test made from a parameter's text. `reference` names the column when the test is "points to this id"."""

    make: Callable[[Entity, str], Test]
    reference: str | None = None


def number(text: str) -> int:
    """Return a whole number or refuse the parameter."""
    try:
        return int(text)
    except ValueError:
        raise MalformedParameter(f"{text!r} is not a number.") from None


def day(text: str) -> str:
    """Return a date as it stands in a row, or refuse the parameter."""
    try:
        return f'"{date.fromisoformat(text[:10]).isoformat()}"'
    except ValueError:
        raise MalformedParameter(f"{text!r} is not a date.") from None


def points_to(column: str) -> Filter:
    """Keep records whose nested object has this id; the word null keeps those without."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], None if text == NULL else number(text)
        return lambda row: row[at] == wanted

    return Filter(make, column)


def holds(column: str) -> Filter:
    """Keep records whose nested collection has an object with this id."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], number(text)
        return lambda row: wanted in cast("tuple[object, ...]", row[at])

    return Filter(make)


def has_part(column: str, part: str) -> Filter:
    """Keep records whose embedded object carries this value."""

    def make(entity: Entity, text: str) -> Test:
        at = entity.positions[column]

        def test(row: Row) -> bool:
            fragments = getattr(row[at], "fragments", {})
            return fragments.get(part) in (text, TEXT[text])

        return test

    return Filter(make)


def says(column: str, words: dict[str, str] | None = None) -> Filter:
    """Keep records whose text is one of a comma list; `words` maps the filter's word to the record's."""

    def make(entity: Entity, text: str) -> Test:
        at = entity.positions[column]
        asked = text.split(",")
        if words is not None and not set(asked) <= words.keys():
            raise MalformedParameter(f"{text!r} is not one of {', '.join(sorted(words))}.")
        wanted: set[Cell] = {TEXT[words[word] if words else word] for word in asked}
        return lambda row: row[at] in wanted

    return Filter(make)


def contains(*columns: str) -> Filter:
    """Keep records with the text somewhere in these columns, whatever the case."""

    def make(entity: Entity, text: str) -> Test:
        places, wanted = [entity.positions[column] for column in columns], text.lower()
        return lambda row: any(wanted in str(row[at]).lower() for at in places)

    return Filter(make)


def flag(column: str) -> Filter:
    """Keep records whose flag is set, or not."""

    def make(entity: Entity, text: str) -> Test:
        at = entity.positions[column]
        if text not in WORDS:
            raise MalformedParameter(f"{text!r} is neither true nor false.")
        wanted = WORDS[text]
        return lambda row: row[at] == wanted

    return Filter(make)


def on_or_after(column: str) -> Filter:
    """Keep records with this date or a later one."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], day(text)
        return lambda row: row[at] != NULL and cast("str", row[at]) >= wanted

    return Filter(make)


def on_or_before(column: str) -> Filter:
    """Keep records with this date or an earlier one."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], day(text)
        return lambda row: row[at] != NULL and cast("str", row[at]) <= wanted

    return Filter(make)


def condition(column: str) -> Filter:
    """Keep records whose date meets an operator and date such as >=2026-01-31."""

    def make(entity: Entity, text: str) -> Test:
        match = CONDITION.match(text)
        if match is None:
            raise MalformedParameter(f"{text!r} is not an operator and a date.")
        at, sign, wanted = entity.positions[column], match[1], day(match[2])

        def test(row: Row) -> bool:
            found = str(row[at])
            return found != NULL and {
                ">": found > wanted, ">=": found >= wanted, "=": found == wanted,
                "<": found < wanted, "<=": found <= wanted,
            }[sign]  # fmt: skip

        return test

    return Filter(make)
