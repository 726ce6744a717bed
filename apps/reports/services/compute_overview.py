"""The firm overview: every first-cut KPI over a period, with its months, as one person may see it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from apps.core.scope import Scope
from apps.reports.contracts import (
    Bucket,
    CurrencyFigures,
    Figures,
    LedgerState,
    MonthFigures,
    Overview,
)
from apps.reports.metrics.catalogue import MONEY_METRICS, OVERVIEW, TIME_METRICS, measures_by_source
from apps.reports.metrics.declaration import Metric
from apps.reports.metrics.evaluate import count_hidden, evaluate
from apps.reports.queries.hidden_rows import count_hidden_rows
from apps.reports.queries.sums import sum_measures
from apps.reports.services.find_closes import standings_of
from apps.reports.services.find_flags import find_flags
from apps.reports.services.find_standing import Standing, find_standing

_Sums = dict[str, Decimal | None]
_Key = tuple[str | None, date | None]


def compute_overview(*, scope: Scope, period: str, now: datetime) -> Overview:
    """Return the overview of a period for a scope; call it inside the firm's read-only transaction.

    period: see rules/periods.py; an empty one is this month. now: the instant whose date in the firm's zone is today.
    Raises PeriodNotUnderstood. From connecting to the end of the first sync there are no figures and the status says
    "loading". What Clio refuses to the connected user is waited for no longer, but named.
    """
    standing = find_standing(scope=scope, period=period, now=now)
    status = standing.status
    if standing.ledger is None or status != "ready":
        return Overview(
            status=status,
            scope=scope.kind.value,
            period=standing.period,
            data_as_of=standing.freshness,
            ledger=standing.ledger,
        )
    return _fill(scope, standing, standing.ledger)


def _fill(scope: Scope, standing: Standing, state: LedgerState) -> Overview:
    profile, period, freshness = standing.profile, standing.period, standing.freshness
    sums = _read(scope, standing)
    currencies = sorted(
        {profile.currency, *(code for code, _ in sums if code and _is_told(scope, sums[code, None]))},
        key=lambda code: (code != profile.currency, code),
    )
    whole = [sums[None, None], *(sums[code, None] for code in currencies)]
    hidden = {metric.key: sum(count_hidden(metric, each) for each in whole) for metric in OVERVIEW}
    return Overview(
        status="ready",
        scope=scope.kind.value,
        period=period,
        data_as_of=freshness,
        ledger=state,
        time=_figures(TIME_METRICS, sums[None, None]),
        currencies=[CurrencyFigures(code, _figures(MONEY_METRICS, sums[code, None], code)) for code in currencies],
        months=[_month(month, currencies, sums) for month in period.months()],
        hidden_rows=count_hidden_rows(scope=scope, period=period) if any(hidden.values()) else 0,
        incomplete=[metric.key for metric in OVERVIEW if hidden[metric.key] or standing.lacks(metric)],
        flags=find_flags(scope=scope, standing=standing, metrics=OVERVIEW),
        closes=standings_of(firm_id=scope.firm_id, period=period),
    )


def _read(scope: Scope, standing: Standing) -> defaultdict[_Key, _Sums]:
    """Return the sums by currency and month; the whole period's are under no month, hours under no currency."""
    sums: defaultdict[_Key, _Sums] = defaultdict(dict)
    needed = measures_by_source(OVERVIEW)
    for bucket in sum_measures(scope=scope, needed=needed, period=standing.period, calendar=standing.calendar):
        sums[bucket.currency, bucket.month].update(bucket.sums)
        if bucket.currency and bucket.month:
            _add(sums[bucket.currency, None], bucket)
    return sums


def _is_told(scope: Scope, sums: _Sums) -> bool:
    """Tell whether a currency is shown: to who sees a part of the firm only where that part has money in it."""
    return scope.is_whole_firm or any(sums.values())


def _add(total: _Sums, bucket: Bucket) -> None:
    for key, amount in bucket.sums.items():
        total[key] = (total.get(key) or Decimal(0)) + (amount or 0)


def _month(month: date, currencies: Iterable[str], sums: defaultdict[_Key, _Sums]) -> MonthFigures:
    dated = [metric for metric in MONEY_METRICS if metric.has_months]
    not_offered: _Sums = {key: amount for key, amount in sums[None, None].items() if amount is None}
    return MonthFigures(
        month=month,
        time=_figures(TIME_METRICS, not_offered | sums[None, month]),
        currencies=[CurrencyFigures(code, _figures(dated, sums[code, month], code)) for code in currencies],
    )


def _figures(metrics: Iterable[Metric], sums: _Sums, currency: str = "") -> dict[str, Figures]:
    return {metric.name: evaluate(metric, sums, currency) for metric in metrics}
