"""Forecast collections by week, and judge it by how the same would have done before (kpis.md K45)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

from apps.core.money import from_minor
from apps.core.scope import Scope
from apps.reports.contracts import Dimension, Measure, Page, Source
from apps.reports.contracts.forecast import Forecast, ForecastWeek, PastForecast
from apps.reports.metrics.balances import UNBILLED_EXPENSES, UNBILLED_FEES
from apps.reports.metrics.billing import REALIZATION
from apps.reports.metrics.catalogue import measures_by_source
from apps.reports.metrics.evaluate import unrounded
from apps.reports.metrics.speed import DAYS_TO_BILL
from apps.reports.queries.forecast import (
    find_first_bill,
    read_billing_habits,
    read_curves,
    read_issue_dates,
    sum_came_in,
    whole_days,
)
from apps.reports.queries.kept_forecasts import list_scored
from apps.reports.queries.sources.reading import Reading, SumRow
from apps.reports.queries.sums import read_sums
from apps.reports.rules.forecast import (
    WEEKS,
    OpenBill,
    UnbilledWork,
    band,
    expect_from_bills,
    expect_from_work,
)
from apps.reports.rules.periods import add_months, twelve_months_before
from apps.reports.services.find_standing import find_standing

PAST_QUARTERS = 4
# Shares are quotients: enough digits that a cent is the same however the sums are put together.
_DIGITS, _HAIR = 60, Decimal("1e-6")
_QUARTER = timedelta(days=7 * WEEKS)
_OWED = Measure(
    "forecast_owed",
    Source.RECEIVABLE,
    "coalesce(sum(r.visible - r.visible_interest) FILTER (WHERE r.balance > 0), 0)",
)
_EVERYTHING = Page(limit=10_000_000)


@dataclass(frozen=True, slots=True)
class _Day:
    """The day a forecast is made on, for a scope and a currency; what came later is not known."""

    scope: Scope
    currency: str
    day: date

    def reading(self, *dimensions: Dimension, first: date | None = None) -> Reading:
        keys = tuple(f"k{place}" for place in range(len(dimensions)))
        return Reading(
            scope=self.scope,
            first=first or self.day,
            last=self.day,
            as_of=self.day,
            dimensions=dimensions,
            currency=self.currency,
            levels=(keys,),
        )


def compute_forecast(*, scope: Scope, currency: str, now: datetime) -> Forecast:
    """Return what is expected in the next 13 weeks from open bills and unbilled work in scope.

    Call it inside the firm's read-only transaction. currency: empty is the firm's. It is a model: its inputs are the
    metrics' own sums, its result is no figure of the books.
    """
    standing = find_standing(scope=scope, period="today", now=now)
    today, code = standing.period.today, currency or standing.profile.currency
    blank = Forecast(status=standing.status, scope=scope.kind.value, currency=code, made_on=today)
    if standing.ledger is None or standing.status != "ready":
        return blank
    first_bill = find_first_bill(scope=scope)
    if first_bill is None or first_bill > twelve_months_before(today):
        return replace(blank, status="too_short")
    day = _Day(scope, code, today)
    with localcontext(prec=_DIGITS):
        tests = _look_back(day, first_bill)
        weeks = _weeks(day, band([came_in / expected for _, expected, came_in in tests if expected > 0]))
        back_tests = tuple(PastForecast(on, _money(due, code), _money(came_in, code)) for on, due, came_in in tests)
    scored = list_scored(scope=scope, currency=code, at_most=PAST_QUARTERS)
    return replace(blank, weeks=weeks, past=scored or back_tests)


def _weeks(day: _Day, margins: tuple[Decimal, Decimal] | None) -> tuple[ForecastWeek, ...]:
    weeks = []
    for place, (owed, unbilled) in enumerate(zip(*_expect(day), strict=True)):
        first = day.day + timedelta(days=7 * place + 1)
        total = owed + unbilled
        low, high = (_money(total * each, day.currency) for each in margins) if margins else (None, None)
        weeks.append(
            ForecastWeek(
                starts_on=first,
                ends_on=first + timedelta(days=6),
                from_receivables=_money(owed, day.currency),
                from_unbilled=_money(unbilled, day.currency),
                total=_money(total, day.currency),
                low=low,
                high=high,
            )
        )
    return tuple(weeks)


def _look_back(now: _Day, first_bill: date) -> list[tuple[date, Decimal, Decimal]]:
    """Return, for past quarters the firm had a year of bills before, the day, what was expected, and what came in."""
    found = []
    for quarters in range(1, PAST_QUARTERS + 1):
        made_on = now.day - _QUARTER * quarters
        if first_bill > twelve_months_before(made_on):
            break
        expected = sum((sum(side, Decimal(0)) for side in _expect(_Day(now.scope, now.currency, made_on))), Decimal(0))
        brought = sum_came_in(scope=now.scope, currency=now.currency, day=made_on, weeks=WEEKS)
        found.append((made_on, expected, Decimal(sum(brought))))
    return found


def _expect(day: _Day) -> tuple[list[Decimal], list[Decimal]]:
    """Return what bills and work bring in each week from a day on, by what was known then."""
    oldest = twelve_months_before(twelve_months_before(day.day))
    newest = _six_months_before(day.day)
    curves = read_curves(scope=day.scope, currency=day.currency, first=oldest, last=newest, day=day.day)
    return expect_from_bills(_open_bills(day), curves), expect_from_work(_unbilled_work(day), curves)


def _six_months_before(day: date) -> date:
    month = add_months(day.replace(day=1), -6)
    last = (add_months(month, 1) - timedelta(days=1)).day
    return month.replace(day=min(day.day, last))


def _open_bills(day: _Day) -> list[OpenBill]:
    reading = day.reading(Dimension.BILL, Dimension.CLIENT, Dimension.PRACTICE_AREA)
    rows, _ = read_sums(reading=reading, needed={Source.RECEIVABLE: [_OWED]}, page=_EVERYTHING)
    issued = read_issue_dates(scope=day.scope, bill_ids={_id(row, 0) or 0 for row in rows})
    return [
        OpenBill(_id(row, 1), _id(row, 2), (day.day - issued[_id(row, 0) or 0]).days, row.sums[_OWED.key] or Decimal(0))
        for row in rows
    ]


def _unbilled_work(day: _Day) -> list[UnbilledWork]:
    reading = day.reading(Dimension.MATTER, Dimension.CLIENT, Dimension.PRACTICE_AREA)
    needed = {Source.UNBILLED: [UNBILLED_FEES, UNBILLED_EXPENSES]}
    rows, _ = read_sums(reading=reading, needed=needed, page=_EVERYTHING)
    matters = {matter for row in rows if (matter := _id(row, 0)) is not None}
    habits = read_billing_habits(scope=day.scope, matter_ids=matters, day=day.day)
    kept, default = _realizations(day), _days_by_default(day)
    work = []
    for row in rows:
        matter = _id(row, 0) or 0
        habit = habits.get(matter)
        due_on = habit.last_on + timedelta(days=habit.gap) if habit and habit.gap is not None else None
        wait = default if due_on is None else max((due_on - day.day).days, 0)
        fees, expenses = (row.sums[each.key] or Decimal(0) for each in (UNBILLED_FEES, UNBILLED_EXPENSES))
        work.append(UnbilledWork(_id(row, 1), _id(row, 2), fees * kept.get(matter, Decimal(1)) + expenses, wait))
    return work


def _realizations(day: _Day) -> dict[int, Decimal]:
    """Return the share of its worth that a matter's work of 12 months was billed at (K10), where it was."""
    reading = day.reading(Dimension.MATTER, first=twelve_months_before(day.day) + timedelta(days=1))
    rows, _ = read_sums(reading=reading, needed=measures_by_source([REALIZATION]), page=_EVERYTHING)
    found = {}
    for row in rows:
        items = unrounded(REALIZATION, row.sums)
        rate = next((each for each in items.values() if each is not None), None)
        if rate is not None:
            found[_id(row, 0) or 0] = rate / 100
    return found


def _days_by_default(day: _Day) -> int:
    """Return the days to the month's end and the firm's average days to bill (K14) after it."""
    reading = day.reading(first=twelve_months_before(day.day) + timedelta(days=1))
    rows, _ = read_sums(reading=reading, needed=measures_by_source([DAYS_TO_BILL]), page=_EVERYTHING)
    average = unrounded(DAYS_TO_BILL, rows[0].sums)["average"] if rows else None
    month_end = add_months(day.day.replace(day=1), 1) - timedelta(days=1)
    return (month_end - day.day).days + whole_days(average or Decimal(0))


def _id(row: SumRow, place: int) -> int | None:
    key = row.keys[place]
    return key if isinstance(key, int) else None


def _money(minor: Decimal, currency: str) -> Decimal:
    settled = minor.quantize(_HAIR, ROUND_HALF_UP)
    return from_minor(int(settled.quantize(Decimal(1), ROUND_HALF_UP)), currency)
