"""Sums of ledger rows for one scope: all sources of a question in one statement, merged by key, sorted and paged."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts import Bucket, Dimension, FirmCalendar, Grain, Measure, Mode, Page, Period, Source
from apps.reports.queries.facts_state import facts_stand
from apps.reports.queries.sources import AS_REPORTED, READABLE, readable
from apps.reports.queries.sources.frozen import FROZEN
from apps.reports.queries.sources.reading import BUCKET, Piece, Reading, SumRow
from apps.reports.queries.sources.rows import key_type

Needed = Mapping[Source, Sequence[Measure]]
_AS_OF_A_DAY = frozenset({Source.UNBILLED, Source.RECEIVABLE})
_OF_NO_CURRENCY = frozenset({Source.TIME, Source.CAPACITY})
_COMPARED = "then_"


@dataclass(frozen=True, slots=True)
class Sorting:
    """The SQL rows are sorted by, over the measures' columns; empty: by the keys. within: what comes before, rising."""

    expression: str = ""
    descending: bool = True
    within: tuple[str, ...] = ()


def sum_measures(*, scope: Scope, needed: Needed, period: Period, calendar: FirmCalendar) -> list[Bucket]:
    """Return the measures of each source by currency and month, in minor units and seconds, and over the whole period.

    Sources as of a day (unbilled, receivable) are taken at the period's end and have no months. COHORT counts money up
    to the period's `today`.
    """
    whole = Reading(
        scope=scope,
        first=period.starts_on,
        last=period.ends_on,
        as_of=period.today,
        calendar=calendar,
        has_facts=facts_stand(firm_id=scope.firm_id, as_of=period.today),
    )
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
    piece = READABLE[source].piece(reading, measures)
    keys = [measure.key for measure in measures]
    columns = ["level", *reading.keys, *keys]
    for row in _fetch(f"SELECT {', '.join(columns)} FROM ({piece.text}) s", piece.values):
        named = dict(zip(columns, row, strict=True))
        yield Bucket(named.get("k0"), named.get(BUCKET), {key: named[key] for key in keys})


def read_source(source: Source, reading: Reading, measures: Sequence[Measure]) -> Piece:
    """Return the statement of a source's sums: over the ledger, a day's snapshot, or what closed months kept of it.

    What counted as billable at the close has a name of its own, so that both fit into one statement.
    """
    is_of_a_day = reading.mode is Mode.AS_REPORTED and source in AS_REPORTED
    if is_of_a_day or not reading.is_frozen or source not in FROZEN:
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
    sorting: Sorting = Sorting(),
    page: Page,
    telling: Collection[str] = (),
) -> tuple[list[SumRow], int]:
    """Return the rows of a page with all their levels, and how many rows there are.

    The rows are those of the reading's first level; its second, if it adds the pieces of the period to the first, comes
    for the rows of the page only; every other level comes whole. compared: the same over other periods, added up.
    telling: measures whose 0 tells something too, such as medians; rows of nothing but other zeros are left out.
    """
    stand = facts_stand(firm_id=reading.scope.firm_id, as_of=reading.as_of)
    pieces = _pieces(replace(reading, has_facts=stand), needed, prefix="")
    for place, each in enumerate(compared):
        prefix = f"{_COMPARED}{place}_"
        pieces += _pieces(replace(each, prefix=prefix, has_facts=stand), needed, prefix=prefix)
    statement = _Statement(reading, pieces, sorting, telling)
    values = {name: value for piece, _ in pieces for name, value in piece.values.items()}
    fetched = _fetch(statement.text(), {**values, "offset": page.offset, "end": page.offset + page.limit})
    columns = statement.columns()
    rows = [_row(reading, dict(zip(columns, row, strict=True)), statement.measures) for row in fetched]
    counted = [row[-1] for row in fetched if row[0] == 0]
    return rows, counted[0] if counted else 0


def _pieces(reading: Reading, needed: Needed, *, prefix: str) -> list[tuple[Piece, dict[str, str]]]:
    """Return each source's statement with its columns: as they are called in it, and as they are called outside."""
    return [
        (read_source(source, reading, measures), {each.key: f"{prefix}{each.key}" for each in measures})
        for source, measures in needed.items()
    ]


class _Statement:
    """One statement over all pieces.

    A key comes from each source at most once, so that `max` picks its one value.
    """

    def __init__(
        self,
        reading: Reading,
        pieces: Sequence[tuple[Piece, dict[str, str]]],
        sorting: Sorting,
        telling: Collection[str],
    ) -> None:
        self._reading, self._pieces, self._sorting, self._telling = reading, pieces, sorting, telling
        self.measures = [outside for _, names in pieces for outside in names.values()]

    def columns(self) -> list[str]:
        """Return the columns of the answer, in order."""
        return ["level", *self._reading.keys, *self.measures, "row_count"]

    def text(self) -> str:
        """Return the statement."""
        sources = ", ".join(f"s{place} AS ({piece.text})" for place, (piece, _) in enumerate(self._pieces))
        keys = self._reading.keys
        listed = "".join(f"{key}, " for key in keys)
        sums = ", ".join(f"max({name}) AS {name}" for name in self.measures)
        return f"""
WITH {sources}, gathered AS ({" UNION ALL ".join(self._parts())}),
merged AS MATERIALIZED (SELECT level, {listed}{sums} FROM gathered GROUP BY {listed}level),
page AS MATERIALIZED (
    SELECT * FROM (
        SELECT {listed}row_number() OVER (ORDER BY {self._order()}) AS place, count(*) OVER () AS row_count
        FROM merged WHERE level = 0 AND {self._tells_something()}
    ) ranked WHERE place > %(offset)s AND place <= %(end)s
)
SELECT merged.level, {"".join(f"merged.{key}, " for key in keys)}{", ".join(f"merged.{m}" for m in self.measures)},
       page.row_count
FROM merged LEFT JOIN page ON merged.level IN (0, {self._series_level()}) AND {self._same_key()}
WHERE merged.level NOT IN (0, {self._series_level()}) OR page.place IS NOT NULL
ORDER BY merged.level, page.place{", merged.bucket" if BUCKET in keys else ""}
"""

    def _parts(self) -> list[str]:
        listed = "".join(f"{key}, " for key in self._reading.keys)
        parts = []
        for place, (_, names) in enumerate(self._pieces):
            inside = {outside: inside for inside, outside in names.items()}
            columns = [
                f"{inside[name]}::numeric AS {name}" if name in inside else f"NULL::numeric AS {name}"
                for name in self.measures
            ]
            parts.append(f"SELECT level, {listed}{', '.join(columns)} FROM s{place}")
        return parts

    def _order(self) -> str:
        direction = "DESC" if self._sorting.descending else "ASC"
        first = [f"{each} NULLS LAST" for each in self._sorting.within]
        first += [f"{self._sorting.expression} {direction} NULLS LAST"] if self._sorting.expression else []
        return ", ".join([*first, *[f"{key} NULLS LAST" for key in self._reading.keys]]) or "1"

    def _tells_something(self) -> str:
        """Return the test that a row is not all zeros: what was met on the way, but has none of what is asked for."""
        if not self._reading.dimensions:
            return "true"
        tests = [f"{name} IS NOT NULL" if name in self._telling else f"{name} <> 0" for name in self.measures]
        return f"({' OR '.join(tests) or 'false'})"

    def _series_level(self) -> int:
        """Return the level that cuts the rows of the page into pieces of the period; 0 if there is none."""
        levels = self._reading.levels
        return 1 if len(levels) > 1 and levels[1] == (*levels[0], BUCKET) and levels[0] else 0

    def _same_key(self) -> str:
        """Return the test that two rows have the same key; written so that the join can be hashed."""
        return " AND ".join(_equal(key, self._kind(key)) for key in self._reading.levels[0]) or "true"

    def _kind(self, key: str) -> str:
        return "date" if key == BUCKET else key_type(self._reading.dimensions[int(key[1:])])


def _equal(key: str, kind: str) -> str:
    none = {"text": "''", "date": "'-infinity'::date"}.get(kind, "0")
    return (
        f"coalesce(merged.{key}, {none}) = coalesce(page.{key}, {none}) "
        f"AND (merged.{key} IS NULL) = (page.{key} IS NULL)"
    )


def _row(reading: Reading, named: Mapping[str, Any], measures: Sequence[str]) -> SumRow:
    level = reading.levels[named["level"]]
    keys = tuple(named[f"k{place}"] for place in range(len(reading.dimensions)) if f"k{place}" in level)
    bucket: date | None = named[BUCKET] if BUCKET in level else None
    now = {name: named[name] for name in measures if not name.startswith(_COMPARED)}
    return SumRow(level, keys, bucket, now, _then(named))


def _then(named: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """Return the sums of the earlier periods, added up over those that have one."""
    then: dict[str, Decimal | None] = {}
    for column, value in named.items():
        if column.startswith(_COMPARED):
            name = column.removeprefix(_COMPARED).partition("_")[2]
            before = then.get(name)
            then[name] = before if value is None else value + (before or 0)
    return then


def _fetch(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
