"""Questions to the metric layer, as plainly as a test wants to put them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from apps.core.access import Extra
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts import Answer, Dimension, Page, Query
from apps.reports.services.compute_answer import compute_answer

Items = dict[str, Decimal | None]


def ask(firm_id: int, *metrics: str, period: str, on: date, scope: Scope | None = None, **more: Any) -> Answer:
    """Return the answer of a day; the firm's zone is taken for UTC."""
    query = Query(metrics=metrics, period=period, page=Page(limit=10_000), **more)
    with tenant(firm_id):
        now = datetime.combine(on, time(12), UTC)
        answer = compute_answer(
            scope=scope or Scope.whole_firm(firm_id), query=query, now=now, permissions=frozenset(Extra)
        )
    assert answer.status == "ready"
    return answer


def total_of(answer: Answer, metric: str) -> Items:
    """Return the items of a metric over all rows."""
    assert answer.total is not None
    return items_of(answer.total.figures, metric)


def rows_of(answer: Answer, metric: str) -> dict[Any, Items]:
    """Return the items of a metric by the key of the first dimension."""
    return {row.keys[0]: items_of(row.figures, metric) for row in answer.rows}


def items_of(figures: Any, metric: str) -> Items:
    """Return the figures of one metric by item."""
    return {key.partition(".")[2]: value for key, value in figures.items() if key.partition(".")[0] == metric}


def by(dimension: str) -> dict[str, Any]:
    """Return what breaks an answer down."""
    return {"dimensions": (Dimension(dimension),)}
