"""The day that ended, by the clock on the firm's wall."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.reports.rules.snapshot_days import DayEnded, day_ended, days_between, is_stale


@pytest.mark.parametrize(
    ("now", "day", "is_open"),
    [
        # New York springs forward on 9 March 2025: that day has 23 hours.
        (datetime(2025, 3, 9, 4, 59, tzinfo=UTC), date(2025, 3, 7), False),
        (datetime(2025, 3, 9, 5, 0, tzinfo=UTC), date(2025, 3, 8), True),
        (datetime(2025, 3, 9, 9, 59, tzinfo=UTC), date(2025, 3, 8), True),
        (datetime(2025, 3, 9, 10, 0, tzinfo=UTC), date(2025, 3, 8), False),
        (datetime(2025, 3, 10, 4, 0, tzinfo=UTC), date(2025, 3, 9), True),
        # And falls back on 2 November: 25 hours.
        (datetime(2025, 11, 2, 4, 0, tzinfo=UTC), date(2025, 11, 1), True),
        (datetime(2025, 11, 2, 10, 59, tzinfo=UTC), date(2025, 11, 1), True),
        (datetime(2025, 11, 2, 11, 0, tzinfo=UTC), date(2025, 11, 1), False),
        (datetime(2025, 11, 3, 5, 0, tzinfo=UTC), date(2025, 11, 2), True),
    ],
)
def test_ends_at_the_firms_midnight_and_stays_open_till_six(now: datetime, day: date, is_open: bool) -> None:
    assert day_ended("America/New_York", now) == DayEnded(day, is_open)


def test_data_of_six_hours_are_fresh_and_older_ones_are_not() -> None:
    now = datetime(2025, 3, 9, 12, tzinfo=UTC)

    assert not is_stale(now - timedelta(hours=6), now)
    assert is_stale(now - timedelta(hours=6, seconds=1), now)
    assert is_stale(None, now)


def test_counts_both_ends() -> None:
    assert days_between(date(2025, 2, 27), date(2025, 3, 1)) == [date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1)]
    assert days_between(date(2025, 3, 2), date(2025, 3, 1)) == []
