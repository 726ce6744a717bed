"""When money comes in, from how it came in before (K45)."""

from decimal import Decimal

import pytest

from apps.reports.rules.forecast import (
    Curve,
    Curves,
    OpenBill,
    UnbilledWork,
    band,
    expect_from_bills,
    expect_from_work,
)

D = Decimal
HALF_AND_REST = Curve.of(bills=30, billed=1000, paid={10: 500, 40: 400})


def by_week(found: list[Decimal]) -> dict[int, Decimal]:
    return {week: amount for week, amount in enumerate(found, start=1) if amount}


def test_a_curve_rises_with_the_money() -> None:
    assert [HALF_AND_REST.share(days) for days in (0, 9, 10, 39, 40, 400)] == [
        0,
        0,
        D("0.5"),
        D("0.5"),
        D("0.9"),
        D("0.9"),
    ]


def test_money_back_lowers_no_share_and_none_exceeds_the_whole() -> None:
    curve = Curve.of(bills=1, billed=100, paid={5: 80, 6: -30, 7: 90})

    assert [curve.share(days) for days in (5, 6, 7)] == [D("0.8"), D("0.8"), 1]


def test_a_curve_of_nothing_billed_expects_nothing() -> None:
    assert Curve.of(bills=0, billed=0, paid={3: 5}).share(10) == 0


def test_an_open_bill_follows_the_rest_of_the_curve() -> None:
    """Half came in by day 10, so of what is open at day 20 four fifths come at day 40, in the third week."""
    bill = OpenBill(client=None, area=None, age=20, balance=D(1000))

    assert by_week(expect_from_bills([bill], Curves(HALF_AND_REST))) == {3: D(800)}


def test_nothing_is_expected_of_bills_that_should_all_have_been_paid() -> None:
    whole = Curve.of(bills=30, billed=100, paid={10: 100})

    assert by_week(expect_from_bills([OpenBill(None, None, 10, D(70))], Curves(whole))) == {}


def test_a_day_at_the_end_of_a_week_belongs_to_it() -> None:
    bills = [OpenBill(None, None, age, D(100)) for age in (3, 2)]

    assert by_week(expect_from_bills(bills, Curves(HALF_AND_REST)))[1] == D(50)
    assert by_week(expect_from_bills(bills, Curves(HALF_AND_REST)))[2] == D(50)


def test_work_waits_for_its_bill() -> None:
    """Billed in 5 days: half after 15 days, more after 45."""
    work = UnbilledWork(client=None, area=None, worth=D(200), days_to_bill=5)

    assert by_week(expect_from_work([work], Curves(HALF_AND_REST))) == {3: D(100), 7: D(80)}


def test_money_that_comes_with_the_bill_is_counted_once() -> None:
    at_once = Curve.of(bills=30, billed=100, paid={0: 100})

    assert by_week(expect_from_work([UnbilledWork(None, None, D(90), 9)], Curves(at_once))) == {2: D(90)}
    assert by_week(expect_from_work([UnbilledWork(None, None, D(90), 0)], Curves(at_once))) == {1: D(90)}


@pytest.mark.parametrize(
    ("client_bills", "area_bills", "expected"), [(8, 20, 100), (7, 20, 50), (7, 19, 0), (0, 20, 50)]
)
def test_takes_the_nearest_curve_with_enough_bills(client_bills: int, area_bills: int, expected: int) -> None:
    curves = Curves(
        Curve(500),
        {1: Curve.of(bills=client_bills, billed=100, paid={5: 100})},
        {2: Curve.of(bills=area_bills, billed=100, paid={5: 50})},
    )

    assert sum(expect_from_bills([OpenBill(1, 2, 0, D(100))], curves)) == expected


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ([D(1), D(2)], None),
        ([D(1), D(1), D(1)], (D(1), D(1))),
        ([D(3), D(1), D(2)], (D("1.2"), D("2.8"))),
    ],
)
def test_the_band_is_the_middle_eighty_percent(ratios: list[Decimal], expected: tuple[Decimal, Decimal] | None) -> None:
    assert band(ratios) == expected
