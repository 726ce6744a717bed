"""Check a question to the metric layer: what it names is there, fits together, and is the reader's to see."""

from collections.abc import Collection, Sequence

from apps.core.access import Extra
from apps.reports.contracts import Attributes, Comparison, Mode, Query
from apps.reports.errors import MetricNotPermitted, QuestionNotUnderstood
from apps.reports.metrics.as_reported import as_reported, kept_of
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.details import find_detail
from apps.reports.queries.sources import tells_events
from apps.reports.queries.sources.rows import AT_EVENT

MOST_DIMENSIONS = 3


def check_query(query: Query, permissions: Collection[Extra]) -> tuple[Metric, ...]:
    """Return the metrics a question asks for, as its reader may see them and with what its mode has of them.

    Raises MetricNotPermitted, and QuestionNotUnderstood naming the field where metrics, dimensions, filters, details or
    order are unknown or mean nothing together, and where a metric has no figures in the mode asked for.
    """
    metrics = tuple(find_metric(name, permissions) for name in query.metrics)
    if not metrics:
        raise QuestionNotUnderstood("metrics", "Name at least one metric.", "required")
    metrics = _in_mode(query, metrics)
    _check_dimensions(query, metrics)
    _check_attributes(query, metrics)
    _check_details(query)
    _check_order(query, metrics)
    return metrics


def find_metric(name: str, permissions: Collection[Extra]) -> Metric:
    """Return a metric as a reader may see it. Raises QuestionNotUnderstood, MetricNotPermitted."""
    metric = BY_NAME.get(name)
    if metric is None:
        raise QuestionNotUnderstood("metrics", f"There is no metric {name}.", "unknown_metric")
    lacking = metric.lacking(permissions)
    if lacking:
        raise MetricNotPermitted(name, metric.title, lacking)
    return metric.for_reader(permissions)


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


def _in_mode(query: Query, metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """Return the metrics with the items there are in the mode: beside closed months those that a close keeps.

    Refuses as reported what neither a day's snapshot nor a closed month keeps, and restated what is made of snapshots.
    """
    if query.comparison is Comparison.CLOSED:
        kept = [kept_of(metric) for metric in metrics]
        _refuse_empty(kept, "compare", "not a figure of a period, so no closed month keeps it.", "not_closed")
        return tuple(kept)
    if query.mode is Mode.AS_REPORTED:
        by = (*query.dimensions, *query.filters)
        kept, why = (
            [as_reported(metric, by) for metric in metrics],
            "not kept day by day nor by closed months, so there is",
        )
        _refuse_empty(kept, "mode", f"{why} no figure as reported.", "not_as_reported")
        return tuple(kept)
    unfit = ", ".join(metric.title for metric in metrics if metric.only_as_reported)
    if unfit:
        raise QuestionNotUnderstood("mode", f"{unfit}: only as_reported.", "only_as_reported")
    return tuple(metrics)


def _refuse_empty(metrics: Sequence[Metric], field: str, why: str, code: str) -> None:
    unfit = ", ".join(metric.title for metric in metrics if not metric.items)
    if unfit:
        raise QuestionNotUnderstood(field, f"{unfit}: {why}", code)


def _check_attributes(query: Query, metrics: Sequence[Metric]) -> None:
    """Refuse attributes as at the event where a figure is made of more than rows with a day of their own."""
    if query.attributes is Attributes.TODAY or not AT_EVENT.keys() & {*query.dimensions, *query.filters}:
        return
    if query.mode is Mode.AS_REPORTED or query.comparison is Comparison.CLOSED:
        detail = "What was kept is told by the practice area, attorneys and group it was kept with."
        raise QuestionNotUnderstood("attributes", detail, "meaningless_combination")
    unfit = [metric.title for metric in metrics if not all(tells_events(each.source) for each in metric.uses())]
    if unfit:
        detail = f"{', '.join(unfit)}: told by today's practice area, attorneys and group only."
        raise QuestionNotUnderstood("attributes", detail, "meaningless_combination")


def _check_details(query: Query) -> None:
    for name in query.details:
        detail = find_detail(name)
        if detail is None or detail.dimension not in query.dimensions:
            raise QuestionNotUnderstood("details", f"No dimension asked for has a detail {name}.", "unknown_detail")


def _check_order(query: Query, metrics: Sequence[Metric]) -> None:
    by = query.order.by
    known = {f"{metric.name}.{name}" for metric in metrics for name in metric.items} | {each.name for each in metrics}
    if by and by not in known and by not in query.dimensions:
        raise QuestionNotUnderstood("sort", f"There is no column {by} to sort by.", "unknown_column")
