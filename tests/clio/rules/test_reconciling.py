"""When firms are compared, and what may be concluded from what a list did not show."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.clio.rules.reconciling import is_short, is_sudden, is_worth_telling, next_night

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Australia/Sydney", "Europe/London"])
@pytest.mark.parametrize("firm_id", [1, 2, 77, 123_456])
def test_the_next_night_is_at_night_where_the_firm_is(zone, firm_id):
    begins = next_night(firm_id=firm_id, time_zone=zone, now=NOON)

    assert NOON < begins <= NOON + timedelta(days=1)
    assert 1 <= begins.astimezone(ZoneInfo(zone)).hour < 5
    assert next_night(firm_id=firm_id, time_zone=zone, now=begins) - begins == timedelta(days=1)


def test_firms_are_spread_over_the_night():
    begins = [next_night(firm_id=number, time_zone="UTC", now=NOON) for number in range(1, 241)]

    quarters = [sum(each.hour == hour for each in begins) for hour in (1, 2, 3, 4)]
    assert sum(quarters) == 240
    assert min(quarters) > 40


@pytest.mark.parametrize("day", [datetime(2026, 3, 8, 4, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)])
def test_a_night_whose_clock_is_changed_has_one_comparison(day):
    begins = [next_night(firm_id=number, time_zone="America/New_York", now=day) for number in range(1, 100)]

    assert all(day < each < day + timedelta(hours=8) for each in begins)
    following = [next_night(firm_id=number, time_zone="America/New_York", now=begins[number - 1]) for number in (1, 50)]
    assert all(
        timedelta(hours=22) < later - each < timedelta(hours=26)
        for later, each in zip(following, (begins[0], begins[49]), strict=True)
    )


@pytest.mark.parametrize(
    ("seen", "promised", "expected"),
    [(1000, 1000, False), (991, 1000, False), (989, 1000, True), (200, 1000, True), (0, None, False), (95, 100, False)],
)
def test_a_list_is_short_that_ends_well_before_its_promise(seen, promised, expected):
    assert is_short(seen=seen, promised=promised) is expected


@pytest.mark.parametrize(
    ("missing", "known", "expected"), [(20, 30, False), (21, 30, True), (100, 1000, False), (101, 1000, True)]
)
def test_a_tenth_at_once_is_sudden(missing, known, expected):
    assert is_sudden(missing=missing, known=known) is expected


@pytest.mark.parametrize(("drift", "known", "expected"), [(10, 20, False), (11, 20, True), (90, 10_000, False)])
def test_a_few_are_not_worth_telling(drift, known, expected):
    assert is_worth_telling(drift=drift, known=known) is expected
