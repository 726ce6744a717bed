"""The rows behind a figure: a source's own statement, broken down to its rows instead of summed."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.reports.contracts import Dimension, Measure, Mode, Source
from apps.reports.contracts.explanation import RowKind
from apps.reports.queries.sources import readable
from apps.reports.queries.sources.capacity import PERSON_OF_DAY
from apps.reports.queries.sources.plan import TARGET_ID
from apps.reports.queries.sources.reading import Reading, RowKey
from apps.reports.queries.sources.stages import STAY_ID
from apps.reports.queries.sources.trust import LEDGER_ID
from apps.reports.queries.sums import read_source

# By the id that tells a source's rows from one another.
_KINDS = {
    "r.activity_id": RowKind.ENTRY,
    "r.line_id": RowKind.LINE,
    "r.allocation_id": RowKind.SETTLEMENT,
    "r.interest_charge_id": RowKind.INTEREST_CHARGE,
    "r.bill_id": RowKind.BILL,
    "r.payment_id": RowKind.PAYMENT,
    "r.timekeeper_id": RowKind.PERSON_MONTH,
    "r.matter_id": RowKind.MATTER,
    "r.transaction_id": RowKind.TRANSACTION,
    "m.client_id": RowKind.CLIENT,
    "coalesce(m.client_id, r.payer_id)": RowKind.CLIENT,
    TARGET_ID: RowKind.TARGET,
    LEDGER_ID: RowKind.LEDGER,
    STAY_ID: RowKind.STAGE_STAY,
    PERSON_OF_DAY: RowKind.PERSON_DAY,
}
# Made of several sources, which have nothing smaller in common than matters.
_BY_MATTER = frozenset({Source.TRUST_BY_MATTER, Source.BUDGET_BY_MATTER})


def row_kind(source: Source, mode: Mode = Mode.RESTATED) -> RowKind | None:
    """Return what the rows of a source are, or None where it has none to show."""
    if source in _BY_MATTER:
        return RowKind.MATTER
    shape = readable(source, mode).shape
    kind = _KINDS.get(shape.expression(RowKey.ID))
    is_by_month = not shape.expression(RowKey.PART).startswith("NULL")
    return RowKind.PERSON if kind is RowKind.PERSON_MONTH and not is_by_month else kind


@dataclass(frozen=True, slots=True)
class RowBehind:
    """A row and what it gives to each measure."""

    row_id: int
    part: str
    amounts: Mapping[str, Decimal | None]


def read_rows_behind(
    *,
    reading: Reading,
    source: Source,
    measures: Sequence[Measure],
    may_be_zero: frozenset[str] = frozenset(),
    beside: frozenset[str] = frozenset(),
    beyond: tuple[int, str] | None = None,
    is_backwards: bool = False,
    limit: int,
) -> list[RowBehind]:
    """Return rows that give something to a measure, by id and part, from the place `beyond` on; backwards if asked.

    reading: the figure's own, without dimensions. may_be_zero: keys of measures to which a 0 is a value like another;
    beside: of those that a row is told with, but not for.
    """
    row = Dimension.MATTER if source in _BY_MATTER else RowKey.ID
    by_row = replace(reading, dimensions=(row, RowKey.PART), grain=None, levels=(("k0", "k1"),))
    piece = read_source(source, by_row, measures)
    given = [
        f"s.{each.key} IS NOT NULL" if each.key in may_be_zero else f"coalesce(s.{each.key}, 0) <> 0"
        for each in measures
        if each.key not in beside
    ]
    direction, comparison = ("DESC", "<") if is_backwards else ("ASC", ">")
    place = "(coalesce(s.k0, 0), coalesce(s.k1, ''))"
    further = f"AND {place} {comparison} (%(row_id)s, %(row_part)s)" if beyond else ""
    statement = f"""
SELECT coalesce(s.k0, 0), coalesce(s.k1, ''), {", ".join(f"s.{each.key}::numeric" for each in measures)}
FROM ({piece.text}) s
WHERE ({" OR ".join(given)}) {further}
ORDER BY coalesce(s.k0, 0) {direction}, coalesce(s.k1, '') {direction}
LIMIT %(row_limit)s
"""
    named: dict[str, Any] = dict(zip(("row_id", "row_part"), beyond, strict=True)) if beyond else {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**piece.values, **named, "row_limit": limit})
        found = cursor.fetchall()
    keys = [measure.key for measure in measures]
    return [RowBehind(row[0], row[1], dict(zip(keys, row[2:], strict=True))) for row in found]
