"""Money put on bills, one allocation after the other."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.reports.recompute.bills import Bill, Line, in_order
from tests.reports.recompute.cents import cents, share_out
from tests.reports.recompute.viewer import ref

Record = dict[str, Any]
Matter = int | None


@dataclass
class Settled:
    """A piece of an allocation: net, tax 1, tax 2 of a line; or interest, credit, unreconciled money of a matter."""

    day: date
    kind: str
    item: str
    matter: Matter
    person: int | None
    amounts: list[int]
    currency: str
    bill: Bill | None = None
    line: Line | None = None
    record: Record = field(default_factory=dict)


def settle_all(
    records: dict[str, list[Record]], bills: list[Bill], default: str, rule: str = "proportional"
) -> list[Settled]:
    """Return every piece of every live allocation of the bills, and interest received without a bill."""
    memos = {memo["id"]: memo for memo in records["credit_memos"]}
    queues: dict[int | None, list[Record]] = defaultdict(list)
    for allocation in records["allocations"]:
        parent = allocation.get("parent") or {}
        memo = memos.get(parent.get("id"), {}) if parent.get("type") == "CreditMemo" else {}
        if allocation["voided_at"] is None and memo.get("voided_at") is None:
            kind = (
                "payment" if parent.get("type") != "CreditMemo" else "discount" if memo.get("discount") else "write_off"
            )
            queues[ref(allocation, "bill")].append({**allocation, "what": kind})
    pieces: list[Settled] = []
    for bill in bills:
        account = Account(bill, rule)
        for allocation in sorted(queues[bill.id], key=lambda each: (each["date"], each["created_at"], each["id"])):
            pieces += account.put(allocation)
    for allocation in queues[None]:
        if allocation["interest"]:
            day, matter = date.fromisoformat(allocation["date"]), ref(allocation, "matter")
            amounts = [cents(allocation["amount"], default), 0, 0]
            pieces.append(
                Settled(day, allocation["what"], "interest", matter, None, amounts, default, record=allocation)
            )
    return pieces


class Account:
    """A bill that money is put on."""

    def __init__(self, bill: Bill, rule: str) -> None:
        self.bill, self.rule = bill, rule
        self.matters: list[Matter] = sorted({x.matter for x in bill.lines}, key=lambda m: (m is None, m or 0))
        self.owed = {m: sum(sum(x.owed) for x in bill.lines if x.matter == m) for m in self.matters}
        self.got = dict.fromkeys(self.matters, 0)
        self.charged = sum(charge[2] for charge in bill.charges)
        self.interest = self.credit = 0

    def put(self, allocation: Record) -> list[Settled]:
        amount = cents(allocation["amount"], self.bill.currency)
        named = ref(allocation, "matter")
        named = named if named in self.got else None
        before = dict(self.got)
        before_interest, before_credit = self.interest, self.credit
        if allocation["interest"]:
            self.put_interest(amount)
        elif amount >= 0:
            self.receive(amount, named)
        else:
            self.pay_back(-amount, named)
        day = date.fromisoformat(allocation["date"])

        def piece(item: str, matter: Matter, amounts: list[int], line: Line | None = None) -> Settled:
            person = line.person if line else None
            code = self.bill.currency
            return Settled(day, allocation["what"], item, matter, person, amounts, code, self.bill, line, allocation)

        pieces = [
            piece(line.kind, line.matter, moved, line)
            for matter in self.matters
            for line, moved in self.spread(matter, self.got[matter] - before[matter])
        ]
        pieces += [
            piece("unreconciled", matter, [self.got[matter] - before[matter], 0, 0])
            for matter in self.matters
            if self.owed[matter] <= 0 and self.got[matter] != before[matter]
        ]
        if self.interest != before_interest:
            pieces.append(piece("interest", self.interest_matter(), [self.interest - before_interest, 0, 0]))
        if self.credit != before_credit:
            pieces.append(piece("credit", self.bill.only_matter, [self.credit - before_credit, 0, 0]))
        return pieces

    def interest_matter(self) -> Matter:
        if self.bill.only_matter is not None:
            return self.bill.only_matter
        of_charges = {charge[1] for charge in self.bill.charges}
        return of_charges.pop() if len(of_charges) == 1 else None

    def put_interest(self, amount: int) -> None:
        if amount >= 0:
            part = min(amount, max(self.charged - self.interest, 0))
            self.interest, self.credit = self.interest + part, self.credit + amount - part
        else:
            off = min(-amount, self.credit)
            self.credit -= off
            self.interest -= -amount - off

    def receive(self, amount: int, named: Matter) -> None:
        bill_owes = max(sum(self.owed.values()) - sum(self.got.values()), 0)
        rest = min(amount, bill_owes)
        self.credit += amount - rest
        if named is None:
            for matter in self.matters:
                rest -= self.move(matter, min(rest, self.owes(matter)))
            return
        rest -= self.move(named, min(rest, self.owes(named)))
        others = [m for m in self.matters if m != named]
        self.move_pro_rata(rest, others, [self.owes(m) for m in others])

    def pay_back(self, amount: int, named: Matter) -> None:
        off = min(amount, self.credit)
        self.credit -= off
        rest = amount - off
        if named is not None:
            part = min(rest, max(self.got[named], 0))
            self.got[named] -= part
            rest -= part
        others = [m for m in self.matters if named is None or m != named]
        taken = [max(self.got[m], 0) for m in others]
        back = min(rest, sum(taken))
        self.move_pro_rata(-back, others, taken)
        rest -= back
        if rest and self.matters:
            self.got[self.matters[0] if named is None else named] -= rest
        elif rest:
            self.credit -= rest

    def owes(self, matter: Matter) -> int:
        return max(self.owed[matter] - self.got[matter], 0)

    def move(self, matter: Matter, amount: int) -> int:
        self.got[matter] += amount
        return amount

    def move_pro_rata(self, amount: int, matters: list[Matter], weights: list[int]) -> None:
        if amount and sum(weights):
            for matter, part in zip(matters, share_out(amount, weights), strict=True):
                self.got[matter] += part

    def spread(self, matter: Matter, moved: int) -> list[tuple[Line, list[int]]]:
        """Split the running total anew over the matter's lines; what changed is this allocation's."""
        if not moved or self.owed[matter] <= 0:
            return []
        lines = in_order([line for line in self.bill.lines if line.matter == matter])
        split = self.split(self.got[matter], lines)
        changes = []
        for line in lines:
            now = split[line.id]
            difference = [new - old for new, old in zip(now, line.taken, strict=True)]
            line.taken = now
            if any(difference):
                changes.append((line, difference))
        return changes

    def split(self, total: int, lines: list[Line]) -> dict[int, list[int]]:
        """Fill one pile of lines after the other, each by weight; the last bears what is too much, the first a debt."""
        split = {line.id: [0, 0, 0] for line in lines}
        piles = [pile for pile in self.piles(lines) if sum(sum(line.owed) for line in pile)]
        for at, pile in enumerate(piles):
            room = sum(sum(line.owed) for line in pile)
            part = total if total < 0 or at == len(piles) - 1 else min(total, room)
            shares = share_out(part, [owed for line in pile for owed in line.owed])
            for place, line in enumerate(pile):
                split[line.id] = shares[3 * place : 3 * place + 3]
            if total < 0:
                break
            total -= part
        return split

    def piles(self, lines: list[Line]) -> list[list[Line]]:
        def by_age(some: list[Line]) -> list[list[Line]]:
            ordered = sorted(some, key=lambda line: (line.id < 0, line.listed or date.max, line.id))
            return [[line] for line in ordered]

        expenses = [line for line in lines if line.kind == "expense"]
        others = [line for line in lines if line.kind != "expense"]
        if self.rule == "oldest_first":
            return by_age(lines)
        if self.rule == "expenses_first_proportional":
            return [expenses, others]
        if self.rule == "expenses_first_oldest":
            return by_age(expenses) + by_age(others)
        return [lines]
