"""How bills are settled: paid in time or late, in parts, together, from trust, by card; credited, charged interest."""

from dataclasses import dataclass, field

from apps.clio.sandbox.firm.arithmetic import percent
from apps.clio.sandbox.firm.clients import DAY_SECONDS
from apps.clio.sandbox.firm.records import Allocation, Bill, Contact, Interest, Matter, Money
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream
from apps.clio.sandbox.firm.trust import TrustBook

Step = tuple[int, str, int]
"""Day, kind (payment, bounced, discount, write_off, overpayment, refund), share of the principal in percent."""


@dataclass(slots=True)
class Cashier:
    """Settles the bills of a firm, client by client, in order of issue."""

    chance: Chance
    last_day: int
    trust: TrustBook
    payments: list[Money] = field(default_factory=list)
    memos: list[Money] = field(default_factory=list)
    _open: dict[tuple[int, int, str], Money] = field(default_factory=dict)
    _last_paid: dict[int, int] = field(default_factory=dict)

    def settle(self, bill: Bill) -> None:
        """Live through a bill's days until it is settled or the history ends."""
        for day, kind, share in self._plan(bill):
            if day > self.last_day:
                break
            self._charge_interest(bill, day)
            self._take_step(bill, day, kind, share)
        self._charge_interest(bill, self.last_day)
        if bill.due - bill.paid - bill.credited <= 0:
            bill.state = "paid"

    def _plan(self, bill: Bill) -> list[Step]:
        chance, client, mark = self.chance, bill.client, self.chance()
        day = bill.issued + max(1, client.pace * between(chance, 50, 160) // 100)
        if any(matter.billing_method == "contingency" for matter in bill.matters):
            return [(bill.issued + 2, "trust_payment", 100)]
        if client.habit == "bad" and mark < 0.45:
            return [(bill.issued + between(chance, 120, 210), "write_off", 100)] if chance() < 0.7 else []
        if client.habit == "partial" or mark < 0.06:
            return self._partial(day)
        previous = self._last_paid.get(client.id, 0)
        if bill.issued <= previous < day + 25 and chance() < 0.6:
            day = previous
        self._last_paid[client.id] = day
        if mark < 0.085:
            return [(day, "discount", between(chance, 2, 5)), (day, "payment", 100)]
        if mark < 0.095:
            return [(day, "bounced", 100), (day + between(chance, 6, 15), "payment", 100)]
        if mark < 0.103:
            return self._overpaid(day)
        return [(day, "payment", 100)]

    def _partial(self, day: int) -> list[Step]:
        chance = self.chance
        steps: list[Step] = [(day, "payment", between(chance, 30, 70))]
        later = day + between(chance, 25, 70)
        mark = chance()
        if mark < 0.7:
            steps.append((later, "payment", 100))
        elif mark < 0.9:
            steps.append((later + 60, "write_off", 100))
        return steps

    def _overpaid(self, day: int) -> list[Step]:
        steps: list[Step] = [(day, "payment", 100), (day, "overpayment", between(self.chance, 1, 6))]
        if self.chance() < 0.4:
            steps.append((day + between(self.chance, 5, 30), "refund", 100))
        return steps

    def _take_step(self, bill: Bill, day: int, kind: str, share: int) -> None:
        rest = bill.principal - sum(bill.settled.values())
        amount = rest if share == 100 else rest * share // 100
        if kind == "overpayment":
            self._pay_over(bill, day, share * 2_500)
        elif kind == "refund":
            self._refund(bill, day)
        elif kind == "bounced" and amount > 0:
            self._bounce(bill, day, amount)
        elif kind in ("discount", "write_off") and amount > 0:
            self._credit(bill, day, amount, is_discount=kind == "discount")
        elif kind in ("payment", "trust_payment") and amount > 0:
            parent = self._payment(bill, day, from_trust=kind == "trust_payment")
            self._put(parent, bill, amount)
            if amount == rest:
                self._put_interest(parent, bill)

    def _charge_interest(self, bill: Bill, until: int) -> None:
        rate = bill.client.interest
        day = bill.due_on + 30 * (len(bill.interest) + 1)
        while rate and len(bill.interest) < 6 and day < until:
            rest = bill.principal - sum(bill.settled.values())
            charge = percent(rest, rate)
            if charge <= 0:
                return
            bill.interest.append(Interest(bill, day, charge))
            bill.updated = max(bill.updated, day * DAY_SECONDS + 10_000)
            day += 30

    def _payment(self, bill: Bill, day: int, *, from_trust: bool) -> Money:
        client, mark = bill.client, self.chance()
        source = "trust" if from_trust else _source(client, mark)
        key = (client.id, day, source)
        payment = self._open.get(key)
        if payment is None:
            created = day * DAY_SECONDS + between(self.chance, 34_000, 62_000)
            reference = f"Check {between(self.chance, 1000, 9999)}" if source == "direct" else f"{source} payment"
            payment = self._open[key] = Money("Payment", client, day, created, source, reference)
            self.payments.append(payment)
        return payment

    def _put(self, parent: Money, bill: Bill, amount: int) -> None:
        """Put an amount on what the matters of a bill still owe, in order of their ids."""
        parts = []
        rest = amount
        for matter in bill.matters:
            part = min(rest, max(0, bill.matter_totals[matter.id] - bill.settled[matter.id]))
            if part:
                parts.append((matter, part))
                bill.settled[matter.id] += part
                rest -= part
        if rest and parts:
            parts[-1] = (parts[-1][0], parts[-1][1] + rest)
            bill.settled[parts[-1][0].id] += rest
        names_matters = len(bill.matters) == 1 or self.chance() < 0.7
        if parent.source == "trust":
            for matter, part in parts:
                self.trust.draw(matter, part, parent, bill)
        if not names_matters:
            self._allocate(parent, bill, None, amount)
            return
        for matter, part in parts:
            self._allocate(parent, bill, matter, part)

    def _put_interest(self, parent: Money, bill: Bill) -> None:
        if bill.interest_total:
            self._allocate(parent, bill, None, bill.interest_total, is_interest=True)
            if parent.source == "trust":
                self.trust.draw(bill.matters[0], bill.interest_total, parent, bill)

    def _allocate(
        self, parent: Money, bill: Bill, matter: Matter | None, amount: int, *, is_interest: bool = False
    ) -> None:
        item = Allocation(parent, bill, matter, amount, is_interest)
        parent.amount += amount
        parent.allocations.append(item)
        bill.allocations.append(item)
        bill.updated = max(bill.updated, parent.created)

    def _pay_over(self, bill: Bill, day: int, amount: int) -> None:
        parent = self._payment(bill, day, from_trust=False)
        self._allocate(parent, bill, bill.matters[0], amount)
        if parent.source == "trust":
            self.trust.draw(bill.matters[0], amount, parent, bill)

    def _refund(self, bill: Bill, day: int) -> None:
        excess = bill.paid + bill.credited - bill.due
        if excess > 0:
            created = day * DAY_SECONDS + between(self.chance, 34_000, 62_000)
            parent = Money("Payment", bill.client, day, created, "direct", "Refund")
            self.payments.append(parent)
            self._allocate(parent, bill, bill.matters[0], -excess)

    def _bounce(self, bill: Bill, day: int, amount: int) -> None:
        created = day * DAY_SECONDS + between(self.chance, 34_000, 62_000)
        parent = Money("Payment", bill.client, day, created, "direct", f"Check {between(self.chance, 1000, 9999)}")
        parent.voided = min(created + between(self.chance, 2, 5) * DAY_SECONDS, self.last_day * DAY_SECONDS + 70_000)
        self.payments.append(parent)
        self._allocate(parent, bill, bill.matters[0], amount)
        parent.allocations[0].voided = parent.voided

    def _credit(self, bill: Bill, day: int, amount: int, *, is_discount: bool) -> None:
        created = day * DAY_SECONDS + between(self.chance, 34_000, 62_000)
        text = "Prompt payment discount" if is_discount else pick(self.chance, ("Uncollectible", "Client goodwill"))
        memo = Money("CreditMemo", bill.client, day, created, "credit", text, is_discount, person=bill.creator)
        if self.chance() < 0.02:
            self._void_twin(bill, memo, amount)
        self.memos.append(memo)
        rest = bill.principal - sum(bill.settled.values())
        self._put(memo, bill, amount)
        if amount == rest:
            self._put_interest(memo, bill)

    def _void_twin(self, bill: Bill, memo: Money, amount: int) -> None:
        twin = Money("CreditMemo", memo.client, memo.day, memo.created - 900, "credit", memo.reference,
                     memo.is_discount, person=memo.person, voided=memo.created - 300)  # fmt: skip
        self.memos.append(twin)
        self._allocate(twin, bill, bill.matters[0], amount)
        twin.allocations[0].voided = twin.voided


def _source(client: Contact, mark: float) -> str:
    """Return where a client's money comes from, by the client's habits and a mark between 0 and 1."""
    if client.uses_trust and mark < 0.8:
        return "trust"
    if client.pays_online and mark < 0.9:
        return "card" if mark < 0.7 else "echeck"
    return "operating" if mark < 0.02 else "direct"


def settle_bills(seed: int, bills: list[Bill], clients: list[Contact], last_day: int, trust: TrustBook) -> Cashier:
    """Settle all approved revenue bills; every client has a stream of chance of its own."""
    by_client: dict[int, list[Bill]] = {client.id: [] for client in clients}
    for bill in bills:
        if bill.approved:
            by_client[bill.client.id].append(bill)
    cashier = Cashier(stream(seed, "settlement"), last_day, trust)
    for client in clients:
        cashier.chance = stream(seed, f"settlement:{client.id}")
        for bill in sorted(by_client[client.id], key=lambda each: (each.issued, each.created)):
            cashier.settle(bill)
    return cashier
