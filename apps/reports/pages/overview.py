"""The firm's key figures of a period on a page: the same answer as the API's, in the visitor's scope."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.tenancy import tenant
from apps.reports.contracts import Figures, Unit
from apps.reports.metrics.catalogue import MONEY_METRICS, TIME_METRICS
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.compute_overview import compute_overview
from apps.reports.services.find_standing import DEFAULT_PERIOD

_PERIODS = {
    "this_month": "This month",
    "last_month": "Last month",
    "this_quarter": "This quarter",
    "this_year": "This year",
}
_SEES = {"whole_firm": "the whole firm", "subset": "the parts of the firm you may see", "self": "your own work"}


@firm_page
def overview_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show the figures of one of a few periods; anything else asked for is this month."""
    wanted = request.GET.get("period", DEFAULT_PERIOD)
    wanted = wanted if wanted in _PERIODS else DEFAULT_PERIOD
    with tenant(visit.firm_id, read_only=True):
        overview = compute_overview(scope=as_merged(visit.access.scope), period=wanted, now=timezone.now())
    context = {
        "overview": overview,
        "sees": _SEES[overview.scope],
        "periods": [
            {"label": label, "address": f"{visit.address('overview-page')}&period={name}", "is_here": name == wanted}
            for name, label in _PERIODS.items()
        ],
        "hours": _rows(TIME_METRICS, overview.time, ""),
        "currencies": [
            {"currency": each.currency, "rows": _rows(MONEY_METRICS, each.metrics, each.currency)}
            for each in overview.currencies
        ],
    }
    return answer_in_frame(request, visit, "reports/overview.html", context)


def _rows(metrics: Iterable[Metric], figures: Mapping[str, Figures], currency: str) -> list[dict[str, object]]:
    return [
        {"title": metric.title, "question": metric.question, "items": _items(metric, figures[metric.name], currency)}
        for metric in metrics
        if metric.name in figures
    ]


def _items(metric: Metric, figures: Figures, currency: str) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " "), _in_words(figures[name], item.unit, currency)) for name, item in metric.items.items()
    ]


def _in_words(figure: Decimal | None, unit: Unit, currency: str) -> str:
    if figure is None:
        return "—"
    if unit is Unit.MONEY:
        return f"{figure:,} {currency}"
    return f"{figure:,}%" if unit is Unit.PERCENT else f"{figure:,} h"
