"""The way from the rows of a kept table to the wanted ones."""

from apps.reports.contracts.kept import KeptRow, RowKey
from apps.reports.rules.kept_changes import Plan, plan_changes

OLD: dict[RowKey, tuple[int, KeptRow]] = {(1,): (11, {"k": 1, "v": 5}), (2,): (12, {"k": 2, "v": 6})}


def told(plan: Plan) -> list[tuple[str, int | None]]:
    return [(change.what, change.row_id) for change in plan.changes]


def test_new_rows_are_added_and_known_ones_replaced() -> None:
    plan = plan_changes(existing=OLD, wanted={(2,): {"k": 2, "v": 7}, (3,): {"k": 3, "v": 8}})

    assert told(plan) == [("changed", 12), ("added", None)]
    assert {key: row["v"] for key, row in plan.after.items()} == {(1,): 5, (2,): 7, (3,): 8}


def test_what_is_there_already_is_no_change() -> None:
    plan = plan_changes(existing=OLD, wanted={(1,): {"k": 1, "v": 5}})

    assert (told(plan), plan.unchanged) == ([], 1)


def test_rows_go_where_asked_or_where_the_whole_is_given() -> None:
    assert told(plan_changes(existing=OLD, wanted={}, gone=[(1,), (9,)])) == [("removed", 11)]
    plan = plan_changes(existing=OLD, wanted={(2,): {"k": 2, "v": 6}}, is_whole=True)
    assert (told(plan), plan.unchanged, set(plan.after)) == ([("removed", 11)], 1, {(2,)})


def test_a_row_that_is_wanted_does_not_go() -> None:
    plan = plan_changes(existing=OLD, wanted={(1,): {"k": 1, "v": 9}}, gone=[(1,)])

    assert told(plan) == [("changed", 11)]
    assert plan.touched == {(1,)}
