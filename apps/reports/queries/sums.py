"""Sums of ledger rows for one scope: all sources of a question in one statement, merged by key, sorted and paged."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts import Bucket, Dimension, FirmCalendar, Grain, Measure, Page, Period, Source
from apps.reports.queries.facts_state import facts_stand
from apps.reports.queries.ranking import (
    Sorting,
    beyond_page,
    by_key_alone,
    given_page,
    is_ranked_first,
    on_page,
    pieces_by_key,
    ranked,
    tells_something,
)
from apps.reports.queries.sources import readable
from apps.reports.queries.sources.converted import converted_piece
from apps.reports.queries.sources.frozen import FROZEN
from apps.reports.queries.sources.reading import BUCKET, Converting, Piece, Reading, SumRow, told_apart
from apps.reports.queries.sources.rows import key_type

Needed = Mapping[Source, Sequence[Measure]]
_AS_OF_A_DAY = frozenset({Source.UNBILLED, Source.RECEIVABLE})
_OF_NO_CURRENCY = frozenset({Source.TIME, Source.CAPACITY})
_COMPARED = "then_"
_BY_KEYS = Sorting()


def whole_reading(
    *, scope: Scope, period: Period, calendar: FirmCalendar, currency: str = "", is_converted: bool = False
) -> Reading:
    """Return the reading of a whole period. currency: only money in it, or converted all of it; empty: each apart."""
    return Reading(
        scope=scope,
        first=period.starts_on,
        last=period.ends_on,
        as_of=period.today,
        calendar=calendar,
        has_facts=facts_stand(firm_id=scope.firm_id, as_of=period.today),
        currency=currency or None,
        converting=Converting(currency) if is_converted else None,
    )


def sum_measures(*, whole: Reading, needed: Needed) -> list[Bucket]:
    """Return the measures of each source by currency and month, in minor units and seconds, and over the whole period.

    Sources as of a day (unbilled, receivable) are taken at the period's end and have no months. COHORT counts money up
    to the period's `today`.
    """
    return [
        bucket
        for source, measures in needed.items()
        for bucket in _sum_source(_by_currency(whole, source), source, measures)
    ]


def _by_currency(whole: Reading, source: Source) -> Reading:
    key = () if source in _OF_NO_CURRENCY else ("k0",)
    reading = replace(whole, dimensions=(Dimension.CURRENCY,) if key else (), levels=(key,))
    return reading if source in _AS_OF_A_DAY else replace(reading, grain=Grain.MONTH, levels=((*key, BUCKET), key))


def _sum_source(reading: Reading, source: Source, measures: Sequence[Measure]) -> Iterator[Bucket]:
    piece = read_source(source, reading, measures)
    keys = [measure.key for measure in measures]
    columns = ["level", *reading.keys, *keys]
    for row in _fetch(f"SELECT {', '.join(columns)} FROM ({piece.text}) s", piece.values):
        named = dict(zip(columns, row, strict=True))
        yield Bucket(named.get("k0"), named.get(BUCKET), {key: named[key] for key in keys})


def read_source(source: Source, reading: Reading, measures: Sequence[Measure]) -> Piece:
    """Return the statement of a source's sums: over the ledger, what closed months kept of it, or a day's snapshot.

    What counted as billable at the close has a name of its own, so that both fit into one statement. What is converted
    is read from the ledger as it is now: questions for anything else are refused.
    """
    if reading.converting is not None:
        return converted_piece(source, reading, measures)
    if not reading.is_frozen or source not in FROZEN:
        return readable(source, reading.mode).piece(reading, measures)
    piece, name = FROZEN[source].piece(reading, measures), "billable_classes"
    then = f"{reading.prefix}{name}_at_close"
    values = {key: value for key, value in piece.values.items() if key != name}
    return Piece(piece.text.replace(f"%({name})s", f"%({then})s"), {**values, then: reading.billable_classes})


def read_sums(
    *,
    reading: Reading,
    needed: Needed,
    compared: Sequence[Reading] = (),
    sorting: Sorting = _BY_KEYS,
    page: Page,
    telling: Collection[str] = (),
) -> tuple[list[SumRow], int]:
    """Return the rows of a page with all their levels, and how many rows there are.

    The rows are those of the reading's first level; its second, if it adds the pieces of the period to the first, comes
    for the rows of the page only; every other level comes whole. compared: the same over other periods, added up.
    telling: measures whose 0 tells something too, such as medians; rows of nothing but other zeros are left out.
    """
    stand = facts_stand(firm_id=reading.scope.firm_id, as_of=reading.as_of)
    reading = replace(reading, has_facts=stand)
    if is_ranked_first(reading, needed, compared, page):
        statement, values = _of_page(reading, needed, sorting, page, telling)
    else:
        pieces = _pieces(reading, needed, prefix="")
        for place, each in enumerate(compared):
            prefix = f"{_COMPARED}{place}_"
            pieces += _pieces(replace(each, prefix=prefix, has_facts=stand), needed, prefix=prefix)
        statement = _Statement(reading, pieces, sorting, telling)
        values = {"offset": page.offset, "end": page.offset + page.limit}
    for part in statement.pieces:
        values.update(part.piece.values)
    fetched = _fetch(statement.text(), values)
    rows = list(_rows(reading, fetched, statement.measures))
    counted = [row[-1] for row in fetched if row[0] == 0]
    return rows, counted[0] if counted else 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A source's statement in a larger one: its reading, and its measures by what they are called outside."""

    piece: Piece
    reading: Reading
    names: Mapping[str, str]


def _pieces(reading: Reading, needed: Needed, *, prefix: str) -> list[_Part]:
    return [
        _Part(read_source(source, reading, measures), reading, {f"{prefix}{each.key}": each.key for each in measures})
        for source, measures in needed.items()
    ]


def _of_page(
    reading: Reading, needed: Needed, sorting: Sorting, page: Page, telling: Collection[str]
) -> tuple["_Statement", dict[str, Any]]:
    """Find the keys of the page, and return the statement of its rows and of the levels beyond it, with its values."""
    by_key = by_key_alone(reading)
    parts = pieces_by_key(by_key, needed)
    values: dict[str, Any] = {name: value for piece, _ in parts for name, value in piece.values.items()}
    text = ranked(by_key, parts, sorting, telling)
    found = _fetch(text, {**values, "offset": page.offset, "limit": page.limit})
    keys = [row[:-1] for row in found]
    levels = 2 if _series_level(reading) else 1
    pieces = _pieces(on_page(reading, keys, levels), needed, prefix="")
    beyond = beyond_page(reading, levels)
    pieces += _pieces(beyond, needed, prefix="") if beyond else []
    given = {f"given_k{place}": [key[place] for key in keys] for place in range(len(reading.dimensions))}
    count = found[0][-1] if found else 0
    return _Statement(reading, pieces, sorting, telling, page=given_page(reading)), {**given, "given_count": count}


class _Statement:
    """One statement over all pieces.

    A key of a level comes from each source at most once, so that `max` picks its one value. page: the query of its rows
    where they are known.
    """

    def __init__(
        self,
        reading: Reading,
        pieces: Sequence[_Part],
        sorting: Sorting,
        telling: Collection[str],
        page: str = "",
    ) -> None:
        apart = told_apart(part.piece for part in pieces)
        self.pieces = [replace(part, piece=piece) for part, piece in zip(pieces, apart, strict=True)]
        self._reading, self._sorting, self._telling, self._page = reading, sorting, telling, page
        self.measures = list(dict.fromkeys(outside for part in pieces for outside in part.names))

    def columns(self) -> list[str]:
        """Return the columns of the answer, in order."""
        return ["level", *self._reading.keys, *self.measures, "row_count"]

    def text(self) -> str:
        """Return the statement."""
        shared = {name: text for part in self.pieces for name, text in part.piece.shared.items()}
        named = {name: f"MATERIALIZED ({text})" for name, text in shared.items()}
        named |= {f"s{place}": f"({part.piece.beyond or part.piece.text})" for place, part in enumerate(self.pieces)}
        sources = ", ".join(f"{name} AS {text}" for name, text in named.items())
        keys, series = self._reading.keys, _series_level(self._reading)
        listed = "".join(f"{key}, " for key in keys)
        sums = ", ".join(f"max({name}) AS {name}" for name in self.measures)
        return f"""
WITH {sources}, gathered AS ({" UNION ALL ".join(self._parts())}),
merged AS MATERIALIZED (SELECT level, {listed}{sums} FROM gathered GROUP BY {listed}level),
page AS MATERIALIZED ({self._page or self._ranked()})
SELECT merged.level, {"".join(f"merged.{key}, " for key in keys)}{", ".join(f"merged.{m}" for m in self.measures)},
       page.row_count
FROM merged LEFT JOIN page ON merged.level IN (0, {series}) AND {self._same_key()}
WHERE merged.level NOT IN (0, {series}) OR page.place IS NOT NULL
ORDER BY merged.level, page.place{", merged.bucket" if BUCKET in keys else ""}
"""

    def _ranked(self) -> str:
        keys = self._reading.keys
        order = self._sorting.order([f"merged.{key}" for key in keys])
        tells = tells_something(self.measures, self._telling) if self._reading.dimensions else "true"
        return f"""
    SELECT * FROM (
        SELECT {"".join(f"merged.{key}, " for key in keys)}row_number() OVER (ORDER BY {order}) AS place,
               count(*) OVER () AS row_count
        FROM merged {self._sorting.joins("merged")} WHERE level = 0 AND {tells}
    ) ranked WHERE place > %(offset)s AND place <= %(end)s
"""

    def _parts(self) -> list[str]:
        parts = []
        for place, part in enumerate(self.pieces):
            keys = [
                key if key in part.reading.keys else f"NULL::{self._kind(key)} AS {key}" for key in self._reading.keys
            ]
            columns = [
                f"{part.names[name]}::numeric AS {name}" if name in part.names else f"NULL::numeric AS {name}"
                for name in self.measures
            ]
            parts.append(f"SELECT {', '.join([self._level(part.reading), *keys, *columns])} FROM s{place}")
        return parts

    def _level(self, reading: Reading) -> str:
        """Return the SQL of a level's place among all, where a piece has some of them only."""
        if reading.levels == self._reading.levels:
            return "level"
        places = [self._reading.levels.index(level) for level in reading.levels]
        return f"(ARRAY[{', '.join(map(str, places))}])[level + 1] AS level"

    def _same_key(self) -> str:
        """Return the test that two rows have the same key; written so that the join can be hashed."""
        return " AND ".join(_equal(key, self._kind(key)) for key in self._reading.levels[0]) or "true"

    def _kind(self, key: str) -> str:
        return "date" if key == BUCKET else key_type(self._reading.dimensions[int(key[1:])])


def _series_level(reading: Reading) -> int:
    """Return the level that cuts the rows of the page into pieces of the period; 0 if there is none."""
    levels = reading.levels
    return 1 if len(levels) > 1 and levels[1] == (*levels[0], BUCKET) and levels[0] else 0


def _equal(key: str, kind: str) -> str:
    none = {"text": "''", "date": "'-infinity'::date"}.get(kind, "0")
    return (
        f"coalesce(merged.{key}, {none}) = coalesce(page.{key}, {none}) "
        f"AND (merged.{key} IS NULL) = (page.{key} IS NULL)"
    )


def _rows(reading: Reading, fetched: Iterable[tuple[Any, ...]], measures: Sequence[str]) -> Iterator[SumRow]:
    """Yield the rows of a statement: level, keys, bucket, own measures and those of earlier periods behind them."""
    own = [name for name in measures if not name.startswith(_COMPARED)]
    earlier = [name.removeprefix(_COMPARED).partition("_")[2] for name in measures if name.startswith(_COMPARED)]
    begin = 1 + len(reading.keys)
    end = begin + len(own)
    told = [(level, [place for place, key in enumerate(reading.keys, 1) if key in level and key != BUCKET])
            for level in reading.levels]  # fmt: skip
    for row in fetched:
        level, places = told[row[0]]
        bucket: date | None = row[begin - 1] if BUCKET in level else None
        then = _then(earlier, row[end:]) if earlier else {}
        keys = tuple([row[place] for place in places])
        yield SumRow(level, keys, bucket, dict(zip(own, row[begin:end], strict=True)), then)


def _then(names: Iterable[str], values: Iterable[Decimal | None]) -> dict[str, Decimal | None]:
    """Return the sums of the earlier periods, added up over those that have one."""
    then: dict[str, Decimal | None] = {}
    for name, value in zip(names, values, strict=False):  # the row's last is the number of rows
        before = then.get(name)
        then[name] = before if value is None else value + (before or 0)
    return then


def _fetch(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
