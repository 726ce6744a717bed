"""Acts of getting paid: payments, partly, from trust or by card, returned ones, credits, interest, deposits."""

from __future__ import annotations

from typing import Any

from apps.clio.sandbox.changes import Record
from apps.clio.sandbox.firm.arithmetic import percent
from apps.clio.sandbox.live.amounts import amount, cents, id_of
from apps.clio.sandbox.live.banking import account_of, move, move_trust, trust_of
from apps.clio.sandbox.live.billing import some_bill
from apps.clio.sandbox.live.bills import reckon
from apps.clio.sandbox.live.desk import Desk
from apps.clio.sandbox.live.work import open_matter

PAYMENT_IDS, MEMO_GAP = 900_000_000, 3


def pay_bill(desk: Desk) -> int | None:
    """A client pays a bill, wholly or in part, now and then from trust; rarely too much."""
    bill = some_bill(desk, "awaiting_payment")
    if bill is None or cents(bill["balance"]) <= 0:
        return None
    balance = cents(bill["balance"])
    size = balance if desk.happens(0.7) else max(1, balance * desk.between(20, 80) // 100)
    matter = desk.find("matters", id_of(bill["matters"][0])) if bill["matters"] else None
    if matter is not None and trust_of(matter) >= size and desk.happens(0.7):
        return _pay_from_trust(desk, bill, matter, size)
    if desk.happens(0.03):
        size = balance + 2_500
    return _pay_directly(desk, bill, size, None)


def _pay_directly(desk: Desk, bill: Record, size: int, online: str | None) -> int:
    text = online or f"Check {desk.between(1000, 9999)}"
    items = _allocate(desk, bill, size, "Payment", text, online=online, target="Operating")
    for item, part, matter in items:
        move(desk, "Operating", part, "Payment", text, client=bill["client"], matter=matter, bill={"id": bill["id"]},
             allocation={"id": item}, is_online=online is not None)  # fmt: skip
    reckon(desk, bill["id"])
    return int(items[0][0])


def _pay_from_trust(desk: Desk, bill: Record, matter: Record, size: int) -> int:
    items = _allocate(desk, bill, size, "Payment", "trust payment", source="Trust", target="Operating")
    for item, part, _ in items:
        links: dict[str, Any] = {"bill": {"id": bill["id"]}, "allocation": {"id": item}}
        move_trust(desk, matter, -part, "Payment of bill", **links)
        matter = desk.get("matters", matter["id"])
        move(desk, "Operating", part, "Transfer from trust", "trust payment", client=bill["client"], **links)
    reckon(desk, bill["id"])
    return int(items[0][0])


def _allocate(
    desk: Desk, bill: Record, size: int, kind: str, text: str, *, parent: int | None = None,
    online: str | None = None, source: str | None = None, target: str | None = None,
) -> list[tuple[int, int, Record | None]]:  # fmt: skip
    """Put an amount on a bill: what interest is open first as its own, the rest on its only matter or on none."""
    number = parent if parent is not None else _next_parent(desk)
    open_interest = min(size, max(0, _open_interest(bill))) if size >= cents(bill["balance"]) else 0
    only = bill["matters"][0] if len(bill["matters"]) == 1 else None
    found = []
    for part, is_interest in ((size - open_interest, False), (open_interest, True)):
        if part:
            item = desk.add(
                "allocations", date=desk.day(), amount=amount(part), interest=is_interest, description=text,
                payment_type=online, has_online_payment=online is not None, destroyable=True,
                bill={"id": bill["id"]}, matter=None if is_interest else only, contact=bill["client"],
                parent={"id": number, "type": kind, "identifier": text},
                source_bank_account=_account(desk, source), destination_bank_account=_account(desk, target),
            )  # fmt: skip
            found.append((item, part, None if is_interest else only))
    return found


def _open_interest(bill: Record) -> int:
    return cents(bill["interest"]["balance"]) if bill["interest"] else 0


def _account(desk: Desk, kind: str | None) -> Record | None:
    number = account_of(desk, kind) if kind else None
    return None if number is None else {"id": number}


def _next_parent(desk: Desk) -> int:
    """Payments are in no list of Clio's: their ids follow from the last allocation's."""
    return PAYMENT_IDS + desk.store.tables["allocations"].top


def start_online_payment(desk: Desk) -> int | None:
    """A client pays by card; the bill shows it as pending until it is through."""
    bill = some_bill(desk, "awaiting_payment")
    if bill is None or cents(bill["balance"]) <= 0 or cents(bill["pending"]):
        return None
    payment = desk.add(
        "clio_payments/payments", amount=bill["balance"], currency="USD", deposit_as_revenue=True, state="pending",
        description=f"Bill {bill['number']}", contact=bill["client"], bills=[{"id": bill["id"]}],
        matters=bill["matters"], destination_account=_account(desk, "Operating"), user=bill["user"], allocations=[],
    )  # fmt: skip
    desk.change("bills", bill["id"], pending=bill["balance"])
    return payment


def finish_online_payment(desk: Desk) -> int | None:
    """A payment by card comes through, or fails."""
    payment = desk.choose("clio_payments/payments", desk.where("clio_payments/payments", state='"pending"'), late=True)
    bill = desk.find("bills", id_of(payment["bills"][0])) if payment and payment["bills"] else None
    if payment is None or bill is None:
        return None
    desk.change("bills", bill["id"], pending=amount(0))
    if desk.happens(0.15) or bill["state"] != "awaiting_payment":
        desk.change("clio_payments/payments", payment["id"], state="failed")
        return int(payment["id"])
    item = _pay_directly(desk, bill, cents(payment["amount"]), "Card")
    allocation = desk.get("allocations", item)
    own = [each for each in desk.referring("allocations", "bill", bill["id"])
           if each["parent"]["id"] == allocation["parent"]["id"]]  # fmt: skip
    transactions = desk.store.tables["bank_transactions"].ids_referring("allocation", item)
    desk.change(
        "clio_payments/payments", payment["id"], state="completed", allocations=[{"id": each["id"]} for each in own],
        confirmation_number=f"{payment['id']:010X}", bank_transaction={"id": transactions[0]} if transactions else None,
    )  # fmt: skip
    return int(payment["id"])


def void_payment(desk: Desk) -> int | None:
    """A payment bounces: all of its allocations are voided and the money leaves the accounts again."""
    places = desk.store.tables["allocations"].entity.positions
    voided, amount_at, online = places["voided_at"], places["amount"], places["has_online_payment"]
    chosen = desk.choose("allocations", lambda row: row[voided] == "null" and not str(row[amount_at]).startswith("-")
                         and row[online] != "true", late=True)  # fmt: skip
    if chosen is None or chosen["parent"]["type"] != "Payment" or chosen["source_bank_account"] is not None:
        return None
    bill = desk.find("bills", id_of(chosen["bill"]))
    if bill is None or bill["kind"] != "revenue_kind" or bill["state"] not in ("awaiting_payment", "paid"):
        return None
    for item in _siblings(desk, chosen):
        desk.change("allocations", item["id"], voided_at=desk.writer.moment())
        links = {"client": item["contact"], "matter": item["matter"], "bill": item["bill"]}
        text = str(item["description"])
        move(
            desk, "Operating", -cents(item["amount"]), "Returned payment", text, allocation={"id": item["id"]}, **links
        )
        reckon(desk, item["bill"]["id"])
    return int(chosen["id"])


def _siblings(desk: Desk, item: Record) -> list[Record]:
    """Return the live allocations of one payment, also to the client's other bills."""
    found = desk.referring("allocations", "contact", item["contact"]["id"])
    return [each for each in found if each["parent"]["id"] == item["parent"]["id"] and each["voided_at"] is None
            and each["parent"]["type"] == item["parent"]["type"]]  # fmt: skip


def write_off(desk: Desk) -> int | None:
    """A bill is credited, as a discount or because nobody hopes for the rest any more."""
    bill = some_bill(desk, "awaiting_payment")
    if bill is None or cents(bill["balance"]) <= 0:
        return None
    balance, is_discount = cents(bill["balance"]), desk.happens(0.4)
    size = max(1, balance * desk.between(2, 20) // 100) if is_discount else balance
    text = "Prompt payment discount" if is_discount else "Client goodwill"
    memo = desk.add("credit_memos", date=desk.day(), amount=amount(size), description=text, discount=is_discount,
                    user=bill["user"], contact=bill["client"], allocations=[])  # fmt: skip
    items = _allocate(desk, bill, size, "CreditMemo", text, parent=memo)
    desk.change("credit_memos", memo, allocations=[{"id": item} for item, _, _ in items])
    reckon(desk, bill["id"])
    return memo


def void_credit(desk: Desk) -> int | None:
    """A credit is taken back, and its allocations with it."""
    memo = desk.choose("credit_memos", desk.where("credit_memos", voided_at="null"), late=True)
    if memo is None:
        return None
    items = [desk.get("allocations", each["id"]) for each in memo["allocations"]]
    bills = {id_of(item["bill"]) for item in items}
    for item in items:
        desk.change("allocations", item["id"], voided_at=desk.writer.moment())
    desk.change("credit_memos", memo["id"], voided_at=desk.writer.moment())
    for bill in sorted(number for number in bills if number is not None):
        reckon(desk, bill)
    return int(memo["id"])


def charge_interest(desk: Desk) -> int | None:
    """Interest is charged on an issued bill of a client who agreed to it."""
    bill = some_bill(desk, "awaiting_payment", bears_interest=True)
    if bill is None or cents(bill["balance"]) <= 0:
        return None
    size = max(1, percent(cents(bill["balance"]), 100))
    first = bill["matters"][0]
    number = desk.add(
        "interest_charges", date=desk.day(), description="Interest on overdue balance", total=amount(size),
        bill={"id": bill["id"]}, matters=bill["matters"],
        balances=[{"id": first["id"], "amount": amount(size), "type": "Matter"}],
    )  # fmt: skip
    reckon(desk, bill["id"])
    return number


def deposit_trust(desk: Desk) -> int | None:
    """A client brings a retainer."""
    matter = open_matter(desk)
    if matter is None or matter["client"] is None or account_of(desk, "Trust") is None:
        return None
    move_trust(desk, matter, desk.between(2, 20) * 25_000, "Retainer")
    return int(matter["id"])
