"""Money into and out of the bank accounts and the clients' trust balances."""

from __future__ import annotations

from typing import Any

from apps.clio.sandbox.changes import Record
from apps.clio.sandbox.live.amounts import amount, cents
from apps.clio.sandbox.live.desk import Desk


def account_of(desk: Desk, kind: str) -> int | None:
    """Return the id of the Operating or Trust account, if the firm has one."""
    table = desk.store.tables["bank_accounts"]
    at = table.entity.positions["type"]
    return next((number for number, row in zip(table.ids, table.rows, strict=True) if row[at] == f'"{kind}"'), None)


def move(desk: Desk, kind: str, size: int, what: str, text: str, **links: Any) -> int | None:
    """Book a transaction and the account's balance after it; return its id. links: client, matter, bill, allocation."""
    account = account_of(desk, kind)
    if account is None:
        return None
    known = desk.get("bank_accounts", account)
    balance = cents(known["balance"]) + size
    number = desk.add(
        "bank_transactions", type="BankTransaction", transaction_type=what, source=text, date=desk.day(),
        amount=amount(size), funds_in=amount(max(0, size)), funds_out=amount(max(0, -size)), currency="USD",
        currency_id=1, exchange_rate=1, description=text, clio_payments_transaction=links.pop("is_online", False),
        current_account_balance=amount(balance), bank_account_id=account, read_only_confirmation=False,
        bank_account={"id": account}, **links,
    )  # fmt: skip
    desk.change("bank_accounts", account, balance=amount(balance),
                bank_transactions_count=(known["bank_transactions_count"] or 0) + 1)  # fmt: skip
    return number


def move_trust(desk: Desk, matter: Record, size: int, text: str, **links: Any) -> None:
    """Book a transaction of the trust account and the balances of the matter and its client."""
    what = "Trust deposit" if size > 0 else "Trust payment"
    move(desk, "Trust", size, what, text, client=matter["client"], matter={"id": matter["id"]}, **links)
    for name, number in (("matters", int(matter["id"])), ("contacts", int(matter["client"]["id"]))):
        balances = desk.get(name, number)["account_balances"]
        desk.change(name, number, account_balances=_with_trust(number, balances, size))


def trust_of(record: Record) -> int:
    """Return what a matter or client has in trust."""
    return sum(cents(each["balance"]) for each in record["account_balances"] if each["type"] == "Trust")


def _with_trust(number: int, balances: list[Record], size: int) -> list[Record]:
    if not any(each["type"] == "Trust" for each in balances):
        balances = [*balances, {"id": number * 2 + 1, "type": "Trust", "balance": amount(0), "name": "Trust Account"}]
    return [
        {**each, "balance": amount(cents(each["balance"]) + size)} if each["type"] == "Trust" else each
        for each in balances
    ]
