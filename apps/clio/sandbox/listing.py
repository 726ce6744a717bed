"""One page of a list: filters, order, cursor or offset, and the address of the next page."""

from __future__ import annotations

import base64
import binascii
import re
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote_plus

from apps.clio.sandbox.entities.entity import Cell, Entity, Row
from apps.clio.sandbox.entities.filters import number
from apps.clio.sandbox.errors import MalformedParameter, Unprocessable
from apps.clio.sandbox.fragments import NULL
from apps.clio.sandbox.store import Store, Table

OFFSET_LIMIT = 10_000
SELECTION_LIMIT = 24
ORDER = re.compile(r"^([a-z_.]+)(?:\((asc|desc)\))?$")
CURSOR_ORDER = "id(asc)"
SINCE = ("created_since", "updated_since")
Parameters = dict[str, list[str]]
Positions = Sequence[int]


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

    def page(self, entity: Entity, parameters: Parameters) -> Page:
        """Return the page a query asks for. Raises MalformedParameter, Unprocessable."""
        table = self._store.tables[entity.name]
        limit, order = _limit(entity, parameters), _order(entity, parameters)
        positions = self._select(table, parameters, order)
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

    @staticmethod
    def _after(table: Table, positions: Positions, token: str | None) -> int:
        if token is None:
            return 0
        kind, _, value = _open(token).partition(":")
        if kind != "after":
            raise MalformedParameter("This page_token belongs to another query.")
        at = bisect_right(table.ids, int(value))
        return at if isinstance(positions, range) else bisect_left(positions, at)

    def _select(self, table: Table, parameters: Parameters, order: str) -> Positions:
        entity = table.entity
        narrowing = tuple(
            (name, tuple(values))
            for name, values in sorted(parameters.items())
            if name in entity.filters or name in ("ids[]", "exclude_ids[]", *SINCE)
        )
        if not narrowing and order == CURSOR_ORDER:
            return range(len(table.rows))
        key = (self._store.version, entity.name, narrowing, order)
        found = self._selections.get(key)
        if found is None:
            found = self._selections[key] = _ordered(table, _narrow(table, narrowing), order)
            if len(self._selections) > SELECTION_LIMIT:
                self._selections.popitem(last=False)
        self._selections.move_to_end(key)
        return found


def _narrow(table: Table, narrowing: tuple[tuple[str, tuple[str, ...]], ...]) -> Positions:
    positions: Positions = range(len(table.rows))
    for name, values in narrowing:
        if name == "ids[]":
            positions = _among(table, positions, values)
        elif name == "exclude_ids[]":
            excluded = {number(text) for text in values}
            positions = [at for at in positions if table.ids[at] not in excluded]
        elif name in SINCE:
            since, moments = _seconds(values[-1]), table.created if name == SINCE[0] else table.updated
            positions = [at for at in positions if moments[at] >= since]
        else:
            positions = _filtered(table, positions, name, values)
    return positions


def _among(table: Table, positions: Positions, values: tuple[str, ...]) -> Positions:
    wanted = sorted({number(text) for text in values})
    found = [at for at in map(table.position, wanted) if at is not None]
    return found if isinstance(positions, range) else sorted(set(found).intersection(positions))


def _filtered(table: Table, positions: Positions, name: str, values: tuple[str, ...]) -> Positions:
    chosen, rows = table.entity.filters[name], table.rows
    if chosen.reference and isinstance(positions, range) and len(values) == 1:
        return table.referring(chosen.reference, None if values[0] == NULL else number(values[0]))
    for text in values:
        test = chosen.make(table.entity, text)
        positions = [at for at in positions if test(rows[at])]
    return positions


def _ordered(table: Table, positions: Positions, order: str) -> Positions:
    name, _, direction = order.rstrip(")").partition("(")
    is_descending = direction == "desc"
    if name == "id":
        chosen = positions[::-1] if is_descending else positions
        return chosen if isinstance(chosen, array) else array("q", chosen)
    if name in ("created_at", "updated_at"):
        moments = table.created if name == "created_at" else table.updated
        return array("q", sorted(positions, key=moments.__getitem__, reverse=is_descending))
    place, rows = table.entity.positions[name], table.rows
    return array("q", sorted(positions, key=lambda at: _sort_key(rows[at][place]), reverse=is_descending))


def _sort_key(cell: Cell) -> tuple[int, float, str]:
    text = str(cell)
    if text == NULL:
        return 0, 0.0, ""
    if text[0] == '"' or text in ("true", "false"):
        return 1, 0.0, text
    return 1, float(text), ""


def _seconds(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise MalformedParameter(f"{text!r} is not a timestamp.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _last(parameters: Parameters, name: str) -> str | None:
    values = parameters.get(name)
    return values[-1] if values else None


def _limit(entity: Entity, parameters: Parameters) -> int:
    text = _last(parameters, "limit")
    if text is None:
        return entity.max_limit
    limit = number(text)
    if not 1 <= limit <= entity.max_limit:
        raise Unprocessable(f"limit must be between 1 and {entity.max_limit}.")
    return limit


def _order(entity: Entity, parameters: Parameters) -> str:
    text = _last(parameters, "order") or entity.default_order
    match = ORDER.match(text)
    if match is None or match[1] not in (*entity.orders, "id"):
        raise Unprocessable(f"{text!r} is not an order of {entity.name}.")
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
