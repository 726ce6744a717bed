"""Rows of sums written out as figures, with what their keys are called and what is told beside them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from apps.core.scope import Scope
from apps.reports.contracts import (
    AnswerRow,
    Dimension,
    KeyValue,
)
from apps.reports.metrics.changes import came_anew, measure_change
from apps.reports.metrics.declaration import Share
from apps.reports.metrics.dimensions import NONE
from apps.reports.metrics.evaluate import marks_of, round_figure, unrounded
from apps.reports.queries.details import Facts, read_details
from apps.reports.queries.sources.reading import BUCKET, Reading, SumRow
from apps.reports.services.asked_question import Asked, items_of
from apps.reports.services.known_figures import KnownFigures, with_zeros
from apps.reports.services.name_keys import name_keys

Sums = Mapping[str, Decimal | None]


def rows_of(scope: Scope, asked: Asked, reading: Reading, rows: Iterable[SumRow]) -> Iterable[AnswerRow]:
    """Yield the rows of the page: of the dimensions\' values, or of the pieces of the period."""
    page = (
        [row for row in rows if row.level == reading.levels[0]] if asked.query.dimensions or asked.query.grain else []
    )
    series: dict[tuple[KeyValue, ...], dict[date, Mapping[str, Decimal | None]]] = defaultdict(dict)
    figures_of = _pieces_of(asked)
    for row in rows:
        if row.level == (*reading.levels[0], BUCKET) and row.bucket:
            series[row.keys][row.bucket] = figures_of(row)
    labels, details = _labels(scope, asked, page), _details(scope, asked, page)
    blank = _blank(asked)
    for row in page:
        if asked.query.dimensions:
            pieces = {**blank, **series[row.keys]}
            named = tuple(labels[place][key] for place, key in enumerate(row.keys))
            yield replace(_row(asked, row, named, pieces), details=_facts(asked, details, row.keys))
        elif row.bucket:
            yield _row(asked, row, (row.bucket.isoformat(),), {})


def blank_pieces(asked: Asked, page: Sequence[AnswerRow]) -> tuple[AnswerRow, ...]:
    """Return the rows of pieces no snapshot knows, where rows are pieces in their order."""
    if not asked.query.grain or asked.query.dimensions or asked.query.order.by:
        return ()
    known = {row.keys[0] for row in page}
    pieces = {piece.isoformat(): figures for piece, figures in _blank(asked).items()}
    return tuple(AnswerRow((piece,), (piece,), figures) for piece, figures in pieces.items() if piece not in known)


def subtotals_of(
    asked: Asked, reading: Reading, rows: Iterable[SumRow], page: Sequence[AnswerRow]
) -> Iterable[AnswerRow]:
    """Yield the subtotals of the groups that the rows of the page are in."""
    if not asked.query.subtotals:
        return
    dimensions = len(asked.query.dimensions)
    named = {row.keys[:length]: row.labels[:length] for row in page for length in range(1, dimensions)}
    parts = {reading.levels[0][:length] for length in range(1, dimensions)}
    for row in rows:
        if row.level in parts and row.keys in named:
            yield _row(asked, row, named[row.keys], {})


def _row(
    asked: Asked,
    row: SumRow,
    labels: tuple[str, ...],
    series: Mapping[date, Mapping[str, Decimal | None]],
) -> AnswerRow:
    keys = row.keys or ((row.bucket.isoformat(),) if row.bucket else ())
    now = _now(asked, row)
    figures = _rounded(asked, now)
    marks = tuple(mark for metric in asked.metrics for mark in marks_of(metric, figures))
    plain = AnswerRow(keys, labels, figures, series=series, marks=marks)
    if not asked.compared:
        return plain
    then = _then(asked, row)
    items = {f"{metric.name}.{name}": item for metric in asked.metrics for name, item in metric.items.items()}
    return replace(
        plain,
        compared=_rounded(asked, then),
        changes={key: measure_change(item, now[key], then[key], asked.currency) for key, item in items.items()},
        new=frozenset(key for key, item in items.items() if came_anew(item, now[key], then[key])),
    )


def total_of(asked: Asked, reading: Reading, rows: Iterable[SumRow]) -> AnswerRow | None:
    """Return the row of all keys together, with its pieces; None where nothing was read."""
    figures_of = _pieces_of(asked)
    over_all = {row.bucket: figures_of(row) for row in rows if row.level == (BUCKET,) and row.bucket}
    blank = _blank(asked)
    whole = next((row for row in rows if row.level == ()), None)
    return _row(asked, whole, ("Total",), {**blank, **over_all}) if whole else None


def _blank(asked: Asked) -> dict[date, dict[str, Decimal | None]]:
    """Return the figures of pieces that lack some and were met by no row: beside what they lack, nothing."""
    sums: dict[str, Decimal | None] = dict.fromkeys(asked.may_be_none)
    pieces = (piece for piece in asked.unknown.pieces if piece)
    return {piece: _figures(asked, SumRow((BUCKET,), (), piece, sums)) for piece in pieces}


def _pieces_of(asked: Asked) -> Callable[[SumRow], Sums]:
    """Return what writes the figures of a piece of the period. A share is of a whole, an unknown day has none."""
    if asked.unknown.pieces or any(isinstance(item, Share) for item in items_of(asked).values()):
        return partial(_figures, asked)
    known = KnownFigures(asked)
    return lambda row: known.of(row.sums)


def _figures(asked: Asked, row: SumRow) -> dict[str, Decimal | None]:
    return _rounded(asked, _now(asked, row))


def _now(asked: Asked, row: SumRow) -> dict[str, Decimal | None]:
    found = _unrounded(asked, row.sums, asked.wholes.get(row.bucket, row).sums)
    return found | dict.fromkeys(asked.unknown.pieces.get(row.bucket, ()))


def _then(asked: Asked, row: SumRow) -> dict[str, Decimal | None]:
    whole = asked.wholes.get(row.bucket, row).compared
    found = _unrounded(asked, row.compared, whole, periods=len(asked.compared))
    return found | dict.fromkeys(asked.unknown.compared.get(row.bucket, ()))


def _unrounded(asked: Asked, sums: Sums, whole: Sums, *, periods: int = 1) -> dict[str, Decimal | None]:
    """Return the figures; a source without a row for the key adds nothing, one that is not offered leaves no figure."""
    there, over_all = with_zeros(asked, sums), with_zeros(asked, whole)
    return {
        f"{metric.name}.{name}": value
        for metric in asked.metrics
        for name, value in unrounded(metric, there, whole=over_all, periods=periods).items()
    }


def _rounded(asked: Asked, figures: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    return {
        key: round_figure(figures[key], item.unit, asked.currency)
        for metric in asked.metrics
        for name, item in metric.items.items()
        for key in [f"{metric.name}.{name}"]
    }


def _details(scope: Scope, asked: Asked, rows: Sequence[SumRow]) -> dict[Dimension, Facts]:
    by_dimension: dict[Dimension, list[str]] = defaultdict(list)
    for name in asked.query.details:
        by_dimension[Dimension(name.partition(".")[0])].append(name)
    return {
        dimension: read_details(
            scope=scope,
            dimension=dimension,
            keys={row.keys[asked.query.dimensions.index(dimension)] for row in rows},
            names=names,
            period=asked.standing.period,
            tells_people=asked.tells_people,
        )
        for dimension, names in by_dimension.items()
    }


def _facts(
    asked: Asked, details: Mapping[Dimension, Facts], keys: tuple[KeyValue, ...]
) -> dict[str, str | date | None]:
    found: dict[str, str | date | None] = dict.fromkeys(asked.query.details)
    for dimension, facts in details.items():
        found |= facts.get(keys[asked.query.dimensions.index(dimension)], {})
    return found


def _labels(scope: Scope, asked: Asked, rows: Sequence[SumRow]) -> list[dict[KeyValue, str]]:
    return [
        {
            None: NONE.get(dimension, "(None)"),
            **name_keys(
                scope=scope,
                dimension=dimension,
                keys={row.keys[place] for row in rows},
                tells_people=asked.tells_people,
                period=asked.standing.period,
            ),
        }
        for place, dimension in enumerate(asked.query.dimensions)
    ]
