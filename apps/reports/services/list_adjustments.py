"""Tell what a closed figure would be now, and the rows that make the difference (kpis.md R16, report 26)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.reports.contracts import Answer, Comparison, Measure, Page, Query, Source
from apps.reports.contracts.closing import AdjustedSum, Adjustments, AdjustmentsQuestion
from apps.reports.contracts.explanation import Role
from apps.reports.errors import CloseNotFound, MonthNotClosed, QuestionNotUnderstood
from apps.reports.metrics.as_reported import kept_of
from apps.reports.metrics.declaration import Item, Share
from apps.reports.metrics.parts import Part, parts_of
from apps.reports.queries.closes import find_close
from apps.reports.queries.rows_behind import row_kind
from apps.reports.queries.sources import is_offered
from apps.reports.queries.sources.reading import Reading
from apps.reports.queries.sums import read_sums
from apps.reports.services.check_people import check_people_behind
from apps.reports.services.check_query import find_metric
from apps.reports.services.check_single_rows import check_single_rows
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.find_closes import freeze_reading
from apps.reports.services.find_standing import find_standing
from apps.reports.services.list_adjusted_rows import ComparedFigure, list_adjusted_rows


def list_adjustments(
    *, scope: Scope, close_id: UUID, asked: AdjustmentsQuestion, now: datetime, permissions: Collection[Extra]
) -> Adjustments:
    """Return a figure as closed and as it is now, with a page of the rows between; call it in the firm's transaction.

    The rows come by the very statements that sum both figures, so that their differences add up to that of the figures.
    They are cut to the scope like the rows of an explanation. Raises CloseNotFound; MonthNotClosed of one reopened;
    MetricNotPermitted; QuestionNotUnderstood naming the field.
    """
    close = find_close(scope=scope, public_id=close_id)
    if close is None:
        raise CloseNotFound
    if close.reopened_at is not None:
        raise MonthNotClosed
    name, _, item_name = asked.item.partition(".")
    metric = kept_of(find_metric(name, permissions))
    item = _item(metric.items.get(item_name), metric.title, item_name)
    query = Query(
        metrics=(name,),
        period=f"{close.month:%Y-%m}",
        filters=asked.filters,
        comparison=Comparison.CLOSED,
        currency=asked.currency,
        page=Page(limit=1),
    )
    answer = compute_answer(scope=scope, query=query, now=now, permissions=permissions)
    frame = _frame(asked.item, answer, item)
    if answer.status != "ready":
        return frame
    parts = tuple(parts_of(item))
    check_single_rows(scope=scope, metric=metric, parts=parts, permissions=permissions)
    live = _reading(scope, query, answer, now)
    check_people_behind(
        scope=scope,
        filters=query.filters,
        kinds={row_kind(part.measure.source) for part in parts},
        rules=live.calendar.rules,
        permissions=permissions,
    )
    compared = ComparedFigure(
        live=live,
        kept=freeze_reading(replace(live, prefix="kept_")),
        parts=parts,
        currency=answer.currency,
        tells_people=Extra.NAMES in permissions,
    )
    page = list_adjusted_rows(compared, mark=asked.mark, size=asked.size)
    return replace(frame, sums=tuple(_sums(compared)), rows=page.rows, next=page.following, previous=page.previous)


def _item(item: Item | None, title: str, name: str) -> Item:
    if item is None:
        detail = f"{title} has no item {name[:60]} that closed months keep: see the items of the metric in /metrics."
        raise QuestionNotUnderstood("item", detail, "unknown_item")
    if isinstance(item, Share):
        raise QuestionNotUnderstood(
            "item", f"{title}: a share has no rows of its own; ask for what it is a part of.", "unknown_item"
        )
    return item


def _reading(scope: Scope, query: Query, answer: Answer, now: datetime) -> Reading:
    standing = find_standing(scope=scope, period=query.period, now=now)
    return Reading(
        scope=scope,
        first=answer.period.starts_on,
        last=answer.period.ends_on,
        whole_last=answer.period.ends_whole_on,
        as_of=answer.period.today,
        calendar=standing.calendar,
        filters=query.filters,
        currency=answer.currency,
    )


def _frame(item: str, answer: Answer, declared: Item) -> Adjustments:
    total = answer.total
    return Adjustments(
        status=answer.status,
        scope=answer.scope,
        metric=item.partition(".")[0],
        item=item.partition(".")[2],
        unit=declared.unit,
        period=answer.period,
        currency=answer.currency,
        closes=answer.closes,
        closed=total.compared.get(item) if total else None,
        now=total.figures.get(item) if total else None,
    )


def _sums(compared: ComparedFigure) -> Iterable[AdjustedSum]:
    totals = [_totals(compared, reading) for reading in (compared.kept, compared.live)]
    for part in compared.parts:
        closed, now = (_exact(compared, part, sums.get(part.measure.key)) for sums in totals)
        adds_up = part.role is not Role.VALUE
        yield AdjustedSum(part.measure.key, part.unit, part.divisor, adds_up, closed, now)


def _exact(compared: ComparedFigure, part: Part, amount: Decimal | None) -> Decimal | None:
    if amount is None and not part.may_be_zero and is_offered(part.measure.source, compared.live.scope):
        amount = Decimal(0)
    return None if amount is None else compared.exact(part, amount)


def _totals(compared: ComparedFigure, reading: Reading) -> Mapping[str, Decimal | None]:
    needed: dict[Source, list[Measure]] = {}
    for part in compared.parts:
        needed.setdefault(part.measure.source, compared.measures(part.measure.source))
    found, _ = read_sums(reading=reading, needed=needed, page=Page(limit=1))
    return found[0].sums if found else {}
