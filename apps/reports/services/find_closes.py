"""Make a reading one of closed months: whole months, all of them closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from apps.reports.contracts import Period, QualityFlag
from apps.reports.contracts.months import MonthStanding
from apps.reports.errors import MonthsOpen, QuestionNotUnderstood
from apps.reports.queries.closes import list_billable_rules, list_standings, list_unsound_months
from apps.reports.queries.sources.reading import Reading

_ONE_DAY = timedelta(days=1)


def standings_of(*, firm_id: int, period: Period) -> tuple[MonthStanding, ...]:
    """Return for every month the period touches whether it is closed; call it inside the firm's transaction."""
    return list_standings(firm_id=firm_id, months=period.months())


def unsound_flags(*, firm_id: int, period: Period) -> list[QualityFlag]:
    """Return what is to be said of figures as reported whose kept rows are not what was kept."""
    months = list_unsound_months(firm_id=firm_id, months=period.months())
    if not months:
        return []
    names = ", ".join(f"{month:%Y-%m}" for month in months)
    text = f"The rows kept when these months were closed do not come to their checksum any more: {names}."
    return [QualityFlag("closed_month_check", len(months), text)]


def freeze_reading(reading: Reading, *, field: str = "period") -> Reading:
    """Return the reading over what was kept at the closes of its months.

    field: what of the question asks for them. Raises MonthsOpen naming the months that are open; QuestionNotUnderstood
    where the days are no whole months, or the months were closed under different rules of what is billable.
    """
    last = reading.whole_last or reading.last
    if reading.first.day != 1 or (last + _ONE_DAY).day != 1:
        detail = "As reported, figures of a period are those of whole months."
        raise QuestionNotUnderstood(field, detail, "not_whole_months")
    months = _months(reading.first, last)
    firm_id = reading.scope.firm_id
    open_ones = [each.month for each in list_standings(firm_id=firm_id, months=months) if not each.is_closed]
    if open_ones:
        raise MonthsOpen([f"{month:%Y-%m}" for month in open_ones])
    rules = list_billable_rules(firm_id=firm_id, months=months)
    if len(rules) > 1:
        detail = "These months were closed under different rules of what is billable; ask month by month."
        raise QuestionNotUnderstood(field, detail, "closed_under_different_rules")
    as_then = replace(reading.calendar.rules, counts_no_charge_as_billable=rules.pop())
    return replace(reading, calendar=replace(reading.calendar, rules=as_then), is_frozen=True)


def _months(first: date, last: date) -> Sequence[date]:
    return Period("", first, last, last, last).months()
