"""Case 8: weights where some amounts are negative."""

from hypothesis import given
from hypothesis import strategies as st

from apps.reports.rules.weights import Part, lower_negatives
from tests.reports.recompute.cents import without_negatives

rows = st.lists(
    st.tuples(st.sampled_from([1, 2, None]), st.sampled_from(["fee", "expense"]), st.integers(-500, 1000)), max_size=12
)


def weights(given_rows: list[tuple[int | None, str, int]]) -> list[int]:
    return lower_negatives([Part(*row) for row in given_rows])


def test_a_negative_line_lowers_its_own_kind_first() -> None:
    assert weights([(1, "fee", 1000), (1, "fee", -200), (1, "expense", 300)]) == [800, 0, 300]


def test_what_is_left_lowers_the_rest_of_the_matter() -> None:
    assert weights([(1, "fee", 100), (1, "fee", -200), (1, "expense", 300), (2, "fee", 50)]) == [0, 0, 200, 50]


def test_a_matter_that_owes_nothing_has_no_weights() -> None:
    assert weights([(1, "fee", 100), (1, "fee", -200), (1, "expense", 100), (2, "fee", -5)]) == [0, 0, 0, 0]


@given(rows)
def test_weights_add_up_to_what_the_matter_owes(given_rows: list[tuple[int | None, str, int]]) -> None:
    found = weights(given_rows)

    assert min(found, default=0) >= 0
    for matter in (1, 2, None):
        at = [position for position, row in enumerate(given_rows) if row[0] == matter]
        assert sum(found[each] for each in at) == max(sum(given_rows[each][2] for each in at), 0)


@given(rows)
def test_the_recomputation_agrees(given_rows: list[tuple[int | None, str, int]]) -> None:
    assert weights(given_rows) == without_negatives(given_rows)
