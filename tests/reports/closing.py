"""Closed months in tests: closing them, and every figure of a closed period, as plainly as a test wants it."""

from datetime import date, datetime
from typing import Any

from apps.core.scope import Scope
from apps.reports.contracts import Dimension, Mode
from apps.reports.contracts.overview import Figures
from apps.reports.metrics.as_reported import is_of_closed_months
from apps.reports.metrics.catalogue import CATALOGUE
from apps.reports.services.close_month import close_month
from tests.reports.asking import ask

FLOWS = tuple(metric for metric in CATALOGUE if any(is_of_closed_months(item) for item in metric.items.values()))
_KEPT = {
    f"{metric.name}.{name}" for metric in FLOWS for name, item in metric.items.items() if is_of_closed_months(item)
}
# Of these a close keeps some items only; a row may be there for another one.
_PARTLY = {metric.name for metric in FLOWS if not {f"{metric.name}.{name}" for name in metric.items} <= _KEPT}
DIMENSIONS = (
    None, Dimension.TIMEKEEPER, Dimension.MATTER, Dimension.CLIENT, Dimension.PRACTICE_AREA, Dimension.RESPONSIBLE,
    Dimension.ROLE, Dimension.BILL, Dimension.METHOD, Dimension.CATEGORY, Dimension.FEE_EXPENSE, Dimension.STATUS,
    Dimension.PAYER, Dimension.BILLING_METHOD, Dimension.COST_KIND, Dimension.BANK_ACCOUNT, Dimension.GROUP,
)  # fmt: skip


def close(cast: Any, months: list[str], now: datetime) -> None:
    """Close months of the cast's firm."""
    for month in months:
        close_month(
            firm_id=cast.firm.firm_id,
            actor_id=cast.owner.pk,
            month=date.fromisoformat(f"{month}-01"),
            now=now,
        )


def every_figure(
    firm_id: int, period: str, on: date, mode: Mode, scope: Scope | None = None, **more: Any
) -> dict[Any, Any]:
    """Return all figures of a period by metric, dimension, key and piece, with those metrics that met hidden rows."""
    found: dict[Any, Any] = {}
    for dimension in DIMENSIONS:
        whole = [metric for metric in FLOWS if metric.name not in _PARTLY]
        metrics = [metric.name for metric in FLOWS if dimension is None]
        metrics = metrics or [metric.name for metric in whole if dimension in metric.dims]
        if not metrics:
            continue
        dimensions = (dimension,) if dimension else ()
        answer = ask(firm_id, *metrics, period=period, on=on, mode=mode, scope=scope, dimensions=dimensions, **more)
        rows = [*answer.rows, *([answer.total] if answer.total else [])]
        for row in rows:
            series = {day: kept for day, each in row.series.items() if (kept := _kept(each))}
            found[dimension, row.keys] = (_kept(row.figures), series)
        found[dimension, "incomplete"] = [name for name in answer.incomplete if name not in _PARTLY]
    return found


def _kept(figures: Figures) -> Figures:
    return {key: value for key, value in figures.items() if key in _KEPT}


def moved(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, Any]:
    """Return what differs between two such sets of figures."""
    return {key: (before.get(key), after.get(key)) for key in {**before, **after} if before.get(key) != after.get(key)}
