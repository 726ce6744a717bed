"""Minor units and the exact split."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.money import from_minor, minor_digits, split_by_largest_remainder, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.345", "USD", 1235), ("-12.345", "USD", -1235), ("12.5", "JPY", 13), ("1.0005", "KWD", 1001), ("0", "EUR", 0)],
)
def test_rounds_halves_away_from_zero_to_the_currencys_digits(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor


# ISO 4217 list one: the currencies whose minor unit is not a hundredth.
@pytest.mark.parametrize(
    ("digits", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "USD EUR CAD GBP AUD NZD CHF HUF TWD MGA"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_knows_every_currencys_digits(digits, codes):
    assert {code: minor_digits(code) for code in codes.split()} == dict.fromkeys(codes.split(), digits)


def test_comes_back_as_the_same_amount():
    assert from_minor(1235, "USD") == Decimal("12.35")
    assert from_minor(13, "JPY") == Decimal("13")


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10000, [1, 1, 1], [3334, 3333, 3333]),
        (-10000, [1, 1, 1], [-3334, -3333, -3333]),
        (370, [2700, 600, 400], [270, 60, 40]),
        (1, [0, 5], [0, 1]),
    ],
)
def test_splits_by_largest_remainder_ties_to_the_first(total, weights, parts):
    assert split_by_largest_remainder(total, weights) == parts


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(lambda w: sum(w) > 0),
)
def test_the_parts_add_up_and_stay_within_one_of_their_share(total, weights):
    parts = split_by_largest_remainder(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def test_refuses_weights_that_add_up_to_nothing():
    with pytest.raises(ValueError, match="more than zero"):
        split_by_largest_remainder(5, [0, 0])
