"""The period another is set beside (kpis.md K46)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from apps.reports.contracts import Comparison, Period
from apps.reports.rules.periods import add_months, twelve_months_before

_TENTH = Decimal("0.1")
# How long what runs to date will have been once it is over.
_TO_DATE = {"month_to_date": 1, "quarter_to_date": 3, "year_to_date": 12}


@dataclass(frozen=True, slots=True)
class Compared:
    """The earlier period, and by how many months (for odd spans: days) its days are moved to fall on the later."""

    period: Period
    months: int = 0
    days: int = 0


def periods_before(period: Period, comparison: Comparison) -> tuple[Compared, ...]:
    """Return the periods to compare with, the latest first; none where the comparison is not offered for the period.

    For a running period each is the same number of elapsed days of the earlier one. The trailing 12 months are as many
    periods of the period's own length as fill them, so they are offered for months, quarters, half-years and years.
    """
    if comparison is Comparison.PRIOR_YEAR:
        first, last = twelve_months_before(period.starts_on), twelve_months_before(period.ends_on)
        return (Compared(_named(period, first, last, twelve_months_before(period.ends_whole_on)), months=12),)
    periods = {Comparison.PRIOR_PERIOD: 1, Comparison.AVERAGE_OF_3: 3}.get(comparison)
    if periods is None:
        months = _whole_months(period)
        periods = 12 // months if months and 12 % months == 0 else 0
    return tuple(_back(period, steps) for steps in range(1, periods + 1))


def span_of(compared: Sequence[Compared]) -> Period:
    """Return the one period that several lie in."""
    latest, earliest = compared[0].period, compared[-1].period
    return _named(latest, earliest.starts_on, latest.ends_on, latest.ends_whole_on)


def is_new(now: Decimal | None, then: Decimal | None) -> bool:
    """Tell whether there was nothing before and is something now: no percentage says that."""
    return then == 0 and now is not None and now != 0


def _back(period: Period, steps: int) -> Compared:
    """Return the period some lengths earlier: whole months by months, any other span by days."""
    months = _whole_months(period)
    if not months:
        days = ((period.ends_whole_on - period.starts_on).days + 1) * steps
        back = timedelta(days=days)
        return Compared(
            _named(period, period.starts_on - back, period.ends_on - back, period.ends_whole_on - back), days=days
        )
    first = add_months(period.starts_on, -months * steps)
    whole_end = add_months(first, months) - timedelta(days=1)
    elapsed = period.ends_on - period.starts_on
    is_over = period.ends_on == period.ends_whole_on and period.name not in _TO_DATE
    last = whole_end if is_over else min(first + elapsed, whole_end)
    return Compared(_named(period, first, last, whole_end), months=months * steps)


def change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """Return the change in percent to 0.1, halves away from zero; None where there is nothing to divide by."""
    if now is None or then is None or then == 0:
        return None
    return ((now - then) * 100 / abs(then)).quantize(_TENTH, ROUND_HALF_UP)


def _named(period: Period, first: date, last: date, whole_end: date) -> Period:
    return Period(f"{first.isoformat()}..{last.isoformat()}", first, last, whole_end, period.today)


def _whole_months(period: Period) -> int:
    """Return how many whole calendar months the period is or, to date, will be; 0 if it is something else."""
    if period.name in _TO_DATE:
        return _TO_DATE[period.name]
    following = period.ends_whole_on + timedelta(days=1)
    if period.starts_on.day != 1 or following.day != 1:
        return 0
    return (following.year - period.starts_on.year) * 12 + following.month - period.starts_on.month
