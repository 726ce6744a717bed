"""The rows a conversion has no rate for: on which days, of which currencies, and which sums they are out of."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from apps.reports.contracts import Dimension, Measure, Source
from apps.reports.queries.sources.converted import APART, WITHOUT_MONEY, converted_piece, staged
from apps.reports.queries.sources.reading import BUCKET, Reading, Stage

# Of who is ranked by a total above zero: the rows that are totaled.
_ROWS_OF: Mapping[Source, Source] = {
    Source.CLIENTS_COLLECTED: Source.COLLECTED_12_MONTHS,
    Source.CLIENTS_IN_ORDER: Source.COLLECTED_12_MONTHS,
    Source.CLIENTS_BILLED: Source.BILLED_12_MONTHS,
}


@dataclass(frozen=True, slots=True)
class Unrated:
    """A day of a currency on which there are rows but no rate. measures: keys of the sums that lack them."""

    currency: str
    day: date | None
    measures: frozenset[str]


def list_unrated(reading: Reading, needed: Mapping[Source, Sequence[Measure]]) -> list[Unrated]:
    """Return the days on which a converting reading has rows that no rate of the firm's converts."""
    return [
        found
        for source, measures in needed.items()
        if source not in WITHOUT_MONEY
        for found in _unrated(reading, source, measures)
    ]


def _unrated(reading: Reading, source: Source, measures: Sequence[Measure]) -> list[Unrated]:
    rows = _ROWS_OF.get(source, source)
    if rows is not source:
        measures = [Measure(each.key, rows, "coalesce(sum(r.net), 0)") for each in measures]
    level = ("k0", BUCKET) if reading.grain else ("k0",)
    by_day = staged(replace(reading, levels=(level,)), Stage.UNRATED, (Dimension.CURRENCY,))
    piece = converted_piece(rows, by_day, measures)
    tests = ", ".join(f"bool_or(coalesce(s.{each.key}, 0) <> 0)" for each in measures)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT k0, {tests} FROM ({piece.text}) s WHERE k0 IS NOT NULL GROUP BY k0 ORDER BY k0", piece.values
        )
        found = cursor.fetchall()
    keys = [measure.key for measure in measures]
    return [
        _told(key, frozenset(name for name, is_out in zip(keys, out, strict=True) if is_out)) for key, *out in found
    ]


def _told(key: str, measures: frozenset[str]) -> Unrated:
    currency, _, day = key.rpartition(APART)
    return Unrated(currency, date.fromisoformat(day) if day else None, measures)
