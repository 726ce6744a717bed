"""The firm's two bank accounts: every payment and trust move as a transaction, costs paid, salaries and rent.

The balance of an account is the sum of its transactions; the trust account's is the sum of all clients' trust money.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from apps.clio.sandbox.firm.arithmetic import percent
from apps.clio.sandbox.firm.clients import DAY_SECONDS
from apps.clio.sandbox.firm.records import Allocation, Bill, Contact, Firm, Matter, Money, TrustMove
from apps.clio.sandbox.firm.streams import stream
from apps.clio.sandbox.firm.workdays import Month

OPERATING, TRUST = "Operating", "Trust"
ONLINE = ("card", "echeck")
OPENING_PER_KEEPER = 3_000_000


@dataclass(slots=True, eq=False)
class BankMove:
    """Money into (positive) or out of (negative) an account; `balance` is the account's after it."""

    account: str
    day: int
    created: int
    cents: int
    kind: str
    description: str
    client: Contact | None = None
    matter: Matter | None = None
    bill: Bill | None = None
    allocation: Allocation | None = None
    is_online: bool = False
    balance: int = 0
    id: int = 0


@dataclass(slots=True, eq=False)
class OnlinePayment:
    """A payment by card or eCheck: what came of it, and the payment it became."""

    client: Contact
    amount: int
    created: int
    state: str
    confirmation: str
    money: Money
    moves: list[BankMove]
    updated: int = 0
    id: int = 0


def keep_accounts(firm: Firm, months: list[Month]) -> list[BankMove]:
    """Return all transactions in order, each with the balance after it."""
    moves = [_opening(firm), *_trust_moves(firm), *_receipts(firm), *_costs(firm)]
    moves += _overheads(firm, moves, months)
    moves.sort(key=lambda move: (move.day, move.created, -move.cents, move.kind))
    balances = {OPERATING: 0, TRUST: 0}
    for move in moves:
        balances[move.account] += move.cents
        move.balance = balances[move.account]
    return moves


def _opening(firm: Firm) -> BankMove:
    """What the operating account held before the history: some weeks of salaries."""
    day = firm.first_day - 30
    cents = OPENING_PER_KEEPER * sum(person.keeps_time for person in firm.people)
    return BankMove(OPERATING, day, day * DAY_SECONDS + 30_000, cents, "Deposit", "Opening balance")


def _trust_moves(firm: Firm) -> list[BankMove]:
    found = []
    for move in firm.trust_moves:
        created = move.payment.created if move.payment is not None else move.day * DAY_SECONDS + 33_000
        kind = "Trust deposit" if move.amount > 0 else "Trust payment"
        found.append(
            BankMove(TRUST, move.day, created, move.amount, kind, move.reason, move.matter.client, move.matter,
                     move.bill, _allocation_of(move))
        )  # fmt: skip
    return found


def _allocation_of(move: TrustMove) -> Allocation | None:
    if move.payment is None:
        return None
    own = [item for item in move.payment.allocations if item.bill is move.bill]
    named = [item for item in own if item.matter is move.matter and item.amount == abs(move.amount)]
    fitting = named or [item for item in own if item.matter is None] or own
    return fitting[0] if fitting else None


def _receipts(firm: Firm) -> list[BankMove]:
    found = []
    for payment in firm.payments:
        if payment.source == "trust_deposit":
            continue
        for item in payment.allocations:
            kind = "Transfer from trust" if payment.source == "trust" else "Refund" if item.amount < 0 else "Payment"
            found.append(_receipt(payment, item, item.amount, payment.created, kind))
            if item.voided is not None:
                found.append(_receipt(payment, item, -item.amount, item.voided, "Returned payment"))
    return found


def _receipt(payment: Money, item: Allocation, cents: int, moment: int, kind: str) -> BankMove:
    return BankMove(
        OPERATING, moment // DAY_SECONDS, moment, cents, kind, payment.reference, payment.client, item.matter,
        item.bill, item, payment.source in ONLINE,
    )  # fmt: skip


def _costs(firm: Firm) -> list[BankMove]:
    """Hard costs are paid from the operating account the day they are written down."""
    return [
        BankMove(OPERATING, entry.created // DAY_SECONDS, entry.created + 60, -entry.total, "Disbursement", entry.note,
                 entry.vendor, entry.matter)
        for entry in firm.activities if entry.type == "HardCostEntry"
    ]  # fmt: skip


def _overheads(firm: Firm, moves: list[BankMove], months: list[Month]) -> list[BankMove]:
    """Salaries and rent at the end of a month, never more than what the month left over."""
    ends = [month.last for month in months]
    earned = [0] * (len(months) + 1)
    for move in moves:
        if move.account == OPERATING:
            earned[bisect_left(ends, move.day)] += move.cents
    left = 0
    found = []
    for at, month in enumerate(months):
        left += earned[at]
        for share, text in ((5_500, "Salaries"), (900, "Rent and utilities")):
            cents = percent(max(0, left), share)
            if cents:
                created = month.last * DAY_SECONDS + 64_000
                found.append(BankMove(OPERATING, month.last, created, -cents, "Withdrawal", text))
                left -= cents
    return found


def take_online_payments(firm: Firm, moves: list[BankMove]) -> list[OnlinePayment]:
    """Return the payments by card and eCheck, now and then after an attempt that failed."""
    chance = stream(firm.seed, "online")
    by_payment: dict[int, list[BankMove]] = {}
    for move in moves:
        if move.is_online and move.allocation is not None and move.cents > 0:
            by_payment.setdefault(id(move.allocation.parent), []).append(move)
    found = []
    for payment in firm.payments:
        if payment.source not in ONLINE:
            continue
        number = f"{int(chance() * 16**10):010X}"
        if chance() < 0.04:
            early = payment.created - 7200
            found.append(OnlinePayment(payment.client, payment.amount, early, "failed", "", payment, [], early + 60))
        state = "voided" if payment.voided is not None else "completed"
        found.append(OnlinePayment(payment.client, payment.amount, payment.created - 300, state, number, payment,
                                   by_payment.get(id(payment), []), payment.voided or payment.created))  # fmt: skip
    found.sort(key=lambda each: each.created)
    return found
