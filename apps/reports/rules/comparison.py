"""The period another is set beside (kpis.md K46)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal

from apps.reports.contracts import Comparison, Period
from apps.reports.rules.periods import add_months, twelve_months_before

_WIDE = Context(prec=200)
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

    Whole months, quarters and years are set beside whole ones, a running period beside the same number of elapsed days
    of the earlier one, and of any other span a year before both ends are moved, 29 February to the 28th. The trailing
    12 months are as many periods of the period's own length as fill them, so they are offered for months, quarters,
    half-years and years.
    """
    if comparison is Comparison.CLOSED:
        return (Compared(period),)
    if comparison is Comparison.PRIOR_YEAR:
        return (_year_before(period),)
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


def change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """Return the change in percent, unrounded; None where there is nothing to divide by."""
    if now is None or then is None or then == 0:
        return None
    return _WIDE.divide(_WIDE.multiply(_WIDE.subtract(now, then), Decimal(100)), abs(then))


def difference(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """Return the later figure less the earlier one, unrounded; None where one of them is missing."""
    return None if now is None or then is None else _WIDE.subtract(now, then)


def _year_before(period: Period) -> Compared:
    if _whole_months(period):
        return _months_back(period, 12)
    first, whole_end = twelve_months_before(period.starts_on), twelve_months_before(period.ends_whole_on)
    if _is_to_the_same_date(period):
        first = twelve_months_before(whole_end) + timedelta(days=1)
    return Compared(_cut(period, first, whole_end), months=12)


def _back(period: Period, steps: int) -> Compared:
    """Return the period some lengths earlier: whole months by months, 12 months to a day by years, others by days."""
    months = _whole_months(period)
    if months:
        return _months_back(period, months * steps)
    if _is_to_the_same_date(period):
        whole_end = twelve_months_before(period.ends_whole_on, years=steps)
        first = twelve_months_before(whole_end) + timedelta(days=1)
        return Compared(_cut(period, first, whole_end), months=12 * steps)
    days = ((period.ends_whole_on - period.starts_on).days + 1) * steps
    back = timedelta(days=days)
    earlier = _named(period, period.starts_on - back, period.ends_on - back, period.ends_whole_on - back)
    return Compared(earlier, days=days)


def _months_back(period: Period, months: int) -> Compared:
    first = add_months(period.starts_on, -months)
    whole_end = add_months(first, _whole_months(period)) - timedelta(days=1)
    return Compared(_cut(period, first, whole_end), months=months)


def _cut(period: Period, first: date, whole_end: date) -> Period:
    """Return the earlier period: whole beside a whole one, else as many days of it as have elapsed of the later."""
    is_over = period.ends_on == period.ends_whole_on and period.name not in _TO_DATE
    last = whole_end if is_over else min(first + (period.ends_on - period.starts_on), whole_end)
    return _named(period, first, last, whole_end)


def _named(period: Period, first: date, last: date, whole_end: date) -> Period:
    return Period(f"{first.isoformat()}..{last.isoformat()}", first, last, whole_end, period.today)


def _is_to_the_same_date(period: Period) -> bool:
    """Tell whether it is 12 months to a day (R4)."""
    return period.starts_on == twelve_months_before(period.ends_whole_on) + timedelta(days=1)


def _whole_months(period: Period) -> int:
    """Return how many whole calendar months the period is or, to date, will be; 0 if it is something else."""
    if period.name in _TO_DATE:
        return _TO_DATE[period.name]
    following = period.ends_whole_on + timedelta(days=1)
    if period.starts_on.day != 1 or following.day != 1:
        return 0
    return (following.year - period.starts_on.year) * 12 + following.month - period.starts_on.month
