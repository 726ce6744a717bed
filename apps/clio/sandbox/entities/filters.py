"""Query parameters that narrow a list. Each factory returns a Filter: (entity, text) -> test of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from apps.clio.sandbox.errors import MalformedParameter
from apps.clio.sandbox.fragments import FLAGS, NULL, TEXT

if TYPE_CHECKING:
    from apps.clio.sandbox.entities.entity import Cell, Entity, Row
    from apps.clio.sandbox.store import Store

Test = Callable[["Row"], bool]
CONDITION = re.compile(r"^(>=|<=|=|>|<)(\d{4}-\d{2}-\d{2})$")
WORDS = {"true": FLAGS[1], "false": FLAGS[0], "1": FLAGS[1], "0": FLAGS[0]}


@dataclass(frozen=True, slots=True)
class Filter:
    """A test made from a parameter's text.

    reference: the column when the test is "points to this id". across: makes the test instead where other tables are
    asked too.
    """

    make: Callable[[Entity, str], Test]
    reference: str | None = None
    across: Callable[[Entity, str, Store], Test] | None = None


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


def one_of(text: str, words: Collection[str]) -> str:
    """Return the word or refuse the parameter."""
    if text not in words:
        raise MalformedParameter(f"{text!r} is not one of {', '.join(words)}.")
    return text


def through(column: str, inner: str) -> Filter:
    """Keep records whose nested object, or one of them, points to this id; null: points nowhere."""

    def across(entity: Entity, text: str, store: Store) -> Test:
        nested, at = entity.nested[column], entity.positions[column]
        assert nested.target is not None
        found = _pointing(store, nested.target, inner, text)
        if nested.many:
            return lambda row: not found.isdisjoint(cast("tuple[int, ...]", row[at]))
        return lambda row: row[at] in found

    return Filter(nowhere, across=across)


def of_matters(inner: str, column: str = "id") -> Filter:
    """Keep records whose column holds the id of a matter, or of the client of one, that points to this id."""

    def across(entity: Entity, text: str, store: Store) -> Test:
        found = _pointing(store, "matters", inner, text)
        if column == "client":
            table = store.tables["matters"]
            client = table.entity.positions["client"]
            found = {cast("int", cast("Row", table.find(each))[client]) for each in found}
            at = entity.positions.get("contact", 0)
            return lambda row: row[at] in found
        return lambda row: row[0] in found

    return Filter(nowhere, across=across)


def _pointing(store: Store, name: str, column: str, text: str) -> set[int]:
    table = store.tables[name]
    return {table.ids[at] for at in table.referring(column, None if text == NULL else number(text))}


def says_id() -> Filter:
    """Keep the record with this id."""

    def make(entity: Entity, text: str) -> Test:
        wanted = number(text)
        return lambda row: row[0] == wanted

    return Filter(make)


def nowhere(entity: Entity, text: str) -> Test:
    """Stand where only `across` can make the test."""
    raise AssertionError(f"{entity.name}: the other tables are needed for {text}")


def says_number(column: str) -> Filter:
    """Keep records whose plain number is this one; the word null keeps those without."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], NULL if text == NULL else str(number(text))
        return lambda row: str(row[at]) == wanted

    return Filter(make)


def refers_to_none() -> Filter:
    """Keep records without an object no record here has: all for the word null, none for an id."""

    def make(entity: Entity, text: str) -> Test:
        is_null = text == NULL or number(text) is None
        return lambda row: is_null

    return Filter(make)


def nothing_is() -> Filter:
    """Keep no record when the flag is asked for, since none has it, and all otherwise."""

    def make(entity: Entity, text: str) -> Test:
        wanted = WORDS[one_of(text, WORDS)] == FLAGS[1]
        return lambda row: not wanted

    return Filter(make)


def flag_of(make_test: Callable[[Entity], Test]) -> Filter:
    """Keep records that meet a condition, or with false those that do not."""

    def make(entity: Entity, text: str) -> Test:
        test, wanted = make_test(entity), WORDS[one_of(text, WORDS)] == FLAGS[1]
        return lambda row: test(row) == wanted

    return Filter(make)


def instant_not_before(column: str) -> Filter:
    """Keep records whose timestamp is this instant or a later one."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], seconds_of(text)
        return lambda row: row[at] != NULL and seconds_of(str(row[at]).strip('"')) >= wanted

    return Filter(make)


def instant_not_after(column: str) -> Filter:
    """Keep records whose timestamp is this instant or an earlier one."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], seconds_of(text)
        return lambda row: row[at] != NULL and seconds_of(str(row[at]).strip('"')) <= wanted

    return Filter(make)


def seconds_of(text: str) -> int:
    """Return the Unix seconds of a timestamp; a + that came as a space is one. Refuses what is none."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise MalformedParameter(f"{text!r} is not a timestamp.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


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


def starts_with(column: str) -> Filter:
    """Keep records whose text begins with a letter, whatever the case."""

    def make(entity: Entity, text: str) -> Test:
        at, wanted = entity.positions[column], f'"{text.lower()}'
        return lambda row: str(row[at]).lower().startswith(wanted)

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
