"""Checks that the books tie: bills to lines and money, accounts to transactions, entries to bills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from apps.clio.sandbox.changes import Record
from apps.clio.sandbox.live.amounts import cents, id_of
from apps.clio.sandbox.live.banking import trust_of
from apps.clio.sandbox.live.bills import APPROVED, GONE, fields_of, sums_of
from apps.clio.sandbox.live.desk import Desk

NOT_SUMS = ("matter_totals", "balances", "interest", "paid_at", "state")


def audit(desk: Desk) -> list[str]:
    """Return in words, by ids, everything that does not tie."""
    with desk.store.lock:
        return [*_bills(desk), *_entries(desk), *_credits(desk), *_accounts(desk), *_trust(desk), *_payments(desk)]


def _all(desk: Desk, name: str) -> Iterator[Record]:
    return (desk.get(name, number) for number in list(desk.store.tables[name].ids))


def _bills(desk: Desk) -> Iterator[str]:
    for bill in _all(desk, "bills"):
        if bill["state"] == "deleted":
            continue
        expected = fields_of(desk, bill, sums_of(desk, bill))
        for name, value in expected.items():
            if name not in NOT_SUMS and cents(bill[name]) != cents(value):
                yield f"bill {bill['id']}: {name} says {bill[name]}, it comes to {value}"
        if expected["state"] != bill["state"]:
            yield f"bill {bill['id']}: is {bill['state']}, should be {expected['state']}"
        own = sum(cents(each["due"]) for each in bill["balances"])
        if bill["state"] in APPROVED and cents(bill["balance"]) >= 0 and own != cents(bill["balance"]):
            yield f"bill {bill['id']}: balances come to {own} cents, the balance is {bill['balance']}"


def _entries(desk: Desk) -> Iterator[str]:
    for entry in _all(desk, "activities"):
        bill = desk.find("bills", id_of(entry["bill"]))
        on_bill = bill is not None and bill["state"] not in GONE
        billed = bill is not None and bill["state"] in APPROVED
        if (entry["bill"] is not None, entry["on_bill"], entry["billed"]) != (on_bill, on_bill, billed):
            yield f"activity {entry['id']}: its bill says otherwise than on_bill and billed"


def _credits(desk: Desk) -> Iterator[str]:
    for memo in _all(desk, "credit_memos"):
        items = [desk.get("allocations", each["id"]) for each in memo["allocations"]]
        if sum(cents(each["amount"]) for each in items) != cents(memo["amount"]):
            yield f"credit memo {memo['id']}: its allocations come to another amount"
        if any((each["voided_at"] is None) != (memo["voided_at"] is None) for each in items):
            yield f"credit memo {memo['id']}: voided apart from its allocations"


def _accounts(desk: Desk) -> Iterator[str]:
    totals: dict[int | None, int] = defaultdict(int)
    for each in _all(desk, "bank_transactions"):
        totals[id_of(each["bank_account"])] += cents(each["amount"])
        if cents(each["funds_in"]) - cents(each["funds_out"]) != cents(each["amount"]):
            yield f"bank transaction {each['id']}: in and out do not make its amount"
    for account in _all(desk, "bank_accounts"):
        if totals[account["id"]] != cents(account["balance"]):
            yield f"bank account {account['id']}: transactions come to {totals[account['id']]} cents"


def _trust(desk: Desk) -> Iterator[str]:
    by_client: dict[int | None, int] = defaultdict(int)
    total = 0
    for matter in _all(desk, "matters"):
        total += trust_of(matter)
        by_client[id_of(matter["client"])] += trust_of(matter)
        if trust_of(matter) < 0:
            yield f"matter {matter['id']}: less than nothing in trust"
    for contact in _all(desk, "contacts"):
        if trust_of(contact) != by_client[contact["id"]]:
            yield f"contact {contact['id']}: another trust balance than its matters together"
    accounts = [each for each in _all(desk, "bank_accounts") if each["type"] == "Trust"]
    if accounts and sum(cents(each["balance"]) for each in accounts) != total:
        yield f"trust accounts: another balance than all matters together, {total} cents"


def _payments(desk: Desk) -> Iterator[str]:
    """Every live payment from outside is in the operating account, every returned one is out again."""
    if not desk.store.tables["bank_transactions"].rows:
        return
    moved: dict[int, int] = defaultdict(int)
    for each in _all(desk, "bank_transactions"):
        number = id_of(each["allocation"])
        if number is not None and cents(each["amount"]):
            account = desk.find("bank_accounts", id_of(each["bank_account"]))
            moved[number] += cents(each["amount"]) if account is None or account["type"] == "Operating" else 0
    for item in _all(desk, "allocations"):
        target = desk.find("bank_accounts", id_of(item["destination_bank_account"]))
        if item["parent"]["type"] == "Payment" and target is not None and target["type"] == "Operating":
            expected = 0 if item["voided_at"] is not None else cents(item["amount"])
            if moved[item["id"]] != expected:
                yield f"allocation {item['id']}: {moved[item['id']]} cents came in for it"
