"""The invented firm: the same every time, and its money ties out the way Clio's does."""

import hashlib
from collections import defaultdict
from datetime import date

import pytest

from apps.clio.sandbox.firm.found import DEFAULT_UNTIL, found_firm
from apps.clio.sandbox.firm.records import Bill, Firm
from apps.clio.sandbox.store import store_firm
from tests.clio.sandbox.server import small_firm

PINNED = "2775fae7524a05aacc8551c31fc1da8886d8160a8bc162a3b6ef3904f7e4717e"


def digest(firm: Firm) -> str:
    """Return a hash over every row of every table."""
    store, found = store_firm(firm), hashlib.sha256()
    for name, table in store.tables.items():
        found.update(name.encode())
        for row in table.rows:
            cells = [cell if isinstance(cell, int | str | None) else repr(_plain(cell)) for cell in row]
            found.update(repr(cells).encode())
    return found.hexdigest()


def _plain(cell: object) -> object:
    return [_plain(each) for each in cell] if isinstance(cell, tuple) else getattr(cell, "fragments", cell)


@pytest.fixture(scope="module")
def firm() -> Firm:
    return small_firm(11, 6, 2)


def revenue_bills(firm: Firm) -> list[Bill]:
    return [bill for bill in firm.bills if bill.kind == "revenue_kind"]


def test_is_the_same_to_the_byte_and_as_pinned() -> None:
    first, second = digest(found_firm(7, 3, 1)), digest(found_firm(7, 3, 1))

    assert first == second == PINNED


def test_differs_with_the_seed() -> None:
    assert digest(found_firm(8, 3, 1)) != PINNED


def test_ends_on_the_asked_day(firm: Firm) -> None:
    last = DEFAULT_UNTIL.toordinal()

    assert max(entry.day for entry in firm.activities) <= last
    assert max(entry.created // 86_400 for entry in firm.activities) <= last
    assert max(item.parent.day for item in firm.allocations) <= last
    assert max(charge.day for charge in firm.interest) <= last
    assert max(bill.issued for bill in firm.bills) <= last


def test_takes_another_last_day() -> None:
    early = found_firm(7, 1, 1, date(2024, 2, 29))

    assert early.first_day == date(2023, 3, 1).toordinal()
    assert max(entry.day for entry in early.activities) <= date(2024, 2, 29).toordinal()


def test_bills_tie_out(firm: Firm) -> None:
    for bill in revenue_bills(firm):
        if bill.state == "deleted":
            continue
        gross_less = sum(line.gross - line.less_discount for line in bill.lines)
        assert bill.sub_total == gross_less
        assert sum(line.net + line.tax + line.second_tax for line in bill.lines) == bill.principal
        assert bill.sub_total - bill.discounted + bill.tax + bill.second_tax + bill.interest_total == bill.due
        assert sum(bill.matter_totals.values()) == bill.principal


def test_allocations_sum_to_what_bills_say_and_state_follows_balance(firm: Firm) -> None:
    paid: dict[int, int] = defaultdict(int)
    credited: dict[int, int] = defaultdict(int)
    for item in firm.allocations:
        if item.voided is None:
            (paid if item.parent.type == "Payment" else credited)[item.bill.id] += item.amount
    for bill in firm.bills:
        assert (bill.paid, bill.credited) == (paid[bill.id], credited[bill.id])
        if bill.approved:
            assert (bill.state == "paid") == (bill.due - bill.paid - bill.credited <= 0)
        else:
            assert not bill.allocations


def test_activity_totals_are_rounded_hours_at_the_price(firm: Firm) -> None:
    for entry in firm.activities:
        if entry.type == "TimeEntry":
            assert entry.rounded % 360 == 0
            assert 0 < entry.quantity <= entry.rounded
            assert entry.total == (entry.rounded * entry.price * 2 + 3600) // 7200
        else:
            assert entry.total == entry.rounded * entry.price


def test_entries_know_their_bill_and_void_bills_let_them_go(firm: Firm) -> None:
    for bill, line in firm.lines:
        if line.activity is not None and bill.state != "void":
            assert line.activity.bill is bill
    assert all(entry.bill is None or entry.bill.state not in ("void", "deleted") for entry in firm.activities)
    assert {bill.state for bill in firm.bills if not bill.lines and bill.kind == "revenue_kind"} <= {"deleted"}


def test_no_trust_balance_is_ever_negative(firm: Firm) -> None:
    balances: dict[int, int] = defaultdict(int)
    for move in sorted(firm.trust_moves, key=lambda move: (move.day, -move.amount)):
        balances[move.matter.id] += move.amount
        assert balances[move.matter.id] >= 0
    assert all(balances[matter.id] == matter.trust for matter in firm.matters)


def test_ids_ascend_with_creation(firm: Firm) -> None:
    for records in (firm.activities, firm.bills, firm.contacts):
        assert [record.id for record in records] == sorted({record.id for record in records})
        assert [record.created for record in records] == sorted(record.created for record in records)


def test_has_the_habits_of_real_firms() -> None:
    firm = small_firm(7, 12, 3)
    entries, bills, lines = firm.activities, revenue_bills(firm), [line for _, line in firm.lines]

    assert 30_000 < len(entries) < 40_000
    assert any(entry.created // 86_400 - entry.day > 20 for entry in entries)
    assert {entry.matter for entry in entries} > {None}
    assert any(entry.flat for entry in entries)
    assert any(entry.contingency for entry in entries)
    assert any(entry.no_charge for entry in entries)
    assert {bill.state for bill in bills} == {
        "draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted",
    }  # fmt: skip
    assert any(len(bill.matters) > 1 for bill in bills)
    assert {bill.discount[0] for bill in bills if bill.discount} == {"percentage", "money"}
    assert any(bill.second_tax for bill in bills)
    assert any(bill.kind == "trust_kind" for bill in firm.bills)
    assert {line.type for line in lines} == {"ActivityLineItem", "LineItem", "NoChargeLineItem"}
    assert any(line.gross < 0 for line in lines)
    assert {line.discount[0] for line in lines if line.discount} == {"percentage", "money"}
    assert any(line.activity and line.gross < line.activity.total and not line.activity.no_charge for line in lines)
    assert any(item.is_interest for item in firm.allocations)
    assert any(item.voided for item in firm.allocations)
    assert any(item.amount < 0 for item in firm.allocations)
    assert any(item.matter is None for item in firm.allocations)
    assert any(len({item.bill.id for item in money.allocations}) > 1 for money in firm.payments)
    assert {money.source for money in firm.payments} >= {"direct", "card", "echeck", "trust", "operating"}
    assert {memo.is_discount for memo in firm.memos} == {True, False}
    assert any(bill.due - bill.paid - bill.credited < 0 for bill in bills)
    assert {matter.billing_method for matter in firm.matters} == {"hourly", "flat", "contingency"}
    assert any(matter.area is None for matter in firm.matters[1:])
    assert any(matter.originator is None for matter in firm.matters[1:])
    assert sum(person.is_guest for person in firm.people) == 1
    assert sum(person.last_day is not None for person in firm.people) == 1


def test_bank_accounts_are_the_sum_of_their_transactions(firm: Firm) -> None:
    totals: dict[str, int] = defaultdict(int)
    for move in firm.bank_moves:
        totals[move.account] += move.cents
        assert move.balance == totals[move.account]
        assert move.balance >= 0
    assert totals["Trust"] == sum(matter.trust for matter in firm.matters)


def test_every_live_payment_is_in_the_operating_account(firm: Firm) -> None:
    came: dict[int, int] = defaultdict(int)
    for move in firm.bank_moves:
        if move.account == "Operating" and move.allocation is not None:
            came[move.allocation.id] += move.cents
    for item in firm.allocations:
        if item.parent.type == "Payment" and item.parent.source != "trust_deposit":
            assert came[item.id] == (0 if item.voided else item.amount)


def test_trust_money_names_the_bill_it_paid(firm: Firm) -> None:
    drawn: dict[int, int] = defaultdict(int)
    for move in firm.bank_moves:
        if move.account == "Trust" and move.cents < 0:
            assert move.allocation is not None
            drawn[move.allocation.parent.id] -= move.cents
    paid = {money.id: money.amount for money in firm.payments if money.source == "trust"}
    assert dict(drawn) == paid


def test_online_payments_are_the_card_and_echeck_ones(firm: Firm) -> None:
    through = [payment for payment in firm.online_payments if payment.state != "failed"]

    assert {id(payment.money) for payment in through} == {
        id(money) for money in firm.payments if money.source in ("card", "echeck")
    }
    assert all(
        sum(move.cents for move in payment.moves) == payment.amount
        for payment in through
        if payment.state == "completed"
    )


def test_groups_tasks_and_appointments_fit_the_work(firm: Firm) -> None:
    kinds = {group.type for group in firm.groups}
    assert kinds == {"AccountGroup", "UserGroup", "TeamGroup", "AdhocGroup"}
    restricted = [matter for matter in firm.matters if matter.group is not None and matter.group.type == "AdhocGroup"]
    assert restricted
    for entry in firm.activities:
        if entry.matter in restricted:
            assert entry.person in firm.groups[-1].members
        if entry.task is not None:
            assert (entry.task.matter, entry.task.assignee) == (entry.matter, entry.person)
        if entry.event is not None:
            assert (entry.event.matter, entry.event.owner) == (entry.matter, entry.person)
    assert sum(task.entries for task in firm.tasks) == sum(entry.task is not None for entry in firm.activities) > 0
    assert {task.state for task in firm.tasks} == {"pending", "in_progress", "in_review", "complete"}
    assert all(task.matter.has_tasks for task in firm.tasks)
    assert max(task.created // 86_400 for task in firm.tasks) <= firm.last_day
    assert firm.relations
    assert firm.rates
