"""One page of a list: filters, order, cursor or offset, and the address of the next page."""

from __future__ import annotations

import base64
import binascii
import re
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote_plus

from apps.clio.sandbox.entities.entity import Cell, Embedded, Entity, Row
from apps.clio.sandbox.entities.filters import WORDS, day, number, one_of, seconds_of
from apps.clio.sandbox.errors import MalformedParameter, Unprocessable
from apps.clio.sandbox.fragments import NULL
from apps.clio.sandbox.occurrences import occurrences
from apps.clio.sandbox.store import Store, Table

OFFSET_LIMIT = 10_000
SELECTION_LIMIT = 24
ORDER = re.compile(r"^([a-z_.]+)(?:\((asc|desc)\))?$")
CURSOR_ORDER = "id(asc)"
SINCE = ("created_since", "updated_since")
Parameters = dict[str, list[str]]
Positions = Sequence[int]
Keep = tuple[Hashable, Callable[[Row], bool]]
"""Who is asking, for the cache, and which rows they may see."""
SWITCHES = frozenset({
    "display", "expanded", "include_co_counsel", "only_unaccounted_for", "owner_entries_across_all_users",
    "show_empty_accounts", "unreconciled_only", "visible",
})  # fmt: skip
"""Documented switches that change nothing here."""
ANY_OF = frozenset({"statuses[]"})
"""Lists of words of which one must fit; other lists are conditions that must all hold."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows to show, the count of all that match, and the query strings around."""

    rows: Sequence[Row]
    records: int
    next_query: str | None
    previous_query: str | None


class Lister:
    """Answers list queries over one store, for one caller at a time.

    What a query selects is kept while its pages are walked.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._selections: OrderedDict[tuple[object, ...], Positions] = OrderedDict()

    def page(self, entity: Entity, parameters: Parameters, keep: Keep | None = None) -> Page:
        """Return the page a query asks for. keep: who may be seen. Raises MalformedParameter, Unprocessable."""
        if entity.derive is not None:
            self._store.derive(_day(parameters, "start_date"), _day(parameters, "end_date"))
        table = self._store.tables[entity.name]
        limit, order = _limit(entity, parameters), _order(entity, parameters)
        if entity.has_text_id and _last(parameters, "expanded") in ("true", "1"):
            return self._occurrences(table, parameters, keep, limit)
        positions = self._select(table, parameters, order, keep)
        token, offset = _last(parameters, "page_token"), _last(parameters, "offset")
        by_cursor = order == CURSOR_ORDER and offset is None and not _is_offset(token)
        start = self._after(table, positions, token) if by_cursor else _offset(offset, token)
        stop = min(start + limit, len(positions))
        following = previous = None
        if stop < len(positions):
            mark = f"after:{table.ids[positions[stop - 1]]}" if by_cursor else f"offset:{stop}"
            following = _query(parameters, mark)
        if start > 0 and not by_cursor:
            previous = _query(parameters, f"offset:{max(0, start - limit)}")
        return Page([table.rows[at] for at in positions[start:stop]], len(positions), following, previous)

    def _occurrences(self, table: Table, parameters: Parameters, keep: Keep | None, limit: int) -> Page:
        """Return a page of repeated entries, one row per occurrence, in order of their start."""
        narrowed = {name: values for name, values in parameters.items() if name not in ("from", "to")}
        positions = self._select(table, narrowed, CURSOR_ORDER, keep)
        rows = occurrences((table.rows[at] for at in positions), _last(parameters, "from"), _last(parameters, "to"))
        start = _offset(_last(parameters, "offset"), _last(parameters, "page_token"))
        following = _query(parameters, f"offset:{start + limit}") if start + limit < len(rows) else None
        return Page(rows[start : start + limit], len(rows), following, None)

    @staticmethod
    def _after(table: Table, positions: Positions, token: str | None) -> int:
        if token is None:
            return 0
        kind, _, value = _open(token).partition(":")
        if kind != "after":
            raise MalformedParameter("This page_token belongs to another query.")
        at = bisect_right(table.ids, int(value))
        return at if isinstance(positions, range) else bisect_left(positions, at)

    def _select(self, table: Table, parameters: Parameters, order: str, keep: Keep | None) -> Positions:
        entity = table.entity
        _check_ignored(entity, parameters)
        always = (("ids[]", "exclude_ids[]") if entity.has_ids else ()) + (SINCE if entity.has_since else ())
        narrowing = tuple(
            (name, tuple(values))
            for name, values in sorted(parameters.items())
            if name in entity.filters or name in always
        )
        if not narrowing and order == CURSOR_ORDER and keep is None:
            return range(len(table.rows))
        seen_by = None if keep is None else keep[0]
        key = (self._store.version, self._store.edition, entity.name, narrowing, order, seen_by)
        found = self._selections.get(key)
        if found is None:
            positions = _narrow(self._store, table, narrowing)
            if keep is not None:
                admits, rows = keep[1], table.rows
                positions = [at for at in positions if admits(rows[at])]
            found = self._selections[key] = _ordered(self._store, table, positions, order)
            if len(self._selections) > SELECTION_LIMIT:
                self._selections.popitem(last=False)
        self._selections.move_to_end(key)
        return found


def _narrow(store: Store, table: Table, narrowing: tuple[tuple[str, tuple[str, ...]], ...]) -> Positions:
    positions: Positions = range(len(table.rows))
    for name, values in narrowing:
        if name == "ids[]":
            positions = _among(table, positions, values)
        elif name == "exclude_ids[]":
            excluded = {number(text) for text in values}
            positions = [at for at in positions if table.ids[at] not in excluded]
        elif name in SINCE:
            since, moments = seconds_of(values[-1]), table.created if name == SINCE[0] else table.updated
            positions = [at for at in positions if moments[at] >= since]
        else:
            positions = _filtered(store, table, positions, name, values)
    return positions


def _among(table: Table, positions: Positions, values: tuple[str, ...]) -> Positions:
    wanted = sorted({number(text) for text in values})
    found = [at for at in map(table.position, wanted) if at is not None]
    return found if isinstance(positions, range) else sorted(set(found).intersection(positions))


def _filtered(store: Store, table: Table, positions: Positions, name: str, values: tuple[str, ...]) -> Positions:
    chosen, rows = table.entity.filters[name], table.rows
    if chosen.reference and isinstance(positions, range) and len(values) == 1:
        return table.referring(chosen.reference, None if values[0] == NULL else number(values[0]))
    entity = table.entity
    tests = [chosen.across(entity, text, store) if chosen.across else chosen.make(entity, text) for text in values]
    if name in ANY_OF:
        return [at for at in positions if any(test(rows[at]) for test in tests)]
    for test in tests:
        positions = [at for at in positions if test(rows[at])]
    return positions


def _ordered(store: Store, table: Table, positions: Positions, order: str) -> Positions:
    name, _, direction = order.rstrip(")").partition("(")
    name = table.entity.order_paths.get(name, name)
    is_descending = direction == "desc"
    if name == "id":
        chosen = positions[::-1] if is_descending else positions
        return chosen if isinstance(chosen, array) else array("q", chosen)
    if name in ("created_at", "updated_at"):
        moments = table.created if name == "created_at" else table.updated
        return array("q", sorted(positions, key=moments.__getitem__, reverse=is_descending))
    outer, _, inner = name.partition(".")
    place, rows = table.entity.positions[outer], table.rows
    if inner:
        read = _inner_reader(store, table.entity, outer, inner)
        return array("q", sorted(positions, key=lambda at: _sort_key(read(rows[at][place])), reverse=is_descending))
    return array("q", sorted(positions, key=lambda at: _sort_key(rows[at][place]), reverse=is_descending))


def _inner_reader(store: Store, entity: Entity, outer: str, inner: str) -> Callable[[Cell], Cell]:
    """Return what reads a value of a nested object, of the first one where there are several."""
    target = entity.nested[outer].target
    table = None if target is None else store.tables[target]

    def read(cell: Cell) -> Cell:
        one = (cell[0] if cell else None) if isinstance(cell, tuple) else cell
        if isinstance(one, Embedded):
            return one.fragments.get(inner, NULL)
        row = table.find(one) if table is not None and isinstance(one, int) else None
        return NULL if row is None or table is None else row[table.entity.positions[inner]]

    return read


def _sort_key(cell: Cell) -> tuple[int, float, str]:
    text = NULL if cell is None else str(cell)
    if text == NULL:
        return 0, 0.0, ""
    if text[0] == '"' or text in ("true", "false"):
        return 1, 0.0, text
    return 1, float(text), ""


def _day(parameters: Parameters, name: str) -> date | None:
    text = _last(parameters, name)
    return None if text is None else date.fromisoformat(day(text).strip('"'))


def _check_ignored(entity: Entity, parameters: Parameters) -> None:
    """Refuse values of the wrong kind for documented parameters that change nothing here."""
    for name in entity.ignored:
        for text in parameters.get(name, ()):
            if name in SWITCHES:
                one_of(text, WORDS)
            elif name.endswith(("_id", "_ids[]")) and text != NULL:
                number(text)


def _last(parameters: Parameters, name: str) -> str | None:
    values = parameters.get(name)
    return values[-1] if values else None


def _limit(entity: Entity, parameters: Parameters) -> int:
    text = _last(parameters, "limit")
    if text is None:
        return entity.max_limit
    limit = number(text)
    if not 1 <= limit <= entity.max_limit:
        raise MalformedParameter(f"limit must be between 1 and {entity.max_limit}.")
    return limit


def _order(entity: Entity, parameters: Parameters) -> str:
    text = _last(parameters, "order") or entity.default_order
    match = ORDER.match(text)
    if match is None or match[1] not in (*entity.orders, *entity.order_paths, "id"):
        raise MalformedParameter(f"{text!r} is not an order of {entity.name}.")
    return f"{match[1]}({match[2] or 'asc'})"


def _offset(offset: str | None, token: str | None) -> int:
    start = 0
    if token is not None:
        kind, _, value = _open(token).partition(":")
        if kind != "offset":
            raise MalformedParameter("This page_token belongs to another query.")
        start = int(value)
    elif offset is not None:
        start = number(offset)
    if not 0 <= start <= OFFSET_LIMIT:
        raise Unprocessable(f"offset must be between 0 and {OFFSET_LIMIT:,}; order by id(asc) without it to go on.")
    return start


def _is_offset(token: str | None) -> bool:
    return token is not None and _open(token).startswith("offset:")


def _query(parameters: Parameters, mark: str) -> str:
    pairs = [(name, value) for name, values in parameters.items() for value in values
             if name not in ("page_token", "offset")]  # fmt: skip
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in [*pairs, ("page_token", _seal(mark))])


def _seal(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _open(token: str) -> str:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        int(text.partition(":")[2])
    except (binascii.Error, ValueError):
        raise MalformedParameter("page_token is not valid.") from None
    return text
