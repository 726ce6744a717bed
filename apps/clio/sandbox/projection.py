"""`fields`: what was asked for, checked, and turned into a plan that writes rows as JSON text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import cast

from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.entities.entity import Cell, Embedded, Entity, Nested, Row
from apps.clio.sandbox.errors import InvalidFields
from apps.clio.sandbox.fragments import NULL
from apps.clio.sandbox.sight import Sight
from apps.clio.sandbox.store import Store

ITEM = re.compile(r"\s*([A-Za-z_0-9]+)\s*(?:\{([^{}]*)\})?\s*(?:,|$)")
TOO_DEEP = re.compile(r"\{[^}]*\{")
VIEW_LIMIT = 50_000
PLAN_LIMIT = 64
Asked = dict[str, tuple[str, ...] | None]
"""Field name -> names inside its braces, or None without braces."""


def parse_fields(text: str) -> Asked:
    """Return the fields of a parameter. Raises InvalidFields when braces do not fit."""
    if TOO_DEEP.search(text):
        raise InvalidFields("Fields may be nested one level deep only.")
    asked: Asked = {}
    at = 0
    while at < len(text):
        match = ITEM.match(text, at)
        if match is None:
            raise InvalidFields(f"The fields parameter cannot be read at character {at + 1}.")
        name, inner = match.groups()
        asked[name] = None if inner is None else tuple(part.strip() for part in inner.split(",") if part.strip())
        at = match.end()
    return asked


class View(dict["Cell", str]):
    """Nested objects of one column as JSON text, by cell, each written at first sight."""

    def __init__(self, write: Callable[[int | Embedded], str], *, is_many: bool) -> None:
        super().__init__()
        self._write, self._is_many = write, is_many

    def __missing__(self, cell: Cell) -> str:
        if self._is_many:
            items = cast("tuple[int | Embedded, ...]", cell or ())
            text = f"[{','.join(map(self._write, items))}]"
        else:
            text = NULL if cell is None else self._write(cast("int | Embedded", cell))
        if len(self) >= VIEW_LIMIT:
            self.clear()
        self[cell] = text
        return text


class Plan:
    """Writes rows of one entity with the asked fields. Raises InvalidFields for a name Clio does not know.

    sight: what the caller may see of nested records; None is everything.
    """

    def __init__(self, store: Store, entity: Entity, asked: Asked, sight: Sight | None = None) -> None:
        self._store, self._sight = store, sight
        parts: list[str] = []
        scalars: list[int] = []
        self._views: list[tuple[View, int]] = []
        for name in [name for name in asked if name not in entity.nested]:
            if asked[name] is not None:
                raise InvalidFields(f"{name} is not an object and takes no braces.")
            if name in entity.scalars:
                scalars.append(entity.positions[name])
                parts.append(f'"{name}":"%s"' if name == "id" and entity.has_text_id else f'"{name}":%s')
            elif name in entity.unset:
                parts.append(f'"{name}":{NULL}')
            else:
                raise InvalidFields(f"{name} is not a valid field.")
        for name, inner in asked.items():
            if name in entity.nested:
                parts.append(self._nest(entity, name, inner))
        self._template = "{" + ",".join(parts) + "}"
        self._scalars = _getter(scalars)

    def write(self, rows: Iterable[Row]) -> list[str]:
        """Return each row as a JSON object."""
        template, scalars, views = self._template, self._scalars, self._views
        if not views:
            return [template % scalars(row) for row in rows]
        return [template % (*scalars(row), *[view[row[at]] for view, at in views]) for row in rows]

    def _nest(self, entity: Entity, name: str, inner: tuple[str, ...] | None) -> str:
        nested = entity.nested[name]
        write = self._writer(nested, inner)
        if nested.back is not None:
            self._views.append((View(self._finder(nested, write), is_many=False), 0))
            return f'"{name}":%s'
        if not nested.is_kept:
            return f'"{name}":{"[]" if nested.many else NULL}'
        self._views.append((View(write, is_many=nested.many), entity.positions[name]))
        return f'"{name}":%s'

    def _finder(self, nested: Nested, write: Callable[[int | Embedded], str]) -> Callable[[int | Embedded], str]:
        """Return what writes the records that point back to an id."""
        assert nested.target is not None
        assert nested.back is not None
        table, column = self._store.tables[nested.target], nested.back

        def found(cell: int | Embedded) -> str:
            assert isinstance(cell, int)
            return f"[{','.join(write(table.ids[at]) for at in table.referring(column, cell))}]"

        return found

    def _writer(self, nested: Nested, inner: tuple[str, ...] | None) -> Callable[[int | Embedded], str]:
        if nested.target is None:
            names = _names_in_shape(nested.shape, inner)
            return lambda cell: _write_embedded(cast("Embedded", cell), names)
        target, sight = ENTITIES[nested.target], self._sight
        names = inner or target.default_fields
        plan = Plan(self._store, target, dict.fromkeys(names), sight)
        find = self._store.tables[target.name].find

        def write(cell: int | Embedded) -> str:
            if isinstance(cell, Embedded):
                return _write_embedded(cell, names)
            row = find(cell)
            if row is None:
                return NULL
            if sight is not None:
                if not sight.admits(target, row):
                    return _write_redacted(target, cell, names)
                row = sight.redact(target, row)
            return plan.write((row,))[0]

        return write


def _write_redacted(target: Entity, number: int, names: tuple[str, ...]) -> str:
    """Return a record the caller may not see inside one that may be seen: its id at most."""
    shown = f'"{number}"' if target.has_text_id else str(number)
    parts = [f'"{name}":{shown if name == "id" else NULL}' for name in names]
    return "{" + ",".join([*parts, '"redacted":true']) + "}"


def _names_in_shape(shape: tuple[str, ...], inner: tuple[str, ...] | None) -> tuple[str, ...]:
    if not inner:
        return tuple(name for name in ("id", "etag") if name in shape) or shape
    for name in inner:
        if name not in shape:
            raise InvalidFields(f"{name} is not a valid field.")
    return inner


def _write_embedded(cell: Embedded, names: tuple[str, ...]) -> str:
    fragments = cell.fragments
    return "{" + ",".join([f'"{name}":{fragments.get(name, NULL)}' for name in names]) + "}"


def _getter(places: list[int]) -> Callable[[Row], tuple[Cell, ...]]:
    if not places:
        return lambda row: ()
    if len(places) == 1:
        only = places[0]
        return lambda row: (row[only],)
    return itemgetter(*places)


class Plans:
    """The plans in use, by entity, `fields` text and sight; dropped when a record changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._plans: dict[tuple[str, str, object], Plan] = {}
        self._edition = (store.version, store.edition)

    def plan(self, entity: Entity, text: str | None, sight: Sight | None = None) -> Plan:
        """Return the plan for a `fields` parameter."""
        edition = (self._store.version, self._store.edition)
        if self._edition != edition or len(self._plans) > PLAN_LIMIT:
            self._plans, self._edition = {}, edition
        key = (entity.name, text or "", None if sight is None else sight.key)
        plan = self._plans.get(key)
        if plan is None:
            asked = parse_fields(text) if text else dict.fromkeys(entity.default_fields)
            plan = self._plans[key] = Plan(self._store, entity, asked, sight)
        return plan
