"""A period beside an earlier one: which days those are, and by how much exact figures moved (K46)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.reports.recompute.answers import Question, exactly, recompute, rounded
from tests.reports.recompute.facts import Key

PERCENTS = frozenset(
    {"rate", "within_90_days", "of_standard", "maturity", "billed_rate", "collected_rate", "flat", "contingency"}
)
DAYS = frozenset({"average", "median", "full_payment_median", "full_payment_mean", "full_payment_p90", "entry_lag"})
PER_HOUR = frozenset({("effective_rate", "billed"), ("effective_rate", "collected"), ("matter_rate", "rate")})
Days = tuple[date, date]


def year_before(first: date, whole_last: date, today: date) -> Days:
    """Return the same days of the year before: all of a month for a month, as many as went by for a running one."""
    earlier = same_day(first), same_day(whole_last)
    if first.day == 1 and (whole_last + timedelta(1)).day == 1:
        following = whole_last + timedelta(1)
        earlier = same_day(first), date(following.year - 1, following.month, 1) - timedelta(1)
    if today < whole_last:
        earlier = earlier[0], min(earlier[1], earlier[0] + (today - first))
    return earlier


def month_before(first: date, whole_last: date, today: date) -> Days:
    """Return the month before a month, or as many days of it as went by."""
    last = first - timedelta(1)
    start = last.replace(day=1)
    return (start, last) if today >= whole_last else (start, min(last, start + (today - first)))


def same_day(day: date) -> date:
    return date(day.year - 1, 2, 28) if day.month == 2 and day.day == 29 else date(day.year - 1, day.month, day.day)


def changes(metric: str, now: Question, then: Question, dimension: str = "") -> dict[tuple[Key, str], Decimal | None]:
    """Return by key and item how much a metric moved, rounded only now; keys of one period alone are left out."""
    with exactly():
        later, earlier = recompute(metric, now, dimension), recompute(metric, then, dimension)
    return {
        (key, item): moved(metric, item, value, earlier[key][item], now.code)
        for key in later.keys() & earlier.keys()
        for item, value in later[key].items()
    }


def moved(metric: str, item: str, now: Decimal | None, then: Decimal | None, code: str) -> Decimal | None:
    """Return the difference of what is a ratio in its own unit, and the change of an amount in percent."""
    if now is None or then is None:
        return None
    after, before = Fraction(now), Fraction(then)
    if is_percent(metric, item) or (item in DAYS and metric in ("days_to_bill", "days_to_pay", "capture")):
        tenths: Decimal = rounded(after - before, 1)
        return tenths
    if (metric, item) in PER_HOUR:
        money: Decimal = rounded(after - before, 0 if code == "JPY" else 2)
        return money
    percent: Decimal | None = rounded((after - before) / abs(before) * 100, 1) if before else None
    return percent


def is_percent(metric: str, item: str) -> bool:
    is_rate = item in PERCENTS or item.endswith("_rate") or item == "rate_of_bills"
    return is_rate and (metric, item) not in PER_HOUR
