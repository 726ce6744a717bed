"""What every figure needs first: the firm's calendar, the period asked for, how current mirror and ledger are."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.interface import FirmProfile, get_firm_profile
from apps.clio.interface import ConnectionStatus, sync_state
from apps.core.scope import Scope
from apps.reports.contracts import FirmCalendar, Freshness, LedgerState, Period
from apps.reports.errors import PeriodNotUnderstood
from apps.reports.ledger.freshness import READ_FOR, read_freshness
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.kept import get_rules
from apps.reports.queries.ledger_state import find_ledger_state
from apps.reports.rules.periods import NotAPeriod, resolve_period, today_in

DEFAULT_PERIOD = "this_month"


@dataclass(frozen=True, slots=True)
class Standing:
    """A firm, a period, and what there is to answer from. ledger: None before the first build."""

    profile: FirmProfile
    calendar: FirmCalendar
    period: Period
    freshness: Freshness
    ledger: LedgerState | None

    @property
    def status(self) -> str:
        """Return ready, loading (from connecting to the end of the first sync and build) or not_connected."""
        if self.ledger is not None and self.freshness.is_complete:
            return "ready"
        return "loading" if self.freshness.is_complete or self._is_connected else "not_connected"

    @property
    def _is_connected(self) -> bool:
        return sync_state(firm_id=self.profile.firm_id).connection is ConnectionStatus.CONNECTED

    def lacks(self, metric: Metric) -> bool:
        """Tell whether something the metric is made from is refused by Clio, or not there yet."""
        return any(READ_FOR[measure.source] & set(self.freshness.missing) for measure in metric.uses())


def find_standing(*, scope: Scope, period: str, now: datetime) -> Standing:
    """Return how things stand; call it inside the firm's read-only transaction.

    period: see rules/periods.py; an empty one is this month. now: the instant whose date in the firm's zone is today.
    Raises PeriodNotUnderstood.
    """
    profile = get_firm_profile(firm_id=scope.firm_id)
    calendar = _calendar(profile)
    today = today_in(profile.time_zone, now)
    try:
        asked = resolve_period(period or DEFAULT_PERIOD, today=today, calendar=calendar)
    except NotAPeriod as error:
        raise PeriodNotUnderstood(str(error)) from error
    return Standing(
        profile=profile,
        calendar=calendar,
        period=asked,
        freshness=read_freshness(firm_id=scope.firm_id),
        ledger=find_ledger_state(scope=scope, today=today),
    )


def _calendar(profile: FirmProfile) -> FirmCalendar:
    return FirmCalendar(
        fiscal_year_start_month=profile.fiscal_year_start_month,
        week_starts_on=profile.week_starts_on,
        working_days=profile.working_days,
        holidays=profile.holidays,
        daily_hours=profile.daily_hours,
        rules=get_rules(firm_id=profile.firm_id),
    )
