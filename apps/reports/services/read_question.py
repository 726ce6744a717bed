"""What an answer is read by: the period and those beside it, live, as of a day or as closed months kept them."""

from dataclasses import replace

from apps.core.scope import Scope
from apps.reports.contracts import Attributes, Comparison, Dimension, Mode
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.metrics.as_reported import is_of_closed_months
from apps.reports.metrics.evaluate import order_expression
from apps.reports.queries.labels import is_hidden, label_expression
from apps.reports.queries.sources.reading import BUCKET, Level, Reading
from apps.reports.queries.sums import Sorting
from apps.reports.rules.comparison import Compared
from apps.reports.services.asked_question import Asked, items_of
from apps.reports.services.find_closes import freeze_reading

MOST_PIECES = 400


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
    )
    if query.grain and len(reading.ends()) > MOST_PIECES:
        raise QuestionNotUnderstood("grain", f"The period has more than {MOST_PIECES} pieces of a {query.grain}.")
    return reading


def as_reported(asked: Asked, reading: Reading) -> Reading:
    """Return the reading over closed months, where the question is for figures of a period as reported."""
    is_asked = asked.query.mode is Mode.AS_REPORTED and any(is_of_closed_months(item) for item in items_of(asked))
    return freeze_reading(reading) if is_asked else reading


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
    is_closed = asked.query.comparison is Comparison.CLOSED
    return freeze_reading(earlier, field="compare") if is_closed else as_reported(asked, earlier)


def sorting_of(scope: Scope, asked: Asked) -> Sorting:
    """Return what the rows come in the order of: with subtotals that of the leading dimensions first."""
    query = asked.query
    leading = query.dimensions[:-1] if query.subtotals else ()
    within = tuple(_by_name(scope, asked, dimension) for dimension in leading if dimension != query.order.by)
    if not query.order.by:
        if query.grain and not query.dimensions:
            return Sorting(BUCKET, descending=False)
        return Sorting(order_expression(next(iter(asked.metrics[0].items.values()))), within=within)
    return Sorting(_ordered_by(scope, asked, query.order.by), query.order.descending, within)


def _ordered_by(scope: Scope, asked: Asked, by: str) -> str:
    for dimension in asked.query.dimensions:
        if dimension == by:
            return _by_name(scope, asked, dimension)
    for metric in asked.metrics:
        for name, item in metric.items.items():
            if by in (f"{metric.name}.{name}", metric.name):
                return order_expression(item)
    raise KeyError(by)  # check_query has let it in


def _by_name(scope: Scope, asked: Asked, dimension: Dimension) -> str:
    key = f"k{asked.query.dimensions.index(dimension)}"
    if is_hidden(dimension, scope=scope, tells_people=asked.tells_people):
        return key  # the order of names would tell them
    return label_expression(dimension, key)
