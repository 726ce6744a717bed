"""Where money on a bill goes, step by step."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.reports.rules.settlement import Allocation, Target, cut_allocations
from tests.reports.recompute.bills import Line
from tests.reports.recompute.settle import Account

MATTER, INTEREST, CREDIT = Target.MATTER, Target.INTEREST, Target.CREDIT


def cuts(owed: dict[int | None, int], *queue: Allocation, charged: int = 0) -> list[tuple[Any, ...]]:
    return [(cut.target, cut.matter, cut.amount) for cut in cut_allocations(owed, charged, queue)]


def test_money_naming_no_matter_fills_them_in_turn() -> None:
    assert cuts({9: 100, 4: 50, None: 30}, Allocation(1, 170)) == [
        (MATTER, 4, 50),
        (MATTER, 9, 100),
        (MATTER, None, 20),
    ]


def test_money_goes_to_the_named_matter_then_to_the_others_by_what_they_owe() -> None:
    assert cuts({1: 100, 2: 60, 3: 30}, Allocation(1, 130, matter=1)) == [
        (MATTER, 1, 100),
        (MATTER, 2, 20),
        (MATTER, 3, 10),
    ]


def test_too_much_is_the_clients_credit() -> None:
    assert cuts({1: 100}, Allocation(1, 130, matter=1)) == [(MATTER, 1, 100), (CREDIT, None, 30)]


def test_money_back_comes_off_credit_then_the_named_matter_then_the_others() -> None:
    queue = Allocation(1, 190), Allocation(2, -60, matter=2), Allocation(3, -50, matter=2)

    assert cuts({1: 100, 2: 50}, *queue)[2:] == [
        (CREDIT, None, 40),
        (MATTER, 2, -20), (CREDIT, None, -40),
        (MATTER, 1, -20), (MATTER, 2, -30),
    ]  # fmt: skip


@pytest.mark.parametrize(("named", "lowered"), [(2, 2), (None, 1), (77, 1)])
def test_a_rest_lowers_the_named_or_first_matter_below_zero(named: int | None, lowered: int) -> None:
    assert cuts({1: 100, 2: 50}, Allocation(1, -5, matter=named)) == [(MATTER, lowered, -5)]


def test_interest_goes_to_interest_only() -> None:
    assert cuts({1: 100}, Allocation(1, 20, is_interest=True), charged=12) == [(INTEREST, None, 12), (CREDIT, None, 8)]


def test_a_bill_without_lines_gives_credit() -> None:
    assert cuts({}, Allocation(1, 20), Allocation(2, -30)) == [(CREDIT, None, 20), (CREDIT, None, -30)]


def their_account(owed: dict[int | None, int], charged: int) -> Account:
    lines = [
        Line(number, "fee", matter, None, amount, 0, [0, 0], None, None, net=amount, owed=[amount, 0, 0])
        for number, (matter, amount) in enumerate(owed.items(), 1)
    ]
    bill: Any = SimpleNamespace(lines=lines, charges=[(None, None, charged)], only_matter=None, currency="USD")
    return Account(bill, "proportional")


amounts = st.integers(-900, 900)
matters = st.sampled_from([None, 1, 2, 3, 99])
bills = st.dictionaries(st.sampled_from([None, 1, 2, 3]), st.integers(-300, 900), max_size=4)
queues = st.lists(st.builds(Allocation, st.just(0), amounts, matters, st.booleans()), max_size=8)


@given(bills, st.integers(0, 60), queues)
def test_every_allocation_is_used_up(owed: dict[int | None, int], charged: int, queue: list[Allocation]) -> None:
    numbered = [Allocation(number, each.amount, each.matter, each.is_interest) for number, each in enumerate(queue)]

    placed: dict[int, int] = defaultdict(int)
    for cut in cut_allocations(owed, charged, numbered):
        placed[cut.allocation_id] += cut.amount

    assert {each.allocation_id: each.amount for each in numbered if each.amount} == {
        k: v for k, v in placed.items() if v
    }


@given(bills, st.integers(0, 60), queues)
def test_the_recomputation_agrees(owed: dict[int | None, int], charged: int, queue: list[Allocation]) -> None:
    account = their_account(owed, charged)
    for allocation in queue:
        matter = {"id": allocation.matter} if allocation.matter is not None else None
        account.put(
            {"amount": allocation.amount / 100, "matter": matter, "interest": allocation.is_interest,
             "date": "2025-01-01", "what": "payment"}
        )  # fmt: skip
    totals: dict[tuple[Target, int | None], int] = defaultdict(int)
    for cut in cut_allocations(owed, charged, queue):
        totals[cut.target, cut.matter] += cut.amount

    assert {matter: totals[MATTER, matter] for matter in owed} == account.got
    assert (totals[INTEREST, None], totals[CREDIT, None]) == (account.interest, account.credit)
