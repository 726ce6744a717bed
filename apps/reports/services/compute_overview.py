"""The firm overview: every first-cut KPI over a period, with its months, as one person may see it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
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
from apps.reports.queries.sources.reading import Reading
from apps.reports.queries.sums import sum_measures, whole_reading
from apps.reports.services.check_query import find_currency
from apps.reports.services.find_closes import standings_of
from apps.reports.services.find_conversion import find_conversion, find_unrated, unrated_flags
from apps.reports.services.find_flags import find_flags
from apps.reports.services.find_standing import Standing, find_standing

_Sums = dict[str, Decimal | None]
_Key = tuple[str | None, date | None]


def compute_overview(*, scope: Scope, period: str, now: datetime, currency: str = "") -> Overview:
    """Return the overview of a period for a scope; call it inside the firm's read-only transaction.

    period: see rules/periods.py; an empty one is this month. now: the instant whose date in the firm's zone is today.
    currency: as of a Query; an empty one is each currency apart. Raises PeriodNotUnderstood, and QuestionNotUnderstood
    where it is none, or the firm keeps no rates to convert by. From connecting to the end of the first sync there are
    no figures and the status says "loading". What Clio refuses to the connected user is waited for no longer, but
    named.
    """
    standing = find_standing(scope=scope, period=period, now=now)
    wanted = find_currency(currency)
    conversion = find_conversion(scope=scope, standing=standing, asked=wanted)
    status = standing.status
    if standing.ledger is None or status != "ready":
        return Overview(
            status=status,
            scope=scope.kind.value,
            period=standing.period,
            data_as_of=standing.freshness,
            ledger=standing.ledger,
            conversion=conversion,
        )
    reading = whole_reading(
        scope=scope,
        period=standing.period,
        calendar=standing.calendar,
        currency=wanted.code,
        is_converted=conversion is not None,
    )
    return replace(_fill(standing, standing.ledger, reading), conversion=conversion)


def _fill(standing: Standing, state: LedgerState, reading: Reading) -> Overview:
    scope, period, freshness = reading.scope, standing.period, standing.freshness
    sums, needed = _read(reading), measures_by_source(OVERVIEW)
    currencies = [reading.currency] if reading.currency else _currencies(scope, standing.profile.currency, sums)
    unrated = find_unrated([reading], needed)
    out = {key for each in unrated for key in each.measures}
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
        incomplete=[
            metric.key
            for metric in OVERVIEW
            if hidden[metric.key] or standing.lacks(metric) or any(each.key in out for each in metric.uses())
        ],
        flags=[
            *find_flags(scope=scope, standing=standing, metrics=OVERVIEW),
            *unrated_flags(unrated, reading.currency or ""),
        ],
        closes=standings_of(firm_id=scope.firm_id, period=period),
    )


def _currencies(scope: Scope, own: str, sums: defaultdict[_Key, _Sums]) -> list[str]:
    """Return the currencies to be shown, the firm's own first."""
    told = {own, *(code for code, _ in sums if code and _is_told(scope, sums[code, None]))}
    return sorted(told, key=lambda code: (code != own, code))


def _read(reading: Reading) -> defaultdict[_Key, _Sums]:
    """Return the sums by currency and month; the whole period's are under no month, hours under no currency."""
    sums: defaultdict[_Key, _Sums] = defaultdict(dict)
    needed = measures_by_source(OVERVIEW)
    for bucket in sum_measures(whole=reading, needed=needed):
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
