"""The firm overview: every first-cut KPI over a period, with its months, as one person may see it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from apps.accounts.interface import FirmProfile, get_firm_profile
from apps.clio.interface import ConnectionStatus, sync_state
from apps.core.scope import Scope
from apps.reports.contracts import (
    Bucket,
    CurrencyFigures,
    Figures,
    FirmCalendar,
    Freshness,
    LedgerState,
    MonthFigures,
    Overview,
    Period,
    QualityFlag,
)
from apps.reports.errors import PeriodNotUnderstood
from apps.reports.ledger.freshness import READ_FOR, read_freshness
from apps.reports.metrics.catalogue import MONEY_METRICS, OVERVIEW, TIME_METRICS, measures_by_source
from apps.reports.metrics.declaration import Metric
from apps.reports.metrics.evaluate import count_hidden, evaluate
from apps.reports.queries.hidden_rows import count_hidden_rows
from apps.reports.queries.ledger_state import find_ledger_state
from apps.reports.queries.sums import sum_measures
from apps.reports.rules.periods import NotAPeriod, resolve_period, today_in

_Sums = dict[str, Decimal | None]
_Key = tuple[str | None, date | None]
DEFAULT_PERIOD = "this_month"


def compute_overview(*, scope: Scope, period: str, now: datetime) -> Overview:
    """Return the overview of a period for a scope; call it inside the firm's read-only transaction.

    period: see rules/periods.py; an empty one is this month. now: the instant whose date in the firm's zone is today.
    Raises PeriodNotUnderstood. From connecting to the end of the first sync there are no figures and the status says
    "loading". What Clio refuses to the connected user is waited for no longer, but named.
    """
    profile = get_firm_profile(firm_id=scope.firm_id)
    asked = _resolve(period or DEFAULT_PERIOD, profile, now)
    freshness = read_freshness(firm_id=scope.firm_id)
    state = find_ledger_state(scope=scope, today=asked.today)
    if state is None or not freshness.is_complete:
        status = "loading" if freshness.is_complete or _is_connected(scope.firm_id) else "not_connected"
        return Overview(status=status, scope=scope.kind.value, period=asked, data_as_of=freshness, ledger=state)
    return _fill(scope, profile, asked, freshness, state)


def _is_connected(firm_id: int) -> bool:
    return sync_state(firm_id=firm_id).connection is ConnectionStatus.CONNECTED


def _resolve(text: str, profile: FirmProfile, now: datetime) -> Period:
    calendar = FirmCalendar(profile.fiscal_year_start_month, profile.week_starts_on)
    today = today_in(profile.time_zone, now)
    try:
        return resolve_period(text, today=today, calendar=calendar)
    except NotAPeriod as error:
        raise PeriodNotUnderstood(str(error)) from error


def _fill(scope: Scope, profile: FirmProfile, period: Period, freshness: Freshness, state: LedgerState) -> Overview:
    sums = _read(scope, period)
    currencies = sorted(
        {profile.currency, *(key[0] for key in sums if key[0])}, key=lambda code: (code != profile.currency, code)
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
        incomplete=[metric.key for metric in OVERVIEW if hidden[metric.key] or _lacks(metric, freshness)],
        flags=[*_refusals(freshness), *(_flags(state) if scope.is_whole_firm else ())],
    )


def _read(scope: Scope, period: Period) -> defaultdict[_Key, _Sums]:
    """Return the sums by currency and month; the whole period's are under no month, hours under no currency."""
    sums: defaultdict[_Key, _Sums] = defaultdict(dict)
    for source, measures in measures_by_source(OVERVIEW).items():
        for bucket in sum_measures(scope=scope, source=source, measures=measures, period=period):
            sums[bucket.currency, bucket.month].update(bucket.sums)
            if bucket.currency and bucket.month:
                _add(sums[bucket.currency, None], bucket)
    return sums


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


def _lacks(metric: Metric, freshness: Freshness) -> bool:
    """Tell whether Clio refuses something the KPI is made from."""
    return any(READ_FOR[measure.source] & set(freshness.refused) for measure in metric.uses())


def _refusals(freshness: Freshness) -> list[QualityFlag]:
    if not freshness.refused:
        return []
    names = ", ".join(entity.replace("_", " ") for entity in freshness.refused)
    text = f"Clio refuses these records to the connected user, figures lack them: {names}."
    return [QualityFlag("refused_by_clio", len(freshness.refused), text)]


def _flags(state: LedgerState) -> list[QualityFlag]:
    found = (
        ("unreconciled_bills", state.unreconciled_bills, "Bills whose lines do not add up to what Clio says is due."),
        ("unbalanced_bills", state.unbalanced_bills, "Bills whose balance is not due less payments and credits."),
        ("hidden_rows", state.hidden_rows, "Entries whose hours or amounts Clio hides from the connected user."),
        ("future_rows", state.future_rows, "Records dated after today, left out of every figure."),
    )
    return [QualityFlag(*flag) for flag in found if flag[1]]
