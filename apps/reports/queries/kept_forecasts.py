"""Forecasts that were kept: which are due to be scored, and how the scored ones did."""

from datetime import date

from django.db.models import Count, Max, Min, Sum

from apps.core.money import from_minor
from apps.core.scope import Scope
from apps.reports.contracts.forecast import PastForecast
from apps.reports.models import ForecastWeekKept


def list_scored(*, scope: Scope, currency: str, at_most: int) -> tuple[PastForecast, ...]:
    """Return the scored forecasts of the whole firm, the latest first; whoever sees a part of the firm has none."""
    if not scope.is_whole_firm:
        return ()
    rows = (
        ForecastWeekKept.objects.filter(firm_id=scope.firm_id, currency=currency, scored_at__isnull=False)
        .values("made_on")
        .annotate(expected=Sum("total"), brought=Sum("came_in"), method=Min("method_version"))
        .order_by("-made_on")[:at_most]
    )
    return tuple(
        PastForecast(
            made_on=row["made_on"],
            expected=from_minor(row["expected"], currency),
            came_in=from_minor(row["brought"], currency),
            is_back_test=False,
            method_version=row["method"],
        )
        for row in rows
    )


def find_newest(*, firm_id: int, currency: str) -> date | None:
    """Return the day the newest kept forecast was made on, or None."""
    found: date | None = ForecastWeekKept.objects.filter(firm_id=firm_id, currency=currency).aggregate(
        newest=Max("made_on")
    )["newest"]
    return found


def list_unscored(*, firm_id: int, made_before: date) -> list[tuple[str, date, int]]:
    """Return (currency, day it was made on, weeks) of the forecasts before a day that nobody scored."""
    rows = (
        ForecastWeekKept.objects.filter(firm_id=firm_id, scored_at__isnull=True, made_on__lt=made_before)
        .values_list("currency", "made_on")
        .annotate(weeks=Count("id"))
        .order_by("made_on", "currency")
    )
    return list(rows)
