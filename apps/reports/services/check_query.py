"""Check a question to the metric layer: what it names is there, fits together, and is the reader's to see."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from apps.core.access import Extra
from apps.reports.contracts import Attributes, Comparison, Dimension, Mode, Query
from apps.reports.contracts.conversion import AskedCurrency, read_currency
from apps.reports.errors import MetricNotPermitted, QuestionNotUnderstood
from apps.reports.metrics.as_reported import as_reported, kept_of
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.metrics.converted import converted, why_not
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.details import find_detail, list_details
from apps.reports.queries.sources import tells_events
from apps.reports.queries.sources.rows import AT_EVENT
from apps.reports.services.shown_items import shown_items

MOST_DIMENSIONS = 3
_MOST_NAMED = 24


def check_query(query: Query, permissions: Collection[Extra]) -> tuple[Metric, ...]:
    """Return the metrics a question asks for, as its reader may see them, with what is wanted and its mode has of them.

    Raises MetricNotPermitted, and QuestionNotUnderstood naming the field where metrics, dimensions, filters, details or
    order are unknown or mean nothing together, and where a metric has no figures in the mode or currency asked for.
    """
    metrics = tuple(find_metric(name, permissions) for name in query.metrics)
    if not metrics:
        raise QuestionNotUnderstood("metrics", "Name at least one metric, such as `collected`.", "required")
    metrics = _in_currency(query, _in_mode(query, metrics))
    _check_dimensions(query, metrics)
    _check_attributes(query, metrics)
    _check_details(query)
    _check_order(query, metrics)
    return shown_items(query, metrics)


def find_metric(name: str, permissions: Collection[Extra]) -> Metric:
    """Return a metric as a reader may see it. Raises QuestionNotUnderstood, MetricNotPermitted."""
    metric = BY_NAME.get(name)
    if metric is None:
        near = get_close_matches(name[:60], BY_NAME, n=3)
        words = f"Did you mean {' or '.join(near)}?" if near else "All there are stand under /metrics."
        raise QuestionNotUnderstood("metrics", f"There is no metric {name[:60]}. {words}", "unknown_metric")
    lacking = metric.lacking(permissions)
    if lacking:
        raise MetricNotPermitted(name, metric.title, lacking)
    return metric.for_reader(permissions)


def _check_dimensions(query: Query, metrics: Sequence[Metric]) -> None:
    """Refuse what means nothing, such as utilization by matter: capacity has none."""
    if len(query.dimensions) > MOST_DIMENSIONS:
        detail = f"Name at most {MOST_DIMENSIONS} dimensions; what else matters may be a filter."
        raise QuestionNotUnderstood("dimensions", detail)
    twice = next((each for each in query.dimensions if query.dimensions.count(each) > 1), None)
    if twice:
        raise QuestionNotUnderstood("dimensions", f"{twice} is named twice: leave one out.")
    for dimension in query.dimensions:
        _refuse_unfit(metrics, dimension, "dimensions", "broken down by")
    for dimension in query.filters:
        _refuse_unfit(metrics, dimension, f"filter[{dimension}]", "narrowed to one or the other")


def _refuse_unfit(metrics: Sequence[Metric], dimension: Dimension, field: str, what: str) -> None:
    by: dict[str, tuple[Dimension, ...]] = {"dimensions": (), "filters": ()}
    side = "dimensions" if field == "dimensions" else "filters"
    unfit = [metric for metric in metrics if not metric.fits(**by | {side: (dimension,)})]
    if not unfit:
        return
    titles, words = ", ".join(metric.title for metric in unfit), dimension.replace("_", " ")
    offered = [each for each in Dimension if all(metric.fits(**by | {side: (each,)}) for metric in metrics)]
    instead = f"What fits everything asked for: {_listed(offered)}." if offered else "Ask for each metric by itself."
    raise QuestionNotUnderstood(field, f"{titles} cannot be {what} {words}. {instead}", "meaningless_combination")


def _listed(names: Iterable[str]) -> str:
    """Return names in a sentence, the first ones of many."""
    every = list(names)
    more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
    return f"{', '.join(every[:_MOST_NAMED])}{more}"


def _in_mode(query: Query, metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """Return the metrics with the items there are in the mode: beside closed months those that a close keeps.

    Refuses as reported what neither a day's snapshot nor a closed month keeps, and restated what is made of snapshots.
    """
    if query.comparison is Comparison.CLOSED:
        kept = [kept_of(metric) for metric in metrics]
        why = "is the state of a day, which no closed month keeps, so it cannot be set beside one"
        _refuse_empty(kept, "compare", f"{why}. Leave it out, or ask without `compare=closed`.", "not_closed")
        return tuple(kept)
    if query.mode is Mode.AS_REPORTED:
        by = (*query.dimensions, *query.filters)
        kept = [as_reported(metric, by) for metric in metrics]
        why = "is kept neither day by day nor by closed months, at least not by what is asked here"
        _refuse_empty(kept, "mode", f"{why}. Leave it out, or ask without `mode=as_reported`.", "not_as_reported")
        return tuple(kept)
    unfit = ", ".join(metric.title for metric in metrics if metric.only_as_reported)
    if unfit:
        detail = f"{unfit} is made of what was kept day by day: ask with `mode=as_reported`."
        raise QuestionNotUnderstood("mode", detail, "only_as_reported")
    return tuple(metrics)


def find_currency(text: str) -> AskedCurrency:
    """Return the currency a question asks for. Raises QuestionNotUnderstood, which names it."""
    try:
        return read_currency(text)
    except ValueError as error:
        raise QuestionNotUnderstood("currency", str(error)) from error


def _in_currency(query: Query, metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """Return the metrics with the items there are in the currency: converted those that can be."""
    if not find_currency(query.currency).is_converted:
        return tuple(metrics)
    if query.mode is Mode.AS_REPORTED or query.comparison is Comparison.CLOSED:
        detail = "What snapshots and closed months keep stays in the currencies it was kept in; ask for one of them."
        raise QuestionNotUnderstood("currency", detail, "not_converted")
    for metric in metrics:
        if not converted(metric).items:
            detail = f"{metric.title} is not converted: {why_not(metric)}."
            raise QuestionNotUnderstood("currency", detail, "not_converted")
    return tuple(converted(metric) for metric in metrics)


def _refuse_empty(metrics: Sequence[Metric], field: str, why: str, code: str) -> None:
    unfit = ", ".join(metric.title for metric in metrics if not metric.items)
    if unfit:
        raise QuestionNotUnderstood(field, f"{unfit} {why}", code)


def _check_attributes(query: Query, metrics: Sequence[Metric]) -> None:
    """Refuse attributes as at the event where a figure is made of more than rows with a day of their own."""
    if query.attributes is Attributes.TODAY or not AT_EVENT.keys() & {*query.dimensions, *query.filters}:
        return
    if query.mode is Mode.AS_REPORTED or query.comparison is Comparison.CLOSED:
        detail = (
            "What was kept is told by the practice area, attorneys and group it was kept with: leave out "
            "`attributes=at_event`, or `mode=as_reported` and `compare=closed`."
        )
        raise QuestionNotUnderstood("attributes", detail, "meaningless_combination")
    unfit = [metric.title for metric in metrics if not all(tells_events(each.source) for each in metric.uses())]
    if unfit:
        detail = (
            f"{', '.join(unfit)} is told only by the practice area, attorneys and group a matter has today: leave out "
            "`attributes=at_event`, or ask without it."
        )
        raise QuestionNotUnderstood("attributes", detail, "meaningless_combination")


def _check_details(query: Query) -> None:
    for name in query.details:
        detail = find_detail(name)
        if detail is None:
            offered = [each.key for each in list_details() if each.dimension in query.dimensions]
            instead = f"There are {_listed(offered)}." if offered else "None of what is asked by has details."
            raise QuestionNotUnderstood("details", f"There is no detail {name[:60]}. {instead}", "unknown_detail")
        if detail.dimension not in query.dimensions:
            words = f"{name} stands beside rows of the dimension {detail.dimension}: name that too, or leave it out."
            raise QuestionNotUnderstood("details", words, "unknown_detail")


def _check_order(query: Query, metrics: Sequence[Metric]) -> None:
    by = query.order.by
    items = [f"{metric.name}.{name}" for metric in metrics for name in metric.items]
    if by and by not in (*items, *(each.name for each in metrics), *query.dimensions):
        detail = f"There is no column {by[:60]} to sort by. There are {_listed((*query.dimensions, *items))}."
        raise QuestionNotUnderstood("sort", detail, "unknown_column")
