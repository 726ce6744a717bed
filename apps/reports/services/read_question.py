"""What an answer is read by: the period and those beside it, live, as of a day or as closed months kept them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from apps.core.scope import Scope
from apps.reports.contracts import Attributes, Comparison, Mode, Period, Source
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.metrics.as_reported import is_of_closed_months, is_of_the_day, needs_closed_months
from apps.reports.metrics.declaration import Item
from apps.reports.metrics.evaluate import order_expression
from apps.reports.queries.kept_merges import within_days
from apps.reports.queries.labels import is_hidden, query_of_names
from apps.reports.queries.ranking import Sorting
from apps.reports.queries.snapshots import list_taken_days
from apps.reports.queries.sources.reading import BUCKET, Converting, Level, Reading
from apps.reports.rules.comparison import Compared
from apps.reports.services.asked_question import Asked, items_of
from apps.reports.services.find_closes import freeze_if_closed, freeze_reading

MOST_PIECES = 400
_AS_REPORTED = "What is asked for (`mode=as_reported`)"


def reading_of(scope: Scope, asked: Asked) -> Reading:
    """Return the question's own reading, live. Raises QuestionNotUnderstood where its pieces are too many."""
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
        mode=query.mode,
        at_event=query.attributes is Attributes.AT_EVENT,
        converting=Converting(asked.currency) if asked.conversion else None,
    )
    if query.grain and len(reading.ends()) > MOST_PIECES:
        detail = f"The period has more than {MOST_PIECES} {query.grain}s: take a longer `grain` or a shorter `period`."
        raise QuestionNotUnderstood("grain", detail)
    return reading


def as_reported(asked: Asked, reading: Reading) -> Reading:
    """Return the reading over closed months, where the question is for figures of a period as reported.

    It has to be one of closed months if a figure is known by them only; what a snapshot knows too may do without.
    """
    if asked.query.mode is not Mode.AS_REPORTED:
        return reading
    return kept_reading(reading, items_of(asked).values(), asked.query.cut_from)


def kept_reading(
    reading: Reading,
    items: Collection[Item],
    cut_from: Period | None = None,
    *,
    field: str = "period",
    wanted_by: str = _AS_REPORTED,
) -> Reading:
    """Return the reading that items as reported are read by. field, wanted_by, errors: as of `freeze_reading`.

    cut_from: the period of the whole question, of which the reading is a piece.
    """
    kept = _over_closes(reading, items, cut_from, field, wanted_by)
    if not any(is_of_the_day(item, is_frozen=kept.is_frozen) for item in items):
        return kept
    is_of_leaving = any(each.source is Source.WIP_LEFT for item in items for each in item.uses())
    first = _last_seen(kept) if is_of_leaving else kept.first
    return replace(kept, scope=within_days(kept.scope, first=first, last=kept.last))


def _last_seen(reading: Reading) -> date:
    """Return the day of the snapshot that saw what is found gone by the reading's first one."""
    taken = list_taken_days(firm_id=reading.scope.firm_id, last=reading.first - timedelta(days=1))
    return taken[-1] if taken else reading.first


def _over_closes(
    reading: Reading, items: Collection[Item], cut_from: Period | None, field: str, wanted_by: str
) -> Reading:
    if any(needs_closed_months(item) for item in items):
        return freeze_reading(reading, field=field, wanted_by=wanted_by)
    if not any(is_of_closed_months(item) for item in items):
        return reading
    return freeze_if_closed(reading, cut_from)


def compared_reading(asked: Asked, reading: Reading, compared: Compared) -> Reading:
    """Return the reading of a period set beside, as reported or as its months were closed where that is asked for."""
    period = compared.period
    earlier = replace(
        reading,
        first=period.starts_on,
        last=period.ends_on,
        whole_last=period.ends_whole_on,
        moved_months=compared.months,
        moved_days=compared.days,
    )
    if asked.query.comparison is Comparison.CLOSED:
        return freeze_reading(earlier, field="compare", wanted_by="What is set beside (`compare=closed`)")
    if asked.query.mode is not Mode.AS_REPORTED:
        return earlier
    words = f"With `mode=as_reported` also what is set beside (`compare={asked.query.comparison}`)"
    items = items_of(asked).values()
    return kept_reading(earlier, items, asked.query.cut_from, field="compare", wanted_by=words)


def sorting_of(scope: Scope, asked: Asked) -> Sorting:
    """Return what the rows come in the order of: with subtotals that of the leading dimensions first."""
    query = asked.query
    if not query.order.by and query.grain and not query.dimensions:
        return Sorting(BUCKET, descending=False)
    leading = query.dimensions[:-1] if query.subtotals else ()
    before = [dimension for dimension in leading if dimension != query.order.by]
    last = next((dimension for dimension in query.dimensions if dimension == query.order.by), None)
    named = {
        dimension: f"k{query.dimensions.index(dimension)}"
        for dimension in (*before, *((last,) if last else ()))
        # the order of names that are hidden would tell them
        if query_of_names(dimension) and not is_hidden(dimension, scope=scope, tells_people=asked.tells_people)
    }
    written = {
        dimension: f"n_{named[dimension]}.label" if dimension in named else f"k{place}"
        for place, dimension in enumerate(query.dimensions)
    }
    return Sorting(
        written[last] if last else _ordered_by(asked, query.order.by),
        query.order.descending if query.order.by else True,
        tuple(written[dimension] for dimension in before),
        tuple((key, query_of_names(dimension)) for dimension, key in named.items()),
    )


def _ordered_by(asked: Asked, by: str) -> str:
    if not by:
        return order_expression(next(iter(asked.metrics[0].items.values())))
    for metric in asked.metrics:
        for name, item in metric.items.items():
            if by in (f"{metric.name}.{name}", metric.name):
                return order_expression(item)
    raise KeyError(by)  # check_query has let it in
