"""Answer a question to the metric layer: metrics by dimensions over a period, as one person may see it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.reports.contracts import (
    Answer,
    Column,
    Comparison,
    LedgerState,
    Mode,
    QualityFlag,
    Query,
)
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.metrics.catalogue import measures_by_source
from apps.reports.metrics.changes import change_unit
from apps.reports.metrics.evaluate import count_hidden
from apps.reports.queries.details import find_detail
from apps.reports.queries.sources import is_nothing_without_rows, is_offered
from apps.reports.queries.sources.frozen import OF_TARGETS
from apps.reports.queries.sources.reading import BUCKET
from apps.reports.queries.sums import read_sums
from apps.reports.rules.comparison import Compared, periods_before, span_of
from apps.reports.services.asked_question import Asked, items_of
from apps.reports.services.check_people import check_people
from apps.reports.services.check_query import check_query, find_currency
from apps.reports.services.check_reach import check_reach
from apps.reports.services.find_closes import standings_of, targets_flags, unsound_flags
from apps.reports.services.find_conversion import find_conversion, find_unrated, unrated_flags
from apps.reports.services.find_flags import find_flags
from apps.reports.services.find_standing import Standing, find_standing
from apps.reports.services.find_unknown import find_unknown
from apps.reports.services.read_question import as_reported, compared_reading, reading_of, sorting_of
from apps.reports.services.write_rows import blank_pieces, rows_of, subtotals_of, total_of


def compute_answer(*, scope: Scope, query: Query, now: datetime, permissions: Collection[Extra]) -> Answer:
    """Return the rows of a question for a scope; call it inside the firm's read-only transaction.

    now: the instant whose date in the firm's zone is today. permissions: the reader's; items of a metric that need
    another are left out, and without NAMES colleagues stay nameless, or unseen (`check_people`). Raises
    PeriodNotUnderstood, MetricNotPermitted, PeopleNotCompared, RecordsNotPermitted, and QuestionNotUnderstood naming
    the field where metrics, dimensions, filters or order are unknown or mean nothing together.
    """
    metrics = check_query(query, permissions)
    check_reach(query, scope)
    standing = find_standing(scope=scope, period=query.period, now=now)
    check_people(scope=scope, query=query, rules=standing.calendar.rules, permissions=permissions)
    compared = _compared(standing, query)
    wanted = find_currency(query.currency)
    asked = Asked(
        query,
        metrics,
        standing,
        currency=wanted.code or standing.profile.currency,
        compared=compared,
        tells_people=Extra.NAMES in permissions,
        conversion=find_conversion(scope=scope, standing=standing, asked=wanted),
    )
    if standing.ledger is None or standing.status != "ready":
        return replace(_frame(scope, asked), status=standing.status)
    return _answer(scope, asked, standing.ledger)


def _compared(standing: Standing, query: Query) -> tuple[Compared, ...]:
    if query.comparison is None:
        return ()
    compared = periods_before(standing.period, query.comparison)
    if not compared:
        period = standing.period
        detail = (
            f"`compare={query.comparison}` sets a month, quarter, half-year or year beside others of its length, and "
            f"{period.starts_on}..{period.ends_whole_on} is none. Ask for such a `period`, or `compare=prior_period`."
        )
        raise QuestionNotUnderstood("compare", detail)
    return compared


def _frame(scope: Scope, asked: Asked) -> Answer:
    columns = tuple(
        Column(
            f"{metric.name}.{name}", metric.name, name, metric.title, item.unit, metric.date_basis, change_unit(item)
        )
        for metric in asked.metrics
        for name, item in metric.items.items()
    )
    return Answer(
        status="ready",
        scope=scope.kind.value,
        period=asked.standing.period,
        compared_with=span_of(asked.compared) if asked.compared else None,
        averaged_over=len(asked.compared) or 1,
        attributes=asked.query.attributes,
        compared_periods=tuple(each.period for each in asked.compared),
        currency=asked.currency,
        data_as_of=asked.standing.freshness,
        columns=columns,
        details=tuple(detail for name in asked.query.details if (detail := find_detail(name))),
        mode=asked.query.mode,
        closes=standings_of(firm_id=scope.firm_id, period=asked.standing.period),
        conversion=asked.conversion,
    )


def _answer(scope: Scope, asked: Asked, state: LedgerState) -> Answer:
    needed = measures_by_source(asked.metrics)
    silent = {each.key for source, each_of in needed.items() for each in each_of if not is_offered(source, scope)}
    silent |= {each.key for source, each_of in needed.items() for each in each_of if is_nothing_without_rows(source)}
    silent |= {measure.key for metric in asked.metrics for measure in metric.statistics()}
    asked = replace(asked, may_be_none=frozenset(silent))
    reading = reading_of(scope, asked)
    compared = [compared_reading(asked, reading, each) for each in asked.compared]
    kept = as_reported(asked, reading)
    asked = replace(asked, unknown=find_unknown(kept, compared, items_of(asked)))
    rows, row_count = read_sums(
        reading=kept,
        needed=needed,
        compared=compared,
        sorting=sorting_of(scope, asked),
        page=asked.query.page,
        telling={measure.key for metric in asked.metrics for measure in metric.statistics()},
    )
    asked = replace(asked, wholes={row.bucket: row for row in rows if row.level in ((), (BUCKET,))})
    totals = [row for row in rows if row.level == ()]
    hidden = {metric.name for metric in asked.metrics for row in totals if count_hidden(metric, row.sums)}
    unrated = find_unrated((reading, *compared), needed)
    out = {key for each in unrated for key in each.measures}
    lacking = {
        metric.name
        for metric in asked.metrics
        if asked.standing.lacks(metric) or any(each.key in out for each in metric.uses())
    }
    lacking |= {column.partition(".")[0] for column in asked.unknown.incomplete}
    page = tuple(rows_of(scope, asked, reading, rows))
    blank = blank_pieces(asked, page) if row_count == len(page) else ()
    return replace(
        _frame(scope, asked),
        rows=tuple(sorted((*page, *blank), key=lambda row: row.keys)) if blank else page,
        subtotals=tuple(subtotals_of(asked, reading, rows, page)),
        total=total_of(asked, reading, rows),
        row_count=row_count + len(blank),
        other_currencies=_others(scope, asked, state),
        incomplete=tuple(metric.name for metric in asked.metrics if metric.name in hidden | lacking),
        flags=(
            *find_flags(scope=scope, standing=asked.standing, metrics=asked.metrics),
            *_of_closes(scope, asked),
            *unrated_flags(unrated, asked.currency),
        ),
        gaps=asked.unknown.gaps,
    )


def _others(scope: Scope, asked: Asked, state: LedgerState) -> tuple[str, ...]:
    """Return the firm's currencies whose money is left out, which are told to who sees all of it."""
    converted = {each.currency for each in asked.conversion.rates} if asked.conversion else set()
    inside = {asked.currency, *converted}
    return tuple(code for code in state.currencies if code not in inside) if scope.is_whole_firm else ()


def _of_closes(scope: Scope, asked: Asked) -> list[QualityFlag]:
    """Return what is to be said of the closes that figures are read from."""
    is_kept, own = asked.query.mode is Mode.AS_REPORTED, asked.standing.period
    if not is_kept and asked.query.comparison is not Comparison.CLOSED:
        return []
    periods = [own, *(each.period for each in asked.compared)] if is_kept else [own]
    flags = unsound_flags(firm_id=scope.firm_id, period=own)
    is_planned = any(each.source in OF_TARGETS for item in items_of(asked).values() for each in item.uses())
    return [*flags, *targets_flags(firm_id=scope.firm_id, periods=periods)] if is_planned else flags
