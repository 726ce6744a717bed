"""Periods in the firm's calendar."""

from datetime import date

import pytest

from apps.reports.contracts import FirmCalendar
from apps.reports.rules.periods import PRESETS, NotAPeriod, resolve_period, twelve_months_before

PLAIN, APRIL_SUNDAY = FirmCalendar(), FirmCalendar(fiscal_year_start_month=4, week_starts_on=7)


@pytest.mark.parametrize(
    ("text", "today", "calendar", "first", "last"),
    [
        ("this_month", "2025-03-14", PLAIN, "2025-03-01", "2025-03-14"),
        ("last_month", "2025-03-31", PLAIN, "2025-02-01", "2025-02-28"),
        ("last_month", "2025-01-02", PLAIN, "2024-12-01", "2024-12-31"),
        ("this_quarter", "2025-05-20", PLAIN, "2025-04-01", "2025-05-20"),
        ("last_quarter", "2025-02-20", PLAIN, "2024-10-01", "2024-12-31"),
        ("this_year", "2025-05-20", PLAIN, "2025-01-01", "2025-05-20"),
        ("this_year", "2025-02-20", APRIL_SUNDAY, "2024-04-01", "2025-02-20"),
        ("fiscal_year", "2025-04-01", APRIL_SUNDAY, "2025-04-01", "2025-04-01"),
        ("last_year", "2025-02-20", APRIL_SUNDAY, "2023-04-01", "2024-03-31"),
        ("last_fiscal_year", "2025-02-20", PLAIN, "2024-01-01", "2024-12-31"),
        ("last_quarter", "2025-04-30", APRIL_SUNDAY, "2025-01-01", "2025-03-31"),
        ("last_12_months", "2025-03-31", PLAIN, "2024-04-01", "2025-03-31"),
        ("last_12_months", "2024-02-29", PLAIN, "2023-03-01", "2024-02-29"),
        ("year_to_date", "2025-03-31", PLAIN, "2025-01-01", "2025-03-31"),
        ("this_week", "2025-03-12", PLAIN, "2025-03-10", "2025-03-12"),
        ("this_week", "2025-03-12", APRIL_SUNDAY, "2025-03-09", "2025-03-12"),
        ("last_week", "2025-03-09", APRIL_SUNDAY, "2025-03-02", "2025-03-08"),
        ("yesterday", "2025-03-01", PLAIN, "2025-02-28", "2025-02-28"),
        ("2024-02", "2025-03-31", PLAIN, "2024-02-01", "2024-02-29"),
        ("2024-12", "2025-03-31", PLAIN, "2024-12-01", "2024-12-31"),
        ("2025-01-15..2025-12-31", "2025-03-31", PLAIN, "2025-01-15", "2025-03-31"),
    ],
)
def test_means(text: str, today: str, calendar: FirmCalendar, first: str, last: str) -> None:
    period = resolve_period(text, today=date.fromisoformat(today), calendar=calendar)

    assert (period.starts_on.isoformat(), period.ends_on.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "2025", "2025-3", "2025-00", "2025-02-29..2025-03-01", "2025-03-02..2025-03-01"])
def test_refuses(text: str) -> None:
    with pytest.raises(NotAPeriod):
        resolve_period(text, today=date(2025, 3, 31), calendar=PLAIN)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("month", range(1, 13))
def test_every_preset_holds_in_every_calendar(preset: str, month: int) -> None:
    for day in (date(2024, 2, 29), date(2025, 1, 1), date(2025, 12, 31)):
        period = resolve_period(preset, today=day, calendar=FirmCalendar(fiscal_year_start_month=month))

        assert period.starts_on <= period.ends_on <= day
        assert period.is_complete == (period.ends_whole_on < day)
        assert period.months()[0] == period.starts_on.replace(day=1)
        assert period.months()[-1] == period.ends_on.replace(day=1)


def test_a_running_period_is_cut_but_remembers_its_end() -> None:
    period = resolve_period("2025-03", today=date(2025, 3, 31), calendar=PLAIN)

    assert period.ends_whole_on == date(2025, 3, 31)
    assert not period.is_complete


def test_a_year_before_leap_day() -> None:
    assert twelve_months_before(date(2024, 2, 29)) == date(2023, 2, 28)
