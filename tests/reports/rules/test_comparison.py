"""What a period is set beside (K46)."""

from datetime import date
from decimal import Decimal

import pytest

from apps.reports.contracts import Comparison, FirmCalendar, Period
from apps.reports.rules.comparison import change, difference, is_new, periods_before, span_of
from apps.reports.rules.periods import resolve_period

D = Decimal


def spans(text: str, comparison: Comparison, today: date = date(2025, 7, 15)) -> list[str]:
    period = resolve_period(text, today=today, calendar=FirmCalendar())
    return [each.period.name for each in periods_before(period, comparison)]


@pytest.mark.parametrize(
    ("text", "comparison", "expected"),
    [
        ("2025-03", Comparison.PRIOR_PERIOD, ["2025-02-01..2025-02-28"]),
        ("2025-03", Comparison.PRIOR_YEAR, ["2024-03-01..2024-03-31"]),
        ("2025-04-01..2025-06-30", Comparison.PRIOR_PERIOD, ["2025-01-01..2025-03-31"]),
        ("2025-03-10..2025-03-16", Comparison.PRIOR_PERIOD, ["2025-03-03..2025-03-09"]),
        ("month_to_date", Comparison.PRIOR_PERIOD, ["2025-06-01..2025-06-15"]),
        ("quarter_to_date", Comparison.PRIOR_PERIOD, ["2025-04-01..2025-04-15"]),
        ("year_to_date", Comparison.PRIOR_PERIOD, ["2024-01-01..2024-07-14"]),
        (
            "2025-03",
            Comparison.AVERAGE_OF_3,
            ["2025-02-01..2025-02-28", "2025-01-01..2025-01-31", "2024-12-01..2024-12-31"],
        ),
        (
            "2025-03-10..2025-03-16",
            Comparison.AVERAGE_OF_3,
            ["2025-03-03..2025-03-09", "2025-02-24..2025-03-02", "2025-02-17..2025-02-23"],
        ),
        (
            "2025-04-01..2025-06-30",
            Comparison.TRAILING_12_MONTHS,
            [
                "2025-01-01..2025-03-31",
                "2024-10-01..2024-12-31",
                "2024-07-01..2024-09-30",
                "2024-04-01..2024-06-30",
            ],
        ),
        ("2024-01-01..2024-12-31", Comparison.TRAILING_12_MONTHS, ["2023-01-01..2023-12-31"]),
    ],
)
def test_earlier_periods(text: str, comparison: Comparison, expected: list[str]) -> None:
    assert spans(text, comparison) == expected


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("2025-02", date(2025, 7, 15), "2024-02-01..2024-02-29"),
        ("2024-02", date(2025, 7, 15), "2023-02-01..2023-02-28"),
        ("2025-01-01..2025-03-31", date(2025, 7, 15), "2024-01-01..2024-03-31"),
        ("2024-12-01..2025-02-28", date(2025, 7, 15), "2023-12-01..2024-02-29"),
        ("2023-12-01..2024-02-29", date(2025, 7, 15), "2022-12-01..2023-02-28"),
        ("2024-03-01..2025-02-28", date(2025, 7, 15), "2023-03-01..2024-02-29"),
        ("2025-02-24..2025-03-02", date(2025, 7, 15), "2024-02-24..2024-03-02"),
        ("2024-02-29..2024-03-06", date(2025, 7, 15), "2023-02-28..2023-03-06"),
        ("this_month", date(2025, 2, 28), "2024-02-01..2024-02-29"),
        ("this_month", date(2025, 2, 27), "2024-02-01..2024-02-27"),
        ("this_month", date(2024, 2, 28), "2023-02-01..2023-02-28"),
        ("this_month", date(2024, 2, 29), "2023-02-01..2023-02-28"),
        ("month_to_date", date(2024, 2, 29), "2023-02-01..2023-02-28"),
        ("month_to_date", date(2025, 2, 28), "2024-02-01..2024-02-28"),
        ("year_to_date", date(2025, 3, 15), "2024-01-01..2024-03-14"),
        ("this_year", date(2024, 3, 10), "2023-01-01..2023-03-11"),
        ("this_week", date(2025, 7, 16), "2024-07-14..2024-07-16"),
        ("last_12_months", date(2025, 2, 28), "2023-03-01..2024-02-28"),
        ("last_12_months", date(2024, 2, 29), "2022-03-01..2023-02-28"),
        ("last_12_months", date(2025, 3, 1), "2023-03-02..2024-03-01"),
    ],
)
def test_case_32_the_year_before_across_29_february(text: str, today: date, expected: str) -> None:
    assert spans(text, Comparison.PRIOR_YEAR, today) == [expected]


def test_twelve_months_to_a_day_are_set_beside_the_twelve_before() -> None:
    assert spans("last_12_months", Comparison.PRIOR_PERIOD, date(2025, 3, 1)) == ["2023-03-02..2024-03-01"]
    assert spans("last_12_months", Comparison.AVERAGE_OF_3, date(2025, 2, 28)) == [
        "2023-03-01..2024-02-28",
        "2022-03-01..2023-02-28",
        "2021-03-01..2022-02-28",
    ]


def test_case_32_leap_day_maps_to_the_28th() -> None:
    assert spans("2024-02-29..2024-02-29", Comparison.PRIOR_YEAR) == ["2023-02-28..2023-02-28"]


def test_a_running_month_is_compared_with_as_many_days() -> None:
    assert spans("this_month", Comparison.PRIOR_PERIOD) == ["2025-06-01..2025-06-15"]
    assert spans("this_month", Comparison.AVERAGE_OF_3)[-1] == "2025-04-01..2025-04-15"
    assert spans("this_month", Comparison.PRIOR_YEAR) == ["2024-07-01..2024-07-15"]


def test_a_running_month_longer_than_the_earlier_one_stays_in_it() -> None:
    assert spans("this_month", Comparison.PRIOR_PERIOD, date(2025, 3, 30)) == ["2025-02-01..2025-02-28"]


@pytest.mark.parametrize("text", ["2025-03-10..2025-03-16", "2025-01-01..2025-05-31"])
def test_trailing_months_are_of_lengths_that_fill_a_year(text: str) -> None:
    assert spans(text, Comparison.TRAILING_12_MONTHS) == []


def test_a_month_trails_twelve_months() -> None:
    found = spans("2025-03", Comparison.TRAILING_12_MONTHS)

    assert (len(found), found[0], found[-1]) == (12, "2025-02-01..2025-02-28", "2024-03-01..2024-03-31")


def test_the_span_of_several() -> None:
    period = resolve_period("2025-03", today=date(2025, 7, 15), calendar=FirmCalendar())
    whole: Period = span_of(periods_before(period, Comparison.AVERAGE_OF_3))

    assert (whole.starts_on, whole.ends_on) == (date(2024, 12, 1), date(2025, 2, 28))


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (D(150), D(100), D(50)),
        (D(50), D(100), D(-50)),
        (D(50), D(-100), D(150)),
        (D("1.0004"), D(1), D("0.04")),
        (D(50), D(0), None),
        (D(0), D(0), None),
        (None, D(1), None),
        (D(1), None, None),
    ],
)
def test_change(now: Decimal | None, then: Decimal | None, expected: Decimal | None) -> None:
    assert change(now, then) == expected


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [(D(5), D(3), D(2)), (D(3), D(0), D(3)), (D("68.75"), D(100), D("-31.25")), (None, D(1), None), (D(1), None, None)],
)
def test_difference(now: Decimal | None, then: Decimal | None, expected: Decimal | None) -> None:
    assert difference(now, then) == expected


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [(D(5), D(0), True), (D(0), D(0), False), (None, D(0), False), (D(5), D(1), False), (D(5), None, False)],
)
def test_something_after_nothing_is_new(now: Decimal | None, then: Decimal | None, expected: bool) -> None:
    assert is_new(now, then) is expected
