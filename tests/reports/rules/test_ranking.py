"""Places in a ranking (K47)."""

from decimal import Decimal

import pytest

from apps.reports.rules.ranking import places_of


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5, 9, 7], [3, 1, 2]),
        ([5, 9, 9, 7], [4, 1, 1, 3]),
        ([5, None, 5], [1, None, 1]),
        ([0, -3], [1, 2]),
        ([], []),
    ],
)
def test_equal_values_share_a_place_and_the_next_is_skipped(
    values: list[int | None], expected: list[int | None]
) -> None:
    assert places_of([None if value is None else Decimal(value) for value in values]) == expected
