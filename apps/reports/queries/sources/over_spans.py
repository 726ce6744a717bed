"""Rows added up over spans of days that may overlap: whole months from facts, what is left over from the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apps.reports.contracts import Grain
from apps.reports.queries.sources.facts import Facts
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import ChosenRows
from apps.reports.rules.periods import add_months

_DAY = timedelta(days=1)
_DAYS = """
SELECT {listed}d.bucket, d.day, d.is_before, {signed}d.sign * g.entries AS entries
FROM ({rows}) g
JOIN unnest({buckets}::date[], {days}::date[], {befores}::boolean[], {firsts}::date[], {lasts}::date[], {signs}::int[])
     AS d(bucket, day, is_before, first_day, last_day, sign) ON g.placed_on BETWEEN d.first_day AND d.last_day
"""
_MONTHS = """
SELECT {listed}m.bucket, m.day, m.is_before, {columns}g.entries
FROM ({rows}) g
JOIN unnest({buckets}::date[], {days}::date[], {befores}::boolean[], {firsts}::date[], {lasts}::date[])
     AS m(bucket, day, is_before, first_month, last_month) ON g.placed_on BETWEEN m.first_month AND m.last_month
"""
_ROWS = """
SELECT {keys}r.{placed_on} AS placed_on, {kinds}{columns}{entries} AS entries
FROM {table} r {joins}
WHERE r.firm_id = %(firm)s AND {dated} AND {extra} AND {condition}
GROUP BY {grouped}r.{placed_on}{grouped_kinds}
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that count for a point: the day it is taken at, under its piece. is_before: the earlier of two spans."""

    bucket: date
    day: date
    first: date
    last: date
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A table, the column that places its rows, which of them count, and sums of them by month."""

    table: str
    placed_on: str
    extra: str
    facts: Facts | None


def over_spans(
    reading: Reading,
    placed: Placed,
    chosen: ChosenRows,
    kinds: Mapping[str, str],
    columns: Mapping[str, str],
    stretches: Sequence[Stretch],
    name: str,
) -> Piece:
    """Return the rows by key, kind and point: the columns, `entries`, `bucket`, `day` and `is_before`.

    name: keeps the values of several spans in one statement apart.
    """
    extra = placed.extra.format(as_of=reading.value("as_of"))
    named = " ".join([chosen.joins, chosen.condition, *chosen.keys])
    by_months = reading.has_facts and reading.grain not in (Grain.DAY, Grain.WEEK) and placed.facts
    fit = (
        placed.facts.fit(named, kinds.values(), columns.values(), placed.extra) if by_months and placed.facts else None
    )
    name = f"{name}_by_months" if fit else name
    cuts = [(each, *_cut(each, in_months=fit is not None)) for each in stretches]
    days = [(each, *edge) for each, _, edges in cuts for edge in edges]
    months = [(each, *found) for each, found, _ in cuts if found]
    values: dict[str, Any] = {
        **_columns("days", days, ("firsts", "lasts", "signs")),
        **_columns("months", months, ("firsts", "lasts")),
        "met": _met(days) if fit else [],
        "earliest": min(each.first for each in stretches),
        "latest": max(each.last for each in stretches),
    }
    at = {each: reading.value(f"{name}_{each}") for each in values}
    listed = "".join(f"g.k{place}, " for place in range(len(chosen.keys))) + "".join(f"g.{kind}, " for kind in kinds)
    ledger = _filled(
        chosen,
        kinds,
        columns,
        table=placed.table,
        placed_on=placed.placed_on,
        dated=f"r.{placed.placed_on} = ANY({at['met']}::date[])"
        if fit
        else f"r.{placed.placed_on} BETWEEN {at['earliest']} AND {at['latest']}",
        extra=extra,
        entries="count(*)",
    )
    signed = "".join(f"d.sign * g.{column} AS {column}, " for column in columns)
    parts = [_DAYS.format(listed=listed, signed=signed, rows=ledger, **_named("days", at))]
    if fit and months:
        facts = _filled(
            chosen,
            {kind: fit.facts[expression] for kind, expression in kinds.items()},
            {column: fit.facts[expression] for column, expression in columns.items()},
            table=fit.table,
            placed_on="month",
            dated=f"r.depth = {fit.depth.value} AND r.month BETWEEN {at['earliest']}::date - 31 AND {at['latest']}",
            extra=fit.extra,
            entries="sum(r.entries)",
        )
        bare = "".join(f"g.{column}, " for column in columns)
        parts.append(_MONTHS.format(listed=listed, columns=bare, rows=facts, **_named("months", at)))
    return Piece(" UNION ALL ".join(parts), {f"{reading.prefix}{name}_{each}": value for each, value in values.items()})


def _cut(stretch: Stretch, *, in_months: bool) -> tuple[tuple[date, date] | None, list[tuple[date, date, int]]]:
    """Return first and last of the months a stretch is made of, and the days added to them (1) or taken off (-1)."""
    first, last = stretch.first, stretch.last
    start, following = first.replace(day=1), add_months(first.replace(day=1), 1)
    ends = (last + _DAY).replace(day=1) - _DAY
    if not in_months or ends < following:
        return None, [(first, last, 1)]
    edges = [(ends + _DAY, last, 1)] if ends < last else []
    if first == start:
        return (start, ends.replace(day=1)), edges
    if first - start <= following - first:
        return (start, ends.replace(day=1)), [(start, first - _DAY, -1), *edges]
    return (following, ends.replace(day=1)), [(first, following - _DAY, 1), *edges]


def _columns(prefix: str, rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> dict[str, list[Any]]:
    stretches: list[Stretch] = [row[0] for row in rows]
    return {
        f"{prefix}_buckets": [each.bucket for each in stretches],
        f"{prefix}_days": [each.day for each in stretches],
        f"{prefix}_befores": [each.is_before for each in stretches],
        **{f"{prefix}_{name}": [row[place] for row in rows] for place, name in enumerate(names, 1)},
    }


def _named(prefix: str, at: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(f"{prefix}_"): each for name, each in at.items() if name.startswith(f"{prefix}_")}


def _met(days: Sequence[tuple[Any, ...]]) -> list[date]:
    """Return every day that is looked at by itself."""
    return sorted({first + _DAY * past for _, first, last, _ in days for past in range((last - first).days + 1)})


def _filled(chosen: ChosenRows, kinds: Mapping[str, str], columns: Mapping[str, str], **parts: str) -> str:
    return _ROWS.format(
        keys=chosen.selected,
        kinds="".join(f"{expression} AS {name}, " for name, expression in kinds.items()),
        grouped_kinds="".join(f", {expression}" for expression in kinds.values()),
        columns="".join(f"sum({each}) AS {name}, " for name, each in columns.items()),
        joins=chosen.joins,
        condition=chosen.condition,
        grouped=chosen.grouped,
        **parts,
    )
