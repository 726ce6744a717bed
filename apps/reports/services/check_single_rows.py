"""Keep rows that closed months kept from who may see their figures as sums only.

Rows of today are told together where a reader may not see them one by one; kept rows are told one by one, or not.
"""

from collections.abc import Collection, Iterable

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.reports.contracts import Unit
from apps.reports.errors import MetricNotPermitted, QuestionNotUnderstood
from apps.reports.metrics.declaration import Metric
from apps.reports.metrics.parts import Part
from apps.reports.queries.sources import READABLE


def check_single_rows(*, scope: Scope, metric: Metric, parts: Iterable[Part], permissions: Collection[Extra]) -> None:
    """Refuse the kept rows behind a figure whose worth needs the permission for rates, or that are of others too.

    Raises MetricNotPermitted, QuestionNotUnderstood.
    """
    for part in parts:
        shape = READABLE[part.measure.source].shape
        if shape.fee and part.unit in (Unit.MONEY, None) and Extra.RATES not in permissions:
            raise MetricNotPermitted(metric.name, metric.title, [Extra.RATES])
        if shape.by_itself is not None and not scope.is_whole_firm:
            detail = (
                f"{metric.title}: its rows as they were kept are of others too, so who sees a part of the firm is told "
                "the figure only. Ask without `mode=as_reported` for today's rows."
            )
            raise QuestionNotUnderstood("item", detail, "whole_firm_only")
