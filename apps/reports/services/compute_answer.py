"""Answer a question to the metric layer: metrics by dimensions over a period, as one person may see it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.reports.contracts import (
    Answer,
    AnswerRow,
    Column,
    Dimension,
    KeyValue,
    LedgerState,
    Query,
)
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.metrics.catalogue import measures_by_source
from apps.reports.metrics.declaration import Metric
from apps.reports.metrics.dimensions import NONE
from apps.reports.metrics.evaluate import count_hidden, evaluate, order_expression
from apps.reports.queries.details import Facts, find_detail, read_details
from apps.reports.queries.labels import is_hidden, label_expression, label_keys
from apps.reports.queries.sources import is_offered
from apps.reports.queries.sources.reading import BUCKET, Level, Reading, SumRow
from apps.reports.queries.sums import Sorting, read_sums
from apps.reports.rules.comparison import Compared, periods_before, span_of
from apps.reports.services.check_query import check_query
from apps.reports.services.find_flags import find_flags
from apps.reports.services.find_standing import Standing, find_standing

MOST_PIECES = 400
Sums = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made out: its metrics, and how things stand for it.

    may_be_none: measures whose missing sum is no zero: not offered to the scope, or nothing that adds up. wholes: the
    rows of all keys together, by piece of the period.
    """

    query: Query
    metrics: tuple[Metric, ...]
    standing: Standing
    currency: str
    compared: tuple[Compared, ...]
    tells_people: bool
    may_be_none: frozenset[str] = frozenset()
    wholes: Mapping[date | None, SumRow] = field(default_factory=dict)


def compute_answer(*, scope: Scope, query: Query, now: datetime, permissions: Collection[Extra]) -> Answer:
    """Return the rows of a question for a scope; call it inside the firm's read-only transaction.

    now: the instant whose date in the firm's zone is today. permissions: the reader's; items of a metric that need
    another are left out, and without NAMES colleagues stay nameless. Raises PeriodNotUnderstood, MetricNotPermitted,
    and QuestionNotUnderstood naming the field where metrics, dimensions, filters or order are unknown or mean nothing
    together.
    """
    metrics = check_query(query, permissions)
    standing = find_standing(scope=scope, period=query.period, now=now)
    compared = _compared(standing, query)
    currency = query.currency or standing.profile.currency
    asked = _Asked(query, metrics, standing, currency, compared, tells_people=Extra.NAMES in permissions)
    if standing.ledger is None or standing.status != "ready":
        return replace(_frame(scope, asked), status=standing.status)
    return _answer(scope, asked, standing.ledger)


def _compared(standing: Standing, query: Query) -> tuple[Compared, ...]:
    if query.comparison is None:
        return ()
    compared = periods_before(standing.period, query.comparison)
    if not compared:
        words = query.comparison.replace("_", " ")
        raise QuestionNotUnderstood("compare", f"The {words} are offered for months, quarters, half-years and years.")
    return compared


def _frame(scope: Scope, asked: _Asked) -> Answer:
    columns = tuple(
        Column(f"{metric.name}.{name}", metric.name, name, metric.title, item.unit, metric.date_basis)
        for metric in asked.metrics
        for name, item in metric.items.items()
    )
    return Answer(
        status="ready",
        scope=scope.kind.value,
        period=asked.standing.period,
        compared_with=span_of(asked.compared) if asked.compared else None,
        averaged_over=len(asked.compared) or 1,
        currency=asked.currency,
        data_as_of=asked.standing.freshness,
        columns=columns,
        details=tuple(detail for name in asked.query.details if (detail := find_detail(name))),
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
        compared=[_compared_reading(reading, each) for each in asked.compared],
        sorting=_sorting(scope, asked),
        page=asked.query.page,
        telling={measure.key for metric in asked.metrics for measure in metric.statistics()},
    )
    asked = replace(asked, wholes={row.bucket: row for row in rows if row.level in ((), (BUCKET,))})
    totals = [row for row in rows if row.level == ()]
    hidden = {metric.name for metric in asked.metrics for row in totals if count_hidden(metric, row.sums)}
    lacking = {metric.name for metric in asked.metrics if asked.standing.lacks(metric)}
    page = tuple(_rows(scope, asked, reading, rows))
    return replace(
        _frame(scope, asked),
        rows=page,
        subtotals=tuple(_subtotals(asked, reading, rows, page)),
        total=_total(asked, reading, rows),
        row_count=row_count,
        other_currencies=_others(scope, asked, state),
        incomplete=tuple(metric.name for metric in asked.metrics if metric.name in hidden | lacking),
        flags=tuple(find_flags(scope=scope, standing=asked.standing, metrics=asked.metrics)),
    )


def _others(scope: Scope, asked: _Asked, state: LedgerState) -> tuple[str, ...]:
    """Return the firm's other currencies, which are told to who sees all of it."""
    return tuple(code for code in state.currencies if code != asked.currency) if scope.is_whole_firm else ()


def _reading(scope: Scope, asked: _Asked) -> Reading:
    query = asked.query
    keys: Level = tuple(f"k{place}" for place in range(len(query.dimensions)))
    series = [(*keys, BUCKET)] if query.grain else []
    over_all = [(BUCKET,)] if query.grain and keys else []
    parts = [keys[:length] for length in range(1, len(keys))] if query.subtotals else []
    levels = [keys, *series, *over_all, *parts, ()] if keys else [*series, ()]
    reading = Reading(
        scope=scope,
        first=asked.standing.period.starts_on,
        last=asked.standing.period.ends_on,
        whole_last=asked.standing.period.ends_whole_on,
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


def _compared_reading(reading: Reading, compared: Compared) -> Reading:
    period = compared.period
    return replace(
        reading,
        first=period.starts_on,
        last=period.ends_on,
        whole_last=period.ends_whole_on,
        moved_months=compared.months,
        moved_days=compared.days,
    )


def _sorting(scope: Scope, asked: _Asked) -> Sorting:
    """Return what the rows come in the order of: with subtotals that of the leading dimensions first."""
    query = asked.query
    leading = query.dimensions[:-1] if query.subtotals else ()
    within = tuple(_by_name(scope, asked, dimension) for dimension in leading if dimension != query.order.by)
    if not query.order.by:
        if query.grain and not query.dimensions:
            return Sorting(BUCKET, descending=False)
        return Sorting(order_expression(next(iter(asked.metrics[0].items.values()))), within=within)
    return Sorting(_ordered_by(scope, asked, query.order.by), query.order.descending, within)


def _ordered_by(scope: Scope, asked: _Asked, by: str) -> str:
    for dimension in asked.query.dimensions:
        if dimension == by:
            return _by_name(scope, asked, dimension)
    for metric in asked.metrics:
        for name, item in metric.items.items():
            if by in (f"{metric.name}.{name}", metric.name):
                return order_expression(item)
    raise KeyError(by)  # check_query has let it in


def _by_name(scope: Scope, asked: _Asked, dimension: Dimension) -> str:
    key = f"k{asked.query.dimensions.index(dimension)}"
    if is_hidden(dimension, scope=scope, tells_people=asked.tells_people):
        return key  # the order of names would tell them
    return label_expression(dimension, key)


def _rows(scope: Scope, asked: _Asked, reading: Reading, rows: Iterable[SumRow]) -> Iterable[AnswerRow]:
    page = (
        [row for row in rows if row.level == reading.levels[0]] if asked.query.dimensions or asked.query.grain else []
    )
    series: dict[tuple[KeyValue, ...], dict[date, Mapping[str, Decimal | None]]] = defaultdict(dict)
    for row in rows:
        if row.level == (*reading.levels[0], BUCKET) and row.bucket:
            series[row.keys][row.bucket] = _figures(asked, row)
    labels, details = _labels(scope, asked, page), _details(scope, asked, page)
    for row in page:
        if asked.query.dimensions:
            named = tuple(labels[place][key] for place, key in enumerate(row.keys))
            yield replace(_row(asked, row, named, series[row.keys]), details=_facts(asked, details, row.keys))
        elif row.bucket:
            yield _row(asked, row, (row.bucket.isoformat(),), {})


def _subtotals(
    asked: _Asked, reading: Reading, rows: Iterable[SumRow], page: Sequence[AnswerRow]
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
    asked: _Asked,
    row: SumRow,
    labels: tuple[str, ...],
    series: Mapping[date, Mapping[str, Decimal | None]],
) -> AnswerRow:
    keys = row.keys or ((row.bucket.isoformat(),) if row.bucket else ())
    return AnswerRow(keys, labels, _figures(asked, row), _compared_figures(asked, row), series)


def _total(asked: _Asked, reading: Reading, rows: Iterable[SumRow]) -> AnswerRow | None:
    over_all = {row.bucket: _figures(asked, row) for row in rows if row.level == (BUCKET,) and row.bucket}
    whole = next((row for row in rows if row.level == ()), None)
    return _row(asked, whole, ("Total",), over_all) if whole else None


def _figures(asked: _Asked, row: SumRow) -> dict[str, Decimal | None]:
    return _evaluated(asked, row.sums, asked.wholes.get(row.bucket, row).sums)


def _compared_figures(asked: _Asked, row: SumRow) -> dict[str, Decimal | None]:
    if not asked.compared:
        return {}
    return _evaluated(asked, row.compared, asked.wholes.get(row.bucket, row).compared, periods=len(asked.compared))


def _evaluated(asked: _Asked, sums: Sums, whole: Sums, *, periods: int = 1) -> dict[str, Decimal | None]:
    """Return the figures; a source without a row for the key adds nothing, one that is not offered leaves no figure."""
    there, over_all = _with_zeros(asked, sums), _with_zeros(asked, whole)
    return {
        f"{metric.name}.{name}": value
        for metric in asked.metrics
        for name, value in evaluate(metric, there, asked.currency, whole=over_all, periods=periods).items()
    }


def _with_zeros(asked: _Asked, sums: Sums) -> dict[str, Decimal | None]:
    return {key: Decimal(0) if value is None and key not in asked.may_be_none else value for key, value in sums.items()}


def _details(scope: Scope, asked: _Asked, rows: Sequence[SumRow]) -> dict[Dimension, Facts]:
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
    asked: _Asked, details: Mapping[Dimension, Facts], keys: tuple[KeyValue, ...]
) -> dict[str, str | date | None]:
    found: dict[str, str | date | None] = dict.fromkeys(asked.query.details)
    for dimension, facts in details.items():
        found |= facts.get(keys[asked.query.dimensions.index(dimension)], {})
    return found


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
