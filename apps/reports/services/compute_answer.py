"""Answer a question to the metric layer: metrics by dimensions over a period, as one person may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from apps.core.scope import Scope
from apps.reports.contracts import (
    Answer,
    AnswerRow,
    Column,
    KeyValue,
    LedgerState,
    Query,
)
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.metrics.catalogue import BY_NAME, measures_by_source
from apps.reports.metrics.declaration import Metric
from apps.reports.metrics.dimensions import NONE
from apps.reports.metrics.evaluate import count_hidden, evaluate, order_expression
from apps.reports.queries.labels import is_hidden, label_expression, label_keys
from apps.reports.queries.sources import is_offered
from apps.reports.queries.sources.reading import BUCKET, Level, Reading, SumRow
from apps.reports.queries.sums import Sorting, read_sums
from apps.reports.rules.comparison import Compared, period_before
from apps.reports.services.find_standing import Standing, find_standing

MOST_DIMENSIONS, MOST_PIECES = 3, 400


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made out: its metrics, and how things stand for it.

    may_be_none: measures whose missing sum is no zero: not offered to the scope, or nothing that adds up.
    """

    query: Query
    metrics: tuple[Metric, ...]
    standing: Standing
    currency: str
    compared: Compared | None
    tells_people: bool
    may_be_none: frozenset[str] = frozenset()


def compute_answer(*, scope: Scope, query: Query, now: datetime, tells_people: bool) -> Answer:
    """Return the rows of a question for a scope; call it inside the firm's read-only transaction.

    now: the instant whose date in the firm's zone is today. tells_people: the reader may see colleagues' names. Raises
    PeriodNotUnderstood, and QuestionNotUnderstood naming the field where metrics, dimensions, filters or order are
    unknown or mean nothing together.
    """
    metrics = _metrics(query)
    standing = find_standing(scope=scope, period=query.period, now=now)
    compared = period_before(standing.period, query.comparison) if query.comparison else None
    currency = query.currency or standing.profile.currency
    asked = _Asked(query, metrics, standing, currency, compared, tells_people=tells_people)
    if standing.ledger is None or standing.status != "ready":
        return replace(_frame(scope, asked), status=standing.status)
    return _answer(scope, asked, standing.ledger)


def _metrics(query: Query) -> tuple[Metric, ...]:
    """Return what is asked for, looked up, or raise what is wrong with it."""
    metrics = tuple(_metric(name) for name in query.metrics)
    if not metrics:
        raise QuestionNotUnderstood("metrics", "Name at least one metric.", "required")
    _check_dimensions(query, metrics)
    return metrics


def _metric(name: str) -> Metric:
    metric = BY_NAME.get(name)
    if metric is None:
        raise QuestionNotUnderstood("metrics", f"There is no metric {name}.", "unknown_metric")
    return metric


def _check_dimensions(query: Query, metrics: Sequence[Metric]) -> None:
    """Refuse what means nothing, such as utilization by matter: capacity has none."""
    if len(query.dimensions) > MOST_DIMENSIONS or len(set(query.dimensions)) != len(query.dimensions):
        raise QuestionNotUnderstood("dimensions", f"Name at most {MOST_DIMENSIONS} different dimensions.")
    for field, named in (("dimensions", query.dimensions), ("filters", tuple(query.filters))):
        for dimension in named:
            unfit = [metric.title for metric in metrics if dimension not in metric.dims]
            if unfit:
                words = dimension.replace("_", " ")
                detail = f"{', '.join(unfit)}: not offered by {words}."
                raise QuestionNotUnderstood(field, detail, "meaningless_combination")


def _frame(scope: Scope, asked: _Asked) -> Answer:
    columns = tuple(
        Column(f"{metric.name}.{name}", metric.name, name, metric.title, item.unit)
        for metric in asked.metrics
        for name, item in metric.items.items()
    )
    return Answer(
        status="ready",
        scope=scope.kind.value,
        period=asked.standing.period,
        compared_with=asked.compared.period if asked.compared else None,
        currency=asked.currency,
        data_as_of=asked.standing.freshness,
        columns=columns,
    )


def _answer(scope: Scope, asked: _Asked, state: LedgerState) -> Answer:
    needed = measures_by_source(asked.metrics)
    silent = {each.key for source, each_of in needed.items() for each in each_of if not is_offered(source, scope)}
    silent |= {measure.key for metric in asked.metrics for measure in metric.statistics()}
    asked = replace(asked, may_be_none=frozenset(silent))
    reading = _reading(scope, asked)
    rows, row_count = read_sums(
        reading=reading,
        needed=needed,
        compared=_compared_reading(reading, asked.compared),
        sorting=_sorting(scope, asked),
        page=asked.query.page,
    )
    totals = [row for row in rows if row.level == ()]
    hidden = {metric.name for metric in asked.metrics for row in totals if count_hidden(metric, row.sums)}
    lacking = {metric.name for metric in asked.metrics if asked.standing.lacks(metric)}
    return replace(
        _frame(scope, asked),
        rows=tuple(_rows(scope, asked, reading, rows)),
        total=_total(asked, reading, rows),
        row_count=row_count,
        other_currencies=tuple(code for code in state.currencies if code != asked.currency),
        incomplete=tuple(metric.name for metric in asked.metrics if metric.name in hidden | lacking),
    )


def _reading(scope: Scope, asked: _Asked) -> Reading:
    query = asked.query
    keys: Level = tuple(f"k{place}" for place in range(len(query.dimensions)))
    series = [(*keys, BUCKET)] if query.grain else []
    over_all = [(BUCKET,)] if query.grain and keys else []
    levels = [keys, *series, *over_all, ()] if keys else [*series, ()]
    reading = Reading(
        scope=scope,
        first=asked.standing.period.starts_on,
        last=asked.standing.period.ends_on,
        as_of=asked.standing.period.today,
        calendar=asked.standing.calendar,
        dimensions=query.dimensions,
        grain=query.grain,
        filters=query.filters,
        currency=asked.currency,
        levels=tuple(levels),
    )
    if query.grain and len(reading.ends()) > MOST_PIECES:
        raise QuestionNotUnderstood("grain", f"The period has more than {MOST_PIECES} pieces of a {query.grain}.")
    return reading


def _compared_reading(reading: Reading, compared: Compared | None) -> Reading | None:
    if compared is None:
        return None
    period = compared.period
    return replace(
        reading,
        first=period.starts_on,
        last=period.ends_on,
        moved_months=compared.months,
        moved_days=compared.days,
    )


def _sorting(scope: Scope, asked: _Asked) -> Sorting:
    by, descending = asked.query.order.by, asked.query.order.descending
    dimensions = asked.query.dimensions
    if not by:
        if asked.query.grain and not dimensions:
            return Sorting(BUCKET, descending=False)
        return Sorting(order_expression(next(iter(asked.metrics[0].items.values()))))
    for place, dimension in enumerate(dimensions):
        if dimension == by:
            key = f"k{place}"
            if is_hidden(dimension, scope=scope, tells_people=asked.tells_people):
                return Sorting(key, descending)  # the order of names would tell them
            return Sorting(label_expression(dimension, key), descending)
    for metric in asked.metrics:
        for name, item in metric.items.items():
            if by in (f"{metric.name}.{name}", metric.name):
                return Sorting(order_expression(item), descending)
    raise QuestionNotUnderstood("sort", f"There is no column {by} to sort by.", "unknown_column")


def _rows(scope: Scope, asked: _Asked, reading: Reading, rows: Iterable[SumRow]) -> Iterable[AnswerRow]:
    page = (
        [row for row in rows if row.level == reading.levels[0]] if asked.query.dimensions or asked.query.grain else []
    )
    series: dict[tuple[KeyValue, ...], dict[date, Mapping[str, Decimal | None]]] = defaultdict(dict)
    for row in rows:
        if row.level == (*reading.levels[0], BUCKET) and row.bucket:
            series[row.keys][row.bucket] = _figures(asked, row.sums)
    labels = _labels(scope, asked, page)
    for row in page:
        if asked.query.dimensions:
            yield _row(asked, row, tuple(labels[place][key] for place, key in enumerate(row.keys)), series[row.keys])
        elif row.bucket:
            yield _row(asked, row, (row.bucket.isoformat(),), {})


def _row(
    asked: _Asked,
    row: SumRow,
    labels: tuple[str, ...],
    series: Mapping[date, Mapping[str, Decimal | None]],
) -> AnswerRow:
    keys = row.keys or ((row.bucket.isoformat(),) if row.bucket else ())
    compared = _figures(asked, row.compared) if asked.compared else {}
    return AnswerRow(keys, labels, _figures(asked, row.sums), compared, series)


def _total(asked: _Asked, reading: Reading, rows: Iterable[SumRow]) -> AnswerRow | None:
    over_all = {row.bucket: _figures(asked, row.sums) for row in rows if row.level == (BUCKET,) and row.bucket}
    whole = next((row for row in rows if row.level == ()), None)
    return _row(asked, whole, ("Total",), over_all) if whole else None


def _figures(asked: _Asked, sums: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """Return the figures; a source without a row for the key adds nothing, one that is not offered leaves no figure."""
    there = {
        key: Decimal(0) if value is None and key not in asked.may_be_none else value for key, value in sums.items()
    }
    return {
        f"{metric.name}.{name}": value
        for metric in asked.metrics
        for name, value in evaluate(metric, there, asked.currency).items()
    }


def _labels(scope: Scope, asked: _Asked, rows: Sequence[SumRow]) -> list[dict[KeyValue, str]]:
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
