"""Check a question to the metric layer: what it names is there, fits together, and is the reader's to see."""

from collections.abc import Collection, Sequence

from apps.core.access import Extra
from apps.reports.contracts import Query
from apps.reports.errors import MetricNotPermitted, QuestionNotUnderstood
from apps.reports.metrics.catalogue import BY_NAME
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.details import find_detail

MOST_DIMENSIONS = 3


def check_query(query: Query, permissions: Collection[Extra]) -> tuple[Metric, ...]:
    """Return the metrics a question asks for, as its reader may see them.

    Raises MetricNotPermitted, and QuestionNotUnderstood naming the field where metrics, dimensions, filters, details or
    order are unknown or mean nothing together.
    """
    metrics = tuple(find_metric(name, permissions) for name in query.metrics)
    if not metrics:
        raise QuestionNotUnderstood("metrics", "Name at least one metric.", "required")
    _check_dimensions(query, metrics)
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
