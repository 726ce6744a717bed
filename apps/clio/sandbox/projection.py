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
    """Writes rows of one entity with the asked fields. Raises InvalidFields for a name Clio does not know."""

    def __init__(self, store: Store, entity: Entity, asked: Asked) -> None:
        self._store = store
        parts: list[str] = []
        scalars: list[int] = []
        self._views: list[tuple[View, int]] = []
        for name in [name for name in asked if name not in entity.nested]:
            if asked[name] is not None:
                raise InvalidFields(f"{name} is not an object and takes no braces.")
            if name in entity.scalars:
                scalars.append(entity.positions[name])
                parts.append(f'"{name}":%s')
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
        if not nested.is_kept:
            return f'"{name}":{"[]" if nested.many else NULL}'
        self._views.append((View(write, is_many=nested.many), entity.positions[name]))
        return f'"{name}":%s'

    def _writer(self, nested: Nested, inner: tuple[str, ...] | None) -> Callable[[int | Embedded], str]:
        if nested.target is None:
            names = _names_in_shape(nested.shape, inner)
            return lambda cell: _write_embedded(cast("Embedded", cell), names)
        target = ENTITIES[nested.target]
        names = inner or target.default_fields
        plan = Plan(self._store, target, dict.fromkeys(names))
        find = self._store.tables[target.name].find

        def write(cell: int | Embedded) -> str:
            if isinstance(cell, Embedded):
                return _write_embedded(cell, names)
            row = find(cell)
            return NULL if row is None else plan.write((row,))[0]

        return write


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
    """The plans in use, by entity and `fields` text; dropped when a record changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._plans: dict[tuple[str, str], Plan] = {}
        self._version = store.version

    def plan(self, entity: Entity, text: str | None) -> Plan:
        """Return the plan for a `fields` parameter."""
        if self._version != self._store.version or len(self._plans) > PLAN_LIMIT:
            self._plans, self._version = {}, self._store.version
        key = (entity.name, text or "")
        plan = self._plans.get(key)
        if plan is None:
            asked = parse_fields(text) if text else dict.fromkeys(entity.default_fields)
            plan = self._plans[key] = Plan(self._store, entity, asked)
        return plan
