"""The rows behind a converted figure as they were before: amount, currency, and the rate each took."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import connection

from apps.reports.contracts import Dimension, Measure, Source
from apps.reports.queries.rows_behind import RowBehind
from apps.reports.queries.sources.converted import APART, converted_piece, staged
from apps.reports.queries.sources.reading import Reading, RowKey, Stage


@dataclass(frozen=True, slots=True)
class OriginalRow:
    """A row, or the part of one that is in a currency and took one rate. amounts: by measure, in minor units of it.

    converted_on: the day whose rate it took; rate_since: the first day that rate holds. None: it was not converted.
    """

    currency: str
    amounts: Mapping[str, Decimal | None]
    converted_on: date | None = None
    rate_since: date | None = None
    rate: Decimal | None = None


def read_original_rows(
    *, reading: Reading, source: Source, measures: Sequence[Measure], rows: Sequence[RowBehind]
) -> dict[tuple[int, str], list[OriginalRow]]:
    """Return what rows behind a figure were before they were converted, by id and part.

    reading: the converting one the rows were read by. The same statement reads them, broken down by currency and rate.
    """
    by_rate = staged(
        replace(reading, grain=None, levels=(("k0", "k1", "k2"),)),
        Stage.ORIGINALS,
        (RowKey.ID, RowKey.PART, Dimension.CURRENCY),
    )
    piece = converted_piece(source, by_rate, measures)
    statement = f"""
SELECT coalesce(s.k0, 0), coalesce(s.k1, ''), s.k2, {", ".join(f"s.{each.key}::numeric" for each in measures)}
FROM ({piece.text}) s
WHERE s.k2 IS NOT NULL AND coalesce(s.k0, 0) = ANY(%(row_ids)s::bigint[])
ORDER BY s.k2
"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**piece.values, "row_ids": [row.row_id for row in rows]})
        found = cursor.fetchall()
    keys, originals = [measure.key for measure in measures], dict[tuple[int, str], list[OriginalRow]]()
    for row_id, part, told, *amounts in found:
        originals.setdefault((row_id, part), []).append(_told(told, dict(zip(keys, amounts, strict=True))))
    return originals


def _told(told: str, amounts: Mapping[str, Decimal | None]) -> OriginalRow:
    parts = told.rsplit(APART, 3)
    if len(parts) == 1:
        return OriginalRow(told, amounts)
    currency, day, since, rate = parts
    return OriginalRow(currency, amounts, date.fromisoformat(day), date.fromisoformat(since), Decimal(rate))
