"""Rows of sums written out as figures, with what their keys are called and what is told beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from apps.core.scope import Scope
from apps.reports.contracts import (
    AnswerRow,
    Dimension,
    KeyValue,
)
from apps.reports.metrics.as_reported import is_kept_daily
from apps.reports.metrics.changes import came_anew, measure_change
from apps.reports.metrics.dimensions import NONE
from apps.reports.metrics.evaluate import marks_of, round_figure, unrounded
from apps.reports.queries.details import Facts, read_details
from apps.reports.queries.labels import label_keys
from apps.reports.queries.sources.reading import BUCKET, Reading, SumRow
from apps.reports.services.asked_question import Asked

Sums = Mapping[str, Decimal | None]


def rows_of(scope: Scope, asked: Asked, reading: Reading, rows: Iterable[SumRow]) -> Iterable[AnswerRow]:
    """Yield the rows of the page: of the dimensions\' values, or of the pieces of the period."""
    page = (
        [row for row in rows if row.level == reading.levels[0]] if asked.query.dimensions or asked.query.grain else []
    )
    series: dict[tuple[KeyValue, ...], dict[date, Mapping[str, Decimal | None]]] = defaultdict(dict)
    for row in rows:
        if row.level == (*reading.levels[0], BUCKET) and row.bucket:
            series[row.keys][row.bucket] = _figures(asked, row)
    labels, details = _labels(scope, asked, page), _details(scope, asked, page)
    blank = {piece: _no_figures(asked) for piece in asked.unknown.pieces if piece}
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
    pieces = [piece.isoformat() for piece in asked.unknown.pieces if piece]
    return tuple(AnswerRow((piece,), (piece,), _no_figures(asked)) for piece in pieces if piece not in known)


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
    over_all = {row.bucket: _figures(asked, row) for row in rows if row.level == (BUCKET,) and row.bucket}
    blank = {piece: _no_figures(asked) for piece in asked.unknown.pieces if piece}
    whole = next((row for row in rows if row.level == ()), None)
    return _row(asked, whole, ("Total",), {**blank, **over_all}) if whole else None


def _no_figures(asked: Asked) -> dict[str, Decimal | None]:
    """Return the figures of a day without a snapshot; what is no figure of a day is read with the next one."""
    return {
        f"{metric.name}.{name}": None
        for metric in asked.metrics
        if not metric.only_as_reported
        for name, item in metric.items.items()
        if is_kept_daily(item)
    }


def _figures(asked: Asked, row: SumRow) -> dict[str, Decimal | None]:
    return _rounded(asked, _now(asked, row))


def _now(asked: Asked, row: SumRow) -> dict[str, Decimal | None]:
    found = _unrounded(asked, row.sums, asked.wholes.get(row.bucket, row).sums)
    return found | _no_figures(asked) if row.bucket in asked.unknown.pieces else found


def _then(asked: Asked, row: SumRow) -> dict[str, Decimal | None]:
    whole = asked.wholes.get(row.bucket, row).compared
    found = _unrounded(asked, row.compared, whole, periods=len(asked.compared))
    return found | _no_figures(asked) if row.bucket in asked.unknown.compared else found


def _unrounded(asked: Asked, sums: Sums, whole: Sums, *, periods: int = 1) -> dict[str, Decimal | None]:
    """Return the figures; a source without a row for the key adds nothing, one that is not offered leaves no figure."""
    there, over_all = _with_zeros(asked, sums), _with_zeros(asked, whole)
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


def _with_zeros(asked: Asked, sums: Sums) -> dict[str, Decimal | None]:
    return {key: Decimal(0) if value is None and key not in asked.may_be_none else value for key, value in sums.items()}


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
            **label_keys(
                scope=scope,
                dimension=dimension,
                keys={row.keys[place] for row in rows},
                tells_people=asked.tells_people,
            ),
        }
        for place, dimension in enumerate(asked.query.dimensions)
    ]
