"""Keep the forecast of collections of each quarter as it was made, and score it when its weeks are over (K45)."""

import logging
from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.accounts.interface import list_firm_ids
from apps.core.jobs import enqueue
from apps.core.money import to_minor
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports import jobs
from apps.reports.contracts import Grain
from apps.reports.contracts.forecast import Forecast
from apps.reports.models import ForecastWeekKept
from apps.reports.queries.forecast import sum_came_in
from apps.reports.queries.kept_forecasts import find_newest, list_unscored
from apps.reports.queries.sources.reading import piece_of
from apps.reports.rules.forecast import WEEKS
from apps.reports.services.compute_forecast import compute_forecast
from apps.reports.services.find_standing import Standing, find_standing

logger = logging.getLogger(__name__)


def request_forecasts() -> int:
    """Promise to look after the forecasts of every firm; return how many were promised anew."""
    promised = 0
    for firm_id in list_firm_ids():
        with tenant(firm_id):
            promised += enqueue(jobs.KEEP_FORECAST, firm_id=firm_id, dedupe_key="daily") is not None
    return promised


def keep_forecasts(*, firm_id: int, now: datetime) -> int:
    """Score what is due, then keep a forecast in every currency that has none in this fiscal quarter.

    Return how many forecasts were kept or scored. Twice a day is once. Without a ledger that is ready, and with less
    than a year of bills, there is nothing to keep; a later day of the quarter does it.
    """
    scope = Scope.system(firm_id, "forecasts kept each quarter")
    with tenant(firm_id):
        standing = find_standing(scope=scope, period="today", now=now)
        if standing.ledger is None or standing.status != "ready":
            return 0
        scored = _score(scope, standing.period.today, now)
        made = sum(_keep(scope, standing, currency, now) for currency in standing.ledger.currencies)
    if scored or made:
        logger.info("reports.forecasts_kept", extra={"firm_id": firm_id, "made": made, "scored": scored})
    return scored + made


def _keep(scope: Scope, standing: Standing, currency: str, now: datetime) -> bool:
    quarter = piece_of(standing.period.today, Grain.QUARTER, standing.calendar)
    newest = find_newest(firm_id=scope.firm_id, currency=currency)
    if newest is not None and newest >= quarter:
        return False
    found = compute_forecast(scope=scope, currency=currency, now=now)
    rows = _rows(scope.firm_id, found, now)
    # Two jobs at once keep the same: the second finds the rows of the first.
    ForecastWeekKept.objects.bulk_create(rows, ignore_conflicts=True)
    return bool(rows)


def _rows(firm_id: int, found: Forecast, now: datetime) -> list[ForecastWeekKept]:
    def minor(amount: Decimal) -> int:
        return to_minor(amount, found.currency)

    return [
        ForecastWeekKept(
            firm_id=firm_id,
            currency=found.currency,
            made_on=found.made_on,
            starts_on=week.starts_on,
            method_version=found.method_version,
            from_receivables=minor(week.from_receivables),
            from_unbilled=minor(week.from_unbilled),
            total=minor(week.total),
            low=None if week.low is None else minor(week.low),
            high=None if week.high is None else minor(week.high),
            made_at=now,
        )
        for week in found.weeks
    ]


def _score(scope: Scope, today: date, now: datetime) -> int:
    """Note what each week brought of the forecasts whose last week is over."""
    due = list_unscored(firm_id=scope.firm_id, made_before=today - timedelta(days=7 * WEEKS))
    for currency, made_on, weeks in due:
        brought = sum_came_in(scope=scope, currency=currency, day=made_on, weeks=weeks)
        kept = ForecastWeekKept.objects.filter(firm_id=scope.firm_id, currency=currency, made_on=made_on)
        for week, amount in zip(kept.order_by("starts_on"), brought, strict=True):
            week.came_in, week.scored_at = amount, now
            week.save(update_fields=["came_in", "scored_at"])
    return len(due)
