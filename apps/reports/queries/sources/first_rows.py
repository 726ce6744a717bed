"""Which rows of a source come first: their ids are found before anything is added up.

A page of the rows behind a figure needs the sums of its own rows only. Rows of different ids never meet in a sum, so a
source's statement over the ids of a page gives the very rows it gives over all of them.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from apps.reports.contracts import Measure
from apps.reports.queries.sources.apart import ApartSource
from apps.reports.queries.sources.dated import DatedSource
from apps.reports.queries.sources.reading import Reading, RowKey
from apps.reports.queries.sources.rows import ChosenRows, choose_rows, row_id_of
from apps.reports.queries.sources.to_date import ToDateSource
from apps.reports.queries.sources.trailing import TrailingSource, spans_of

Placed = DatedSource | ApartSource | ToDateSource | TrailingSource
# Of these an id has a row or a few; of people or matters, it has so many that the first rows would tell of few ids.
_IDS = frozenset(
    {
        "r.activity_id",
        "r.line_id",
        "r.allocation_id",
        "r.payment_id",
        "r.interest_charge_id",
        "r.transaction_id",
        "r.bill_id",
    }
)
# Tables that have an index by firm and this id.
_INDEXED = frozenset(
    {
        ("reports_time", "r.activity_id"),
        ("reports_expense", "r.activity_id"),
        ("reports_line", "r.line_id"),
        ("reports_settle", "r.allocation_id"),
    }
)
_LOOKED_AT = 5_000
# Adding 0 keeps the planner from walking the ids in order: it takes the rows that pass for spread evenly over them,
# while those of a period lie together, far behind.
_OF_ALL = """
SELECT {id} AS id FROM {table} r {joins}
WHERE r.firm_id = %(firm)s AND {passes} AND {further} ORDER BY ({id}) + 0 {direction} LIMIT %(most)s
"""
# Where most rows pass, a look at the next few tells enough.
_OF_NEXT = """
SELECT id FROM (
    SELECT {id} AS id, {passes} AS passes FROM {table} r {joins}
    WHERE r.firm_id = %(firm)s AND {further} ORDER BY {id} {direction} LIMIT %(looked_at)s
) next WHERE passes ORDER BY id {direction} LIMIT %(most)s
"""
_ONE_SUM = re.compile(
    r"(?:coalesce\()?-?sum\((?P<amount>(?:[^()]|\([^()]*\))*)\)"
    r"(?: FILTER \(WHERE (?P<condition>.+?)\))?(?:, 0\))?(?: / 3600)?"
)
_ENTRIES = "r.entries"
_VALUES = re.compile(r"%\((\w+)\)s")
_EVERYWHERE = frozenset({"firm", "billable_classes"})


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The rows of a reading that may give something to measures, to be taken up by their ids."""

    id: str
    table: str
    passes: str
    chosen: ChosenRows
    values: Mapping[str, Any]
    is_by_index: bool

    def ids(self, *, beyond: int | None, is_included: bool, is_backwards: bool, most: int) -> list[int]:
        """Return the ids of the next rows in order, at most so many, one perhaps several times.

        beyond: the place to go on from; is_included: with the id that stands there.
        """
        values = {**self.values, "beyond": beyond, "most": most, "looked_at": _LOOKED_AT}
        parts = self._parts(beyond, is_included=is_included, is_backwards=is_backwards)
        if self.is_by_index and most <= _LOOKED_AT:
            found = _fetch(_OF_NEXT.format(**parts), values)
            if len(found) == most:
                return found
        return _fetch(_OF_ALL.format(**parts), values)

    def _parts(self, beyond: int | None, *, is_included: bool, is_backwards: bool) -> dict[str, str]:
        comparison = f"{'<' if is_backwards else '>'}{'=' if is_included else ''}"
        return {
            "id": self.id,
            "table": self.table,
            "joins": self.chosen.joins,
            "passes": self.passes,
            "further": "true" if beyond is None else f"{self.id} {comparison} %(beyond)s",
            "direction": "DESC" if is_backwards else "ASC",
        }


def first_rows(
    source: object, reading: Reading, measures: Sequence[Measure], may_be_zero: Collection[str] = ()
) -> FirstRows | None:
    """Return how the rows of a source are taken up by id, or None where rows of one id are not told by themselves.

    reading: broken down to rows. measures: those that a row is told for. may_be_zero: keys of those to which a 0 is a
    value like another.
    """
    if not isinstance(source, Placed) or source.shape.expression(RowKey.ID) not in _IDS:
        return None
    chosen = choose_rows(reading, replace(source.shape, day=f"r.{source.placed_on}"))
    row_id = row_id_of(reading, chosen.keys)
    dated, values = _dated(source, reading)
    named = {name: reading.value(name) for name in ("as_of", "first", "last")}
    gives = [_gives(source, measure, named, measure.key in may_be_zero) for measure in measures]
    # What is not known of one measure leaves every row in.
    given = " OR ".join(f"({each})" for each in gives) if gives and all(gives) else "true"
    passes = [dated, source.extra.format(**named), chosen.condition, given]
    return FirstRows(
        id=row_id,
        table=source.table,
        passes=" AND ".join(f"({each})" for each in passes if each != "true"),
        chosen=chosen,
        values={**chosen.values, **values},
        is_by_index=(source.table, row_id) in _INDEXED and not reading.filters and reading.scope.is_whole_firm,
    )


def _dated(source: Placed, reading: Reading) -> tuple[str, Mapping[str, Any]]:
    placed_on = f"r.{source.placed_on}"
    if isinstance(source, TrailingSource):
        at, values = spans_of(reading, source.span)
        return f"{placed_on} BETWEEN {at['earliest']} AND {at['latest']}", values
    if isinstance(source, ToDateSource):
        return f"{placed_on} <= {reading.value('last')}", {}
    return f"{placed_on} BETWEEN {reading.value('first')} AND {reading.value('last')}", {}


def _gives(source: Placed, measure: Measure, named: Mapping[str, str], may_be_zero: bool) -> str:
    """Return the SQL of what a row must be to give something to a measure; empty where that is not known."""
    found = _ONE_SUM.fullmatch(measure.expression)
    if found is None or not _is_nested(found["condition"] or ""):
        return ""
    kinds = {} if isinstance(source, ApartSource) else source.kinds
    columns = {name: each.format(**named) for name, each in source.columns.items()}
    amount, condition = found["amount"], found["condition"] or "true"
    if amount != _ENTRIES and not may_be_zero:
        condition = f"({condition}) AND ({amount}) <> 0"
    known = {**kinds, **columns}
    if not set(re.findall(r"\br\.(\w+)", condition)) <= set(known) or set(_VALUES.findall(condition)) - _EVERYWHERE:
        return ""
    return re.sub(r"\br\.(\w+)", lambda name: f"({known[name[1]]})", condition)


def _is_nested(text: str) -> bool:
    """Tell whether every parenthesis that closes was opened before."""
    depth = 0
    for sign in text:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0


def _fetch(statement: str, values: Mapping[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]
