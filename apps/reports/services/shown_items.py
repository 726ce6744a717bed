"""What of its metrics a question wants to see: the rest is not worked out."""

from collections.abc import Sequence
from dataclasses import replace

from apps.reports.contracts import Query
from apps.reports.metrics.declaration import Metric


def shown_items(query: Query, metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """Return the metrics with the items that the question's columns name, and the one its rows are sorted by.

    A column that is a metric's name means all its items. A metric whose figures call for marks keeps all of them, for a
    mark may look at an item that is not shown.
    """
    if not query.columns:
        return tuple(metrics)
    wanted = {*query.columns, _sorted_by(query, metrics)}
    return tuple(_narrowed(metric, wanted) for metric in metrics)


def _narrowed(metric: Metric, wanted: set[str]) -> Metric:
    if metric.marks or metric.name in wanted:
        return metric
    items = {name: item for name, item in metric.items.items() if f"{metric.name}.{name}" in wanted}
    return replace(metric, items=items) if items else metric


def _sorted_by(query: Query, metrics: Sequence[Metric]) -> str:
    """Return the column that rows are sorted by; empty where that is no figure."""
    by = query.order.by
    if not by:
        by = metrics[0].name if query.dimensions else ""
    first = {metric.name: f"{metric.name}.{next(iter(metric.items), '')}" for metric in metrics}
    return first.get(by, by)
