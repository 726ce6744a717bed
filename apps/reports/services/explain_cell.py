"""Tell how one figure of an answer was made: its definition, its filters, its sums, and the rows behind them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.reports.contracts import Answer, Attributes, Comparison, Dimension, Filters, KeyValue, Mode, Page, Query
from apps.reports.contracts.explanation import (
    AppliedFilter,
    Cell,
    CellQuestion,
    ExplainedSum,
    Explanation,
    Role,
    TieOut,
)
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.metrics.as_reported import is_kept_daily, is_of_closed_months
from apps.reports.metrics.converted import is_converted, why_not
from apps.reports.metrics.declaration import Item, Metric, Share
from apps.reports.metrics.dimensions import NONE
from apps.reports.metrics.evaluate import evaluate
from apps.reports.metrics.parts import WHOLE, Part, parts_of
from apps.reports.queries.rows_behind import row_kind
from apps.reports.queries.sources import is_offered
from apps.reports.queries.sources.reading import Converting, Reading, next_piece, piece_of
from apps.reports.queries.sums import read_sums
from apps.reports.rules.comparison import periods_before
from apps.reports.services.check_people import check_people_behind
from apps.reports.services.check_query import find_currency, find_metric
from apps.reports.services.check_single_rows import check_single_rows
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.find_standing import Standing, find_standing
from apps.reports.services.find_unknown import without_unknown
from apps.reports.services.list_rows_behind import Explained, Group, list_rows_behind
from apps.reports.services.name_keys import name_keys
from apps.reports.services.read_question import kept_reading
from apps.reports.services.tie_out import find_tie_out

_OF_RECORDS = frozenset(
    {
        Dimension.CLIENT,
        Dimension.COMPANY,
        Dimension.PAYER,
        Dimension.MATTER,
        Dimension.BILL,
        Dimension.TRANSACTION,
        Dimension.BANK_ACCOUNT,
    }
)


def explain_cell(*, scope: Scope, asked: CellQuestion, now: datetime, permissions: Collection[Extra]) -> Explanation:
    """Return how a figure was made; call it inside the firm's read-only transaction.

    The rows come by the very statement that sums the figure, broken down to its rows, so that they add up to it.
    permissions: as in `compute_answer`, whose errors it raises too; QuestionNotUnderstood also for an item or a piece
    that is not there, and for a cell outside the question's filters.
    """
    metric, item = _asked_item(asked, permissions)
    standing = find_standing(scope=scope, period=asked.query.period, now=now)
    cut_from = standing.period if asked.cell.piece else None
    query = replace(_cell_as_query(asked, metric.name, standing), cut_from=cut_from)
    _check_has_figures(query, metric, item)
    answer = compute_answer(scope=scope, query=query, now=now, permissions=permissions)
    frame = _frame(asked, answer, item)
    if answer.status != "ready":
        return frame
    explained = _explained(
        metric=metric,
        item=item,
        reading=_reading(scope, query, item, answer, standing),
        whole_filters=asked.query.filters,
        currency=answer.currency,
        permissions=permissions,
    )
    if isinstance(item, Share):
        frame = replace(frame, value=_share(explained, metric, frame.item))
    return _fill(frame, asked, item, explained, standing)


def _asked_item(asked: CellQuestion, permissions: Collection[Extra]) -> tuple[Metric, Item]:
    """Return the metric and the item the cell is of; raise QuestionNotUnderstood for one that is not there."""
    name, _, item_name = asked.cell.item.partition(".")
    metric = find_metric(name, permissions)
    item = metric.items.get(item_name)
    if item is None:
        detail = f"{metric.title} has no item {item_name[:60]}; it has {', '.join(metric.items)}."
        raise QuestionNotUnderstood("item", detail, "unknown_item")
    return metric, item


def _check_has_figures(query: Query, metric: Metric, item: Item) -> None:
    """Raise QuestionNotUnderstood for an item of which the mode or the currency asked for has nothing."""
    if query.mode is Mode.AS_REPORTED and not is_of_closed_months(item) and not is_kept_daily(item):
        detail = f"{metric.title}: neither snapshots nor closed months keep this."
        raise QuestionNotUnderstood("item", detail, "not_as_reported")
    if find_currency(query.currency).is_converted and not is_converted(item):
        detail = f"{metric.title}: this is not converted: {why_not(metric)}."
        raise QuestionNotUnderstood("item", detail, "not_converted")


def _reading(scope: Scope, query: Query, item: Item, answer: Answer, standing: Standing) -> Reading:
    """Return what the answer's sources read for the cell."""
    reading = Reading(
        scope=scope,
        first=answer.period.starts_on,
        last=answer.period.ends_on,
        whole_last=answer.period.ends_whole_on,
        as_of=answer.period.today,
        calendar=standing.calendar,
        filters=query.filters,
        currency=answer.currency,
        mode=answer.mode,
        at_event=query.attributes is Attributes.AT_EVENT,
        converting=Converting(answer.currency) if answer.conversion else None,
    )
    return kept_reading(reading, (item,), query.cut_from) if answer.mode is Mode.AS_REPORTED else reading


def _explained(
    *,
    metric: Metric,
    item: Item,
    reading: Reading,
    whole_filters: Filters,
    currency: str,
    permissions: Collection[Extra],
) -> Explained:
    """Return what the item is summed of; raise the errors of the checks of who may see its single rows.

    whole_filters: those of the question itself, without the cell's keys; a share is of what they let in.
    """
    parts = tuple(parts_of(item))
    check_people_behind(
        scope=reading.scope,
        filters=reading.filters,
        kinds={row_kind(part.measure.source, reading.mode) for part in parts},
        rules=reading.calendar.rules,
        permissions=permissions,
    )
    if reading.is_frozen:
        check_single_rows(scope=reading.scope, metric=metric, parts=parts, permissions=permissions)
    return Explained(
        reading,
        replace(reading, filters=whole_filters),
        parts,
        currency,
        tells_people=Extra.NAMES in permissions,
        tells_prices=Extra.RATES in permissions,
    )


def _fill(frame: Explanation, asked: CellQuestion, item: Item, explained: Explained, standing: Standing) -> Explanation:
    """Return the frame with the sums, their filters, one page of the rows behind them, and the tie-out of a whole."""
    reading = explained.reading
    page = list_rows_behind(explained, mark=asked.mark, size=asked.size)
    return replace(
        frame,
        filters=tuple(_filters(reading.scope, reading.filters, explained.tells_people)),
        sums=tuple(without_unknown(reading, item, _sums(explained))),
        rows=page.rows,
        next=page.next,
        previous=page.previous,
        tie_out=None
        if reading.filters or reading.is_frozen or reading.converting
        else _tie_out(frame, reading, standing),
    )


def _tie_out(frame: Explanation, reading: Reading, standing: Standing) -> TieOut | None:
    return find_tie_out(
        scope=reading.scope,
        item=f"{frame.metric}.{frame.item}",
        period=frame.period,
        currency=frame.currency,
        firms_own=standing.profile.currency,
    )


def _cell_as_query(asked: CellQuestion, metric: str, standing: Standing) -> Query:
    """Return the question whose total is the cell."""
    return Query(
        metrics=(metric,),
        period=_period(asked.query, asked.cell, standing),
        filters=_narrowed(asked.query.filters, asked.cell.keys),
        currency=asked.query.currency,
        page=Page(limit=1),
        mode=_mode(asked),
        attributes=asked.query.attributes,
    )


def _mode(asked: CellQuestion) -> Mode:
    """Return the mode of the cell: what is set beside as it was closed is as reported."""
    is_closed = asked.cell.is_compared and asked.query.comparison is Comparison.CLOSED
    return Mode.AS_REPORTED if is_closed else asked.query.mode


def _narrowed(filters: Filters, keys: Mapping[Dimension, KeyValue]) -> Filters:
    for dimension, value in keys.items():
        if value not in filters.get(dimension, (value,)):
            raise QuestionNotUnderstood(f"cell[{dimension}]", "The filter leaves this value out.", "outside_filter")
    return {**filters, **{dimension: (value,) for dimension, value in keys.items()}}


def _period(query: Query, cell: Cell, standing: Standing) -> str:
    """Return the cell's own period as a question states it."""
    if cell.is_compared:
        if query.comparison is None or cell.piece is not None:
            raise QuestionNotUnderstood("of", "`of=compared` needs `compare`, and no `piece`.")
        compared = periods_before(standing.period, query.comparison)
        if len(compared) != 1:
            raise QuestionNotUnderstood("of", "An average has no rows: ask for each of `compared_periods`.")
        earlier = compared[0].period
        return f"{earlier.starts_on}..{earlier.ends_on}"
    if cell.piece is None:
        return query.period
    first, last = _piece(query, cell.piece, standing)
    return f"{first}..{last}"


def _piece(query: Query, piece: date, standing: Standing) -> tuple[date, date]:
    period = standing.period
    if query.grain is None or piece_of(piece, query.grain, standing.calendar) != piece:
        raise QuestionNotUnderstood(
            "piece",
            "The first day of a piece, as in `series`.",
            "unknown_piece",
        )
    first = max(piece, period.starts_on)
    last = min(next_piece(piece, query.grain, standing.calendar) - timedelta(days=1), period.ends_on)
    if first > last:
        raise QuestionNotUnderstood("piece", "The period has no such piece; `series` has them.", "unknown_piece")
    return first, last


def _frame(asked: CellQuestion, answer: Answer, item: Item) -> Explanation:
    name, _, item_name = asked.cell.item.partition(".")
    return Explanation(
        status=answer.status,
        scope=answer.scope,
        metric=name,
        item=item_name,
        unit=item.unit,
        period=answer.period,
        currency=answer.currency,
        data_as_of=answer.data_as_of,
        value=answer.total.figures[asked.cell.item] if answer.total else None,
        incomplete=bool(answer.incomplete),
        flags=answer.flags,
        mode=answer.mode,
        conversion=answer.conversion,
    )


def _sums(explained: Explained) -> Iterable[ExplainedSum]:
    sums = _totals(explained)
    for part in explained.parts:
        total = None if part.role is Role.BESIDE else sums.get(part.measure.key)
        if total is None and part.role is not Role.BESIDE and _is_zero(part, explained):
            total = Decimal(0)
        exact = None if total is None else explained.exact(part, total)
        kind = row_kind(part.measure.source, explained.reading.mode)
        yield ExplainedSum(part.measure.key, part.role, part.unit, part.divisor, kind, exact)


def _is_zero(part: Part, explained: Explained) -> bool:
    """Tell whether a sum without a row is nothing, rather than not offered or not there."""
    return is_offered(part.measure.source, explained.reading.scope) and not part.may_be_zero


def _totals(explained: Explained) -> Mapping[str, Decimal | None]:
    """Return the sums by the keys of their measures."""
    sums: dict[str, Decimal | None] = {}
    for is_of_whole in sorted({part.is_of_whole for part in explained.parts}):
        used = dict.fromkeys(part.measure.source for part in explained.parts if part.is_of_whole == is_of_whole)
        groups = [Group(source, is_of_whole) for source in used]
        needed = {group.source: explained.measures(group) for group in groups}
        found, _ = read_sums(reading=explained.reading_of(groups[0]), needed=needed, page=Page(limit=1))
        sums |= found[0].sums if found else {}
    return sums


def _share(explained: Explained, metric: Metric, item: str) -> Decimal | None:
    """Return the figure of an item that is a share: of the cell's sums in those of the whole."""
    sums = _totals(explained)
    own = {key: amount for key, amount in sums.items() if not key.startswith(WHOLE)}
    whole = {key.removeprefix(WHOLE): amount for key, amount in sums.items() if key.startswith(WHOLE)}
    only = replace(metric, items={item: metric.items[item]})
    return evaluate(only, own, explained.currency, whole=whole)[item]


def _filters(scope: Scope, filters: Filters, tells_people: bool) -> Iterable[AppliedFilter]:
    for dimension, values in filters.items():
        # What a filter names is no row: of records that may lie outside their part, part readers learn no name.
        is_told = scope.is_whole_firm or dimension not in _OF_RECORDS
        keys = values if is_told else ()
        labels = name_keys(scope=scope, dimension=dimension, keys=keys, tells_people=tells_people)
        named = tuple(_label(dimension, value, labels) for value in values)
        yield AppliedFilter(dimension, values, named)


def _label(dimension: Dimension, value: KeyValue, labels: Mapping[KeyValue, str]) -> str:
    return NONE.get(dimension, "(None)") if value is None else labels.get(value, str(value))
