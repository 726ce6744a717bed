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
from apps.reports.queries.sources.first_rows import FirstRows, first_rows
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
# How many rows are taken up by their ids, and how many more where those gave too little.
_IDS_AT_ONCE = (200, 4_000)
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
    page = _RowsBehind(by_row, source, measures, may_be_zero, beside, is_backwards)
    told_for = [each for each in measures if each.key not in beside]
    # Converted, rows of every currency give something; their ids are found in the ledger as it is.
    unconverted = replace(by_row, currency=None) if by_row.converting else by_row
    live = readable(source, reading.mode)
    first = None if reading.is_frozen else first_rows(live, unconverted, told_for, may_be_zero)
    return page.read(beyond, limit) if first is None else page.read_by_id(first, beyond, limit)


@dataclass(frozen=True, slots=True)
class _RowsBehind:
    """The rows behind a figure, in one direction. reading: broken down to rows."""

    reading: Reading
    source: Source
    measures: Sequence[Measure]
    may_be_zero: frozenset[str]
    beside: frozenset[str]
    is_backwards: bool

    def read_by_id(self, first: FirstRows, beyond: tuple[int, str] | None, limit: int) -> list[RowBehind]:
        """Return the next rows, adding up no more than it takes; all that are left where the first give too few."""
        found: list[RowBehind] = []
        place, is_included = beyond[0] if beyond else None, True
        for most in _IDS_AT_ONCE:
            ids = first.ids(beyond=place, is_included=is_included, is_backwards=self.is_backwards, most=most)
            if ids:
                narrowed = replace(self, reading=replace(self.reading, only_rows=tuple(set(ids))))
                found += narrowed.read(beyond, limit - len(found))
            if len(found) == limit or len(ids) < most:
                return found
            place, is_included = ids[-1], False
        last = (found[-1].row_id, found[-1].part) if found else beyond
        return found + self.read(last, limit - len(found))

    def read(self, beyond: tuple[int, str] | None, limit: int) -> list[RowBehind]:
        """Return the next rows in one statement."""
        piece = read_source(self.source, self.reading, self.measures)
        direction, comparison = ("DESC", "<") if self.is_backwards else ("ASC", ">")
        place = "(coalesce(s.k0, 0), coalesce(s.k1, ''))"
        further = f"AND {place} {comparison} (%(row_id)s, %(row_part)s)" if beyond else ""
        statement = f"""
SELECT coalesce(s.k0, 0), coalesce(s.k1, ''), {", ".join(f"s.{each.key}::numeric" for each in self.measures)}
FROM ({piece.text}) s
WHERE ({" OR ".join(self._given())}) {further}
ORDER BY coalesce(s.k0, 0) {direction}, coalesce(s.k1, '') {direction}
LIMIT %(row_limit)s
"""
        named: dict[str, Any] = dict(zip(("row_id", "row_part"), beyond, strict=True)) if beyond else {}
        with connection.cursor() as cursor:
            cursor.execute(statement, {**piece.values, **named, "row_limit": limit})
            found = cursor.fetchall()
        keys = [measure.key for measure in self.measures]
        return [RowBehind(row[0], row[1], dict(zip(keys, row[2:], strict=True))) for row in found]

    def _given(self) -> list[str]:
        return [
            f"s.{each.key} IS NOT NULL" if each.key in self.may_be_zero else f"coalesce(s.{each.key}, 0) <> 0"
            for each in self.measures
            if each.key not in self.beside
        ]
