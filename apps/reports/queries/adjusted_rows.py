"""The rows that give something else now than at the close: a source's own statement over both, row beside row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.scope import Scope
from apps.reports.contracts import Measure, Source
from apps.reports.contracts.closing import Change
from apps.reports.contracts.explanation import RowFacts
from apps.reports.queries.scoping import rows_in
from apps.reports.queries.sources.frozen import FAMILY_OF
from apps.reports.queries.sources.reading import Reading, RowKey, told_apart
from apps.reports.queries.sums import read_source

_BOTH = """
SELECT coalesce(n.k0, c.k0, 0), coalesce(n.k1, c.k1, ''), n.is_there, c.is_there, {now}, {closed}
FROM (SELECT true AS is_there, s.* FROM ({live}) s) n
FULL JOIN (SELECT true AS is_there, s.* FROM ({kept}) s) c
       ON coalesce(n.k0, 0) = coalesce(c.k0, 0) AND coalesce(n.k1, '') = coalesce(c.k1, '')
WHERE ({differs}) {further}
ORDER BY 1 {direction}, 2 {direction}
LIMIT %(row_limit)s
"""
_PLACE = "(coalesce(n.k0, c.k0, 0), coalesce(n.k1, c.k1, ''))"
# What a row was about when it was kept; the client as explained rows have it: of a bill the one who pays.
_FACTS = """
SELECT DISTINCT ON (r.row_id, r.row_part) coalesce(r.row_id, 0), r.row_part,
       concat_ws(' ', r.figures ->> 'kind', r.figures ->> 'work_class', r.figures ->> 'item', r.figures ->> 'role',
                 CASE WHEN r.family IN ('time', 'expense') THEN r.family END),
       r.placed_on, r.timekeeper_id, r.matter_id, (r.keys ->> 'bill')::bigint,
       coalesce(r.payer_id, (r.keys ->> 'client')::bigint), (r.figures ->> 'payment_id')::bigint
FROM reports_periodclose x
JOIN reports_frozen_row r ON r.firm_id = x.firm_id AND r.close_id = x.id {join}
WHERE x.firm_id = %(firm)s AND x.reopened_at IS NULL AND r.family = %(family)s
  AND r.placed_on BETWEEN %(first)s AND %(last)s AND r.row_id = ANY(%(ids)s::bigint[]) AND {seen}
ORDER BY r.row_id, r.row_part, r.placed_on
"""


@dataclass(frozen=True, slots=True)
class AdjustedRow:
    """A row and what it gave to each measure at the close, and gives now."""

    row_id: int
    part: str
    change: Change
    now: Mapping[str, Decimal | None]
    closed: Mapping[str, Decimal | None]


def read_adjusted_rows(
    *,
    live: Reading,
    kept: Reading,
    source: Source,
    measures: Sequence[Measure],
    may_be_zero: frozenset[str] = frozenset(),
    beyond: tuple[int, str] | None = None,
    is_backwards: bool = False,
    limit: int,
) -> list[AdjustedRow]:
    """Return rows that make a difference to a measure, by id and part, from `beyond` on; backwards if asked.

    live, kept: the figure's own readings, without dimensions, of now and of the close; of different prefixes.
    may_be_zero: measures to which a 0 is a value like another.
    """
    now, then = told_apart(read_source(source, _by_row(reading), measures) for reading in (live, kept))
    direction, comparison = ("DESC", "<") if is_backwards else ("ASC", ">")
    keys = [measure.key for measure in measures]
    statement = _BOTH.format(
        now=", ".join(f"n.{key}::numeric" for key in keys),
        closed=", ".join(f"c.{key}::numeric" for key in keys),
        live=now.text,
        kept=then.text,
        differs=" OR ".join(_differs(key, is_value=key in may_be_zero) for key in keys),
        further=f"AND {_PLACE} {comparison} (%(row_id)s, %(row_part)s)" if beyond else "",
        direction=direction,
    )
    place: dict[str, Any] = dict(zip(("row_id", "row_part"), beyond, strict=True)) if beyond else {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**then.values, **now.values, **place, "row_limit": limit})
        return [_row(found, keys) for found in cursor.fetchall()]


def read_kept_facts(
    *, scope: Scope, source: Source, ids: Sequence[int], first: date, last: date
) -> dict[tuple[int, str], RowFacts]:
    """Return what rows were about when their month was closed, by id and part."""
    seen = rows_in(scope, payer="r.payer_id")
    values: dict[str, Any] = {
        **seen.values,
        "firm": scope.firm_id,
        "family": FAMILY_OF[source],
        "ids": list(ids),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS.format(join=seen.join, seen=seen.condition), values)
        return {(row[0], row[1]): RowFacts(*row[2:]) for row in cursor.fetchall()}


def _by_row(reading: Reading) -> Reading:
    return replace(reading, dimensions=(RowKey.ID, RowKey.PART), grain=None, levels=(("k0", "k1"),))


def _differs(key: str, *, is_value: bool) -> str:
    if is_value:
        return f"n.{key} IS DISTINCT FROM c.{key}"
    return f"coalesce(n.{key}, 0) <> coalesce(c.{key}, 0)"


def _row(found: Sequence[Any], keys: Sequence[str]) -> AdjustedRow:
    row_id, part, is_now, was_then, *amounts = found
    change = Change.CHANGED if is_now and was_then else Change.ADDED if is_now else Change.REMOVED
    now, then = amounts[: len(keys)], amounts[len(keys) :]
    return AdjustedRow(row_id, part, change, dict(zip(keys, now, strict=True)), dict(zip(keys, then, strict=True)))
