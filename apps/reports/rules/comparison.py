"""The period another is set beside (kpis.md K46)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from apps.reports.contracts import Comparison, Period
from apps.reports.rules.periods import add_months, twelve_months_before

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Compared:
    """The earlier period, and by how many months (for odd spans: days) its days are moved to fall on the later."""

    period: Period
    months: int = 0
    days: int = 0


def period_before(period: Period, comparison: Comparison) -> Compared:
    """Return the period to compare with: for a running period the same number of elapsed days of the earlier one.

    Whole months are compared with as many whole months before them; any other span with the days before it.
    """
    if comparison is Comparison.PRIOR_YEAR:
        first, last = twelve_months_before(period.starts_on), twelve_months_before(period.ends_on)
        return Compared(_named(period, first, last, twelve_months_before(period.ends_whole_on)), months=12)
    months = _whole_months(period)
    if not months:
        days = (period.ends_whole_on - period.starts_on).days + 1
        back = timedelta(days=days)
        return Compared(
            _named(period, period.starts_on - back, period.ends_on - back, period.ends_whole_on - back), days=days
        )
    first, whole_end = add_months(period.starts_on, -months), period.starts_on - timedelta(days=1)
    elapsed = period.ends_on - period.starts_on
    last = whole_end if period.ends_on == period.ends_whole_on else min(first + elapsed, whole_end)
    return Compared(_named(period, first, last, whole_end), months=months)


def change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """Return the change in percent to 0.1, halves away from zero; None where there is nothing to divide by."""
    if now is None or then is None or then == 0:
        return None
    return ((now - then) * 100 / abs(then)).quantize(_TENTH, ROUND_HALF_UP)


def _named(period: Period, first: date, last: date, whole_end: date) -> Period:
    return Period(f"{first.isoformat()}..{last.isoformat()}", first, last, whole_end, period.today)


def _whole_months(period: Period) -> int:
    """Return how many whole calendar months the period is, 0 if it is something else."""
    following = period.ends_whole_on + timedelta(days=1)
    if period.starts_on.day != 1 or following.day != 1:
        return 0
    return (following.year - period.starts_on.year) * 12 + following.month - period.starts_on.month
