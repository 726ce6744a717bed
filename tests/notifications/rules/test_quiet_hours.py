"""Quiet hours and local hours by wall clocks that jump. Clock changes of 2026 by the IANA database."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from apps.notifications.rules.quiet_hours import QuietWindow, end_of_quiet, first_instant, next_local_time

NEW_YORK, LORD_HOWE, UTC_ZONE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")
NIGHT = QuietWindow(time(22), time(7))


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-06-10T21:59:59", None),
        ("2026-06-10T22:00:00", "2026-06-11T07:00:00"),
        ("2026-06-11T00:00:00", "2026-06-11T07:00:00"),
        ("2026-06-11T06:59:59", "2026-06-11T07:00:00"),
        ("2026-06-11T07:00:00", None),
        ("2026-12-31T23:30:00", "2027-01-01T07:00:00"),
    ],
)
def test_a_night_reaches_over_midnight_and_ends_on_the_minute(now, until):
    assert end_of_quiet(_utc(now), NIGHT, UTC_ZONE) == (_utc(until) if until else None)


def test_a_window_within_a_day():
    window = QuietWindow(time(12), time(13, 30))

    assert end_of_quiet(_utc("2026-06-10T11:59:59"), window, UTC_ZONE) is None
    assert end_of_quiet(_utc("2026-06-10T12:00:00"), window, UTC_ZONE) == _utc("2026-06-10T13:30:00")


def test_the_person_s_clock_decides_not_ours():
    # 02:00 UTC is 22:00 in New York, the evening before.
    assert end_of_quiet(_utc("2026-06-10T01:59:59"), NIGHT, NEW_YORK) is None
    assert end_of_quiet(_utc("2026-06-10T02:00:00"), NIGHT, NEW_YORK) == _utc("2026-06-10T11:00:00")


@pytest.mark.parametrize(
    ("starts", "ends", "now", "until"),
    [
        # March 8: 01:59:59 EST is followed by 03:00 EDT. The night is eight hours long.
        ("22:00", "07:00", "2026-03-08T03:00:00", "2026-03-08T11:00:00"),
        # 02:30 is skipped: quiet ends with the jump.
        ("22:00", "02:30", "2026-03-08T06:59:59", "2026-03-08T07:00:00"),
        ("22:00", "02:30", "2026-03-08T07:00:00", None),
        # ... and begins with it.
        ("02:30", "06:00", "2026-03-08T06:59:59", None),
        ("02:30", "06:00", "2026-03-08T07:00:00", "2026-03-08T10:00:00"),
        # A window that lies in the gap is no time at all.
        ("02:10", "02:50", "2026-03-08T07:00:00", None),
        # November 1: 01:30 comes twice, at 05:30 and 06:30 UTC. The night is ten hours long.
        ("22:00", "07:00", "2026-11-01T02:00:00", "2026-11-01T12:00:00"),
        ("22:00", "01:30", "2026-11-01T05:00:00", "2026-11-01T06:30:00"),
        ("22:00", "01:30", "2026-11-01T05:45:00", "2026-11-01T06:30:00"),
        ("22:00", "01:30", "2026-11-01T06:30:00", None),
        ("01:30", "07:00", "2026-11-01T05:29:59", None),
        ("01:30", "07:00", "2026-11-01T05:30:00", "2026-11-01T12:00:00"),
    ],
)
def test_the_nights_on_which_clocks_change(starts, ends, now, until):
    window = QuietWindow(time.fromisoformat(starts), time.fromisoformat(ends))

    assert end_of_quiet(_utc(now), window, NEW_YORK) == (_utc(until) if until else None)


def test_a_jump_of_half_an_hour():
    # October 4: 02:00 is followed by 02:30, at 15:30 UTC of the day before.
    assert first_instant(date(2026, 10, 4), time(2, 15), LORD_HOWE) == _utc("2026-10-03T15:30:00")


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 8, 23])
def test_a_local_hour_comes_exactly_once_on_every_day_of_a_year(zone, hour):
    local, instant = ZoneInfo(zone), _utc("2026-01-01T00:00:00")
    days: list[date] = []
    while len(days) < 366:
        instant = next_local_time(instant, time(hour), local)
        days.append(instant.astimezone(local).date())

    assert [later - earlier for earlier, later in pairwise(days)] == [timedelta(days=1)] * 365


def test_quiet_always_ends_after_now_within_a_day_and_an_hour():
    now, last = _utc("2026-01-01T00:00:00"), _utc("2027-01-01T00:00:00")
    while now < last:
        until = end_of_quiet(now, NIGHT, NEW_YORK)
        local = now.astimezone(NEW_YORK).time()
        assert (until is not None) is (local >= time(22) or local < time(7))
        assert until is None or timedelta() < until - now <= timedelta(hours=10)
        now += timedelta(minutes=30)
