"""Make a reading one of closed months: whole months, all of them closed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from apps.reports.contracts import Period, QualityFlag
from apps.reports.contracts.months import MonthStanding
from apps.reports.errors import MonthsOpen, QuestionNotUnderstood
from apps.reports.queries.closes import (
    keep_sums,
    list_billable_rules,
    list_months_without_targets,
    list_standings,
    list_unsound_months,
)
from apps.reports.queries.kept_merges import within_closes
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


def targets_flags(*, firm_id: int, periods: Iterable[Period]) -> list[QualityFlag]:
    """Return what is to be said of closed months whose closes were made before targets were kept with them."""
    months = sorted(
        {
            month
            for period in periods
            for month in list_months_without_targets(firm_id=firm_id, first=period.months()[0], last=period.ends_on)
        }
    )
    if not months:
        return []
    names = ", ".join(f"{month:%Y-%m}" for month in months)
    text = f"These months were closed before targets were kept with a close, so they have none as reported: {names}."
    return [QualityFlag("closed_without_targets", len(months), text)]


def freeze_reading(reading: Reading, *, field: str = "period", wanted_by: str = "`mode=as_reported`") -> Reading:
    """Return the reading over what was kept at the closes of its months.

    field, wanted_by: what of the question asks for them, and that in words. Raises MonthsOpen naming the months that
    are open; QuestionNotUnderstood where the days are no whole months, or the months were closed under different rules
    of what is billable.
    """
    if not _is_of_whole_months(reading):
        detail = (
            f"{wanted_by} is told from closed months, and {reading.first}..{_last(reading)} is not whole months. Ask "
            f"for a `period` of whole months, such as last_month, {reading.first:%Y-%m} or last_year."
        )
        raise QuestionNotUnderstood("period", detail, "not_whole_months")
    open_ones = [each.month for each in _standings(reading) if not each.is_closed]
    if open_ones:
        running = [f"{month:%Y-%m}" for month in open_ones if (month.year, month.month) >= _month_of(reading.as_of)]
        names = [f"{month:%Y-%m}" for month in open_ones]
        raise MonthsOpen(names, field=field, wanted_by=wanted_by, running=running)
    rules = _rules(reading)
    if len(rules) > 1:
        detail = (
            f"The months {reading.first:%Y-%m} to {_last(reading):%Y-%m} were closed under different rules of what is "
            "billable: ask for each month by itself, by `period`."
        )
        raise QuestionNotUnderstood("period", detail, "closed_under_different_rules")
    return _frozen(reading, counts_no_charge=rules.pop())


def freeze_if_closed(reading: Reading, cut_from: Period | None = None) -> Reading:
    """Return the reading over what closed months kept if its days are whole months and all of them closed; else as is.

    cut_from: the period it is a piece of; all of that has to be closed then. For what no rule of what is billable
    touches: months closed under different ones may be read together.
    """
    whole = replace(reading, first=cut_from.starts_on, whole_last=cut_from.ends_whole_on) if cut_from else reading
    if not _is_of_whole_months(whole) or not all(each.is_closed for each in _standings(whole)):
        return reading
    return _frozen(reading, counts_no_charge=max(_rules(whole)))


def _frozen(reading: Reading, *, counts_no_charge: bool) -> Reading:
    as_then = replace(reading.calendar.rules, counts_no_charge_as_billable=counts_no_charge)
    scope = within_closes(reading.scope, first=reading.first, last=_last(reading))
    return replace(
        reading,
        scope=scope,
        calendar=replace(reading.calendar, rules=as_then),
        is_frozen=True,
        has_kept_sums=keep_sums(firm_id=scope.firm_id, months=_months(reading.first, _last(reading))),
    )


def _is_of_whole_months(reading: Reading) -> bool:
    return reading.first.day == 1 and (_last(reading) + _ONE_DAY).day == 1


def _last(reading: Reading) -> date:
    return reading.whole_last or reading.last


def _standings(reading: Reading) -> Sequence[MonthStanding]:
    return list_standings(firm_id=reading.scope.firm_id, months=_months(reading.first, _last(reading)))


def _rules(reading: Reading) -> set[bool]:
    return list_billable_rules(firm_id=reading.scope.firm_id, months=_months(reading.first, _last(reading)))


def _months(first: date, last: date) -> Sequence[date]:
    return Period("", first, last, last, last).months()


def _month_of(day: date) -> tuple[int, int]:
    return day.year, day.month
