"""Which rows a page shows, before what they show is worked out.

Of a question by bill or payment a hundred rows are shown of a hundred thousand. What decides about all of them is what
they are sorted by and whether they tell anything; everything else is asked for the rows of the page only.
"""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.reports.contracts import Dimension, KeyValue, Measure, Mode, Page, Source
from apps.reports.queries.sources import READABLE
from apps.reports.queries.sources.apart import ApartSource
from apps.reports.queries.sources.dated import DatedSource
from apps.reports.queries.sources.reading import BUCKET, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import key_type

_MANY = frozenset({Dimension.BILL, Dimension.ALLOCATION})
_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Sorting:
    """The SQL rows are sorted by, over the measures' columns; empty: by the keys. within: what comes before, rising.

    names: by key column a query of `id` and `label`; what rows are sorted by may name `n_k0.label`.
    """

    expression: str = ""
    descending: bool = True
    within: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    def joins(self, rows: str) -> str:
        """Return the joins that bring the names of the keys. A value without a name has none, like no value."""
        return " ".join(f"LEFT JOIN ({query}) n_{key} ON n_{key}.id = {rows}.{key}" for key, query in self.names)

    def order(self, keys: Sequence[str]) -> str:
        """Return the SQL of the order, the keys last."""
        direction = "DESC" if self.descending else "ASC"
        first = [f"{each} NULLS LAST" for each in self.within]
        first += [f"{self.expression} {direction} NULLS LAST"] if self.expression else []
        return ", ".join([*first, *[f"{key} NULLS LAST" for key in keys]]) or "1"


def is_ranked_first(
    reading: Reading, needed: Mapping[Source, Sequence[Measure]], compared: Sequence[Reading], page: Page
) -> bool:
    """Tell whether a question has so many keys that its page is found first.

    Its sources must give for a key alone what they give for it among all: those whose rows carry all that is asked.
    """
    live = reading.mode is Mode.RESTATED and not reading.is_frozen
    plain = live and reading.converting is None and not compared
    of_rows = all(isinstance(READABLE[source], DatedSource | ApartSource) for source in needed)
    return plain and of_rows and page.limit <= _MOST_ROWS and not _MANY.isdisjoint(reading.dimensions)


def by_key_alone(reading: Reading) -> Reading:
    """Return the reading of its first level only."""
    return replace(reading, grain=None, levels=(reading.levels[0],))


def pieces_by_key(reading: Reading, needed: Mapping[Source, Sequence[Measure]]) -> list[tuple[Piece, list[str]]]:
    """Return each source's statements for a reading by key alone, with its measures."""
    pieces: list[tuple[Piece, list[str]]] = []
    for source, measures in needed.items():
        of_rows = READABLE[source]
        if not isinstance(of_rows, DatedSource | ApartSource):
            raise TypeError(f"{source} has no rows of its own")
        names = [measure.key for measure in measures]
        pieces += [(piece, names) for piece in of_rows.by_key(reading, measures)]
    return pieces


def on_page(reading: Reading, keys: Sequence[Sequence[KeyValue]], levels: int) -> Reading:
    """Return the reading of its first levels, for keys of the page and what else they can be combined to."""
    found: dict[Dimension, tuple[KeyValue, ...]] = {
        dimension: tuple(dict.fromkeys(key[place] for key in keys))
        for place, dimension in enumerate(reading.dimensions)
        if not isinstance(dimension, RowKey)
    }
    return replace(reading, filters={**reading.filters, **found}, levels=reading.levels[:levels], prefix="page_")


def beyond_page(reading: Reading, levels: int) -> Reading | None:
    """Return the reading of the levels after the first ones, by no more dimensions than these have."""
    left = reading.levels[levels:]
    named = max((len([key for key in level if key != BUCKET]) for level in left), default=0)
    return replace(reading, dimensions=reading.dimensions[:named], levels=left) if left else None


def tells_something(measures: Collection[str], telling: Collection[str]) -> str:
    """Return the test that a row is not all zeros: what was met on the way, but has none of what is asked for."""
    tests = [f"{name} IS NOT NULL" if name in telling else f"{name} <> 0" for name in measures]
    return f"({' OR '.join(tests) or 'false'})"


def ranked(
    reading: Reading,
    pieces: Sequence[tuple[Piece, Sequence[str]]],
    sorting: Sorting,
    telling: Collection[str],
) -> str:
    """Return the statement of the page's keys in their order, each with the number of all; it names `offset`, `limit`.

    pieces: of the reading by key alone, each with its measures. Of one measure a key is in one piece.
    """
    keys = ", ".join(reading.keys)
    sorted_by = _sorted_by(pieces, sorting.expression)
    parts = []
    for piece, names in pieces:
        columns = [f"{sorted_by.of_source(name, names)}::numeric AS {name}" for name in sorted_by.columns]
        listed = ", ".join([keys, *columns])
        parts.append(f"SELECT {listed} FROM ({piece.text}) s WHERE {tells_something(names, telling)}")
    rows = parts[0]
    if len(parts) > 1:
        largest = "".join(f", max({name}) AS {name}" for name in sorted_by.columns)
        rows = f"SELECT {keys}{largest} FROM ({' UNION ALL '.join(parts)}) gathered GROUP BY {keys}"
    order = replace(sorting, expression=sorted_by.expression).order([f"merged.{key}" for key in reading.keys])
    return f"""
WITH merged AS MATERIALIZED ({rows})
SELECT {", ".join(f"merged.{key}" for key in reading.keys)}, (SELECT count(*) FROM merged)
FROM merged {sorting.joins("merged")}
ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class _SortedBy:
    """What rows are sorted by: columns with their SQL over the measures of one source, and the SQL over these."""

    columns: Mapping[str, str]
    measures: frozenset[str]
    expression: str

    def of_source(self, column: str, names: Collection[str]) -> str:
        """Return a column's SQL over a source's measures; the other sources have nothing there."""
        needed = {column} if column in self.measures else self.measures
        return self.columns[column] if needed <= set(names) else "NULL"


def _sorted_by(pieces: Sequence[tuple[Piece, Sequence[str]]], expression: str) -> _SortedBy:
    """Return what rows are sorted by: one value where one source knows it, else its measures, to be put together."""
    known = dict.fromkeys(name for _, names in pieces for name in names)
    named = [name for name in known if re.search(rf"\b{name}\b", expression)]
    if not named or not any(set(named) <= set(names) for _, names in pieces):
        return _SortedBy({name: name for name in named}, frozenset(named), expression)
    nothing = ", ".join(f"NULL::numeric AS {name}" for name in named)
    without = f"(SELECT {expression} FROM (SELECT {nothing}) nothing)"
    return _SortedBy({"sorted_by": expression}, frozenset(named), f"coalesce(merged.sorted_by, {without})")


def given_page(reading: Reading) -> str:
    """Return the rows of the page as a query of its keys, `place` and `row_count`, which are values `given_...`."""
    keys = [(f"k{place}", key_type(dimension)) for place, dimension in enumerate(reading.dimensions)]
    arrays = ", ".join(f"%(given_{key})s::{kind}[]" for key, kind in keys)
    names = ", ".join(key for key, _ in keys)
    return (
        f"SELECT {names}, place, %(given_count)s::bigint AS row_count "
        f"FROM unnest({arrays}) WITH ORDINALITY AS given({names}, place)"
    )
