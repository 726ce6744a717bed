"""Client money: deposits before it is needed, requests for it, and what is drawn to pay bills."""

from dataclasses import dataclass, field

from apps.clio.sandbox.firm.clients import DAY_SECONDS
from apps.clio.sandbox.firm.records import Allocation, Bill, Matter, Money, Person, TrustMove
from apps.clio.sandbox.firm.streams import Chance, between

DEPOSIT_STEP = 100_000


@dataclass(slots=True)
class TrustBook:
    """Keeps every matter's trust balance at zero or above."""

    chance: Chance
    moves: list[TrustMove] = field(default_factory=list)

    def deposit(
        self, matter: Matter, day: int, amount: int, reason: str, payment: Money | None = None, bill: Bill | None = None
    ) -> None:
        """Put client money into trust."""
        self._move(matter, day, amount, reason, payment, bill)

    def draw(self, matter: Matter, amount: int, payment: Money, bill: Bill) -> None:
        """Pay a bill from trust; the client has brought what was missing a few days before."""
        day = payment.day
        missing = amount - matter.trust
        if missing > 0:
            steps = -(-missing // DEPOSIT_STEP)
            self.deposit(matter, day - between(self.chance, 1, 9), steps * DEPOSIT_STEP, "Retainer")
        self._move(matter, day, -amount, "Payment of bill", payment, bill)

    def _move(
        self, matter: Matter, day: int, amount: int, reason: str, payment: Money | None, bill: Bill | None
    ) -> None:
        matter.trust += amount
        matter.client.trust += amount
        self.moves.append(TrustMove(matter, day, amount, reason, payment, bill))


def request_trust(book: TrustBook, matters: list[Matter], biller: Person, first_day: int, last_day: int) -> list[Bill]:
    """Return the trust requests sent when matters of retainer clients were opened; most were funded."""
    requests = []
    for matter in matters:
        opened = matter.opened
        if matter.client.uses_trust and opened is not None and opened >= first_day and book.chance() < 0.7:
            requests.append(_request(book, matter, biller, opened, last_day))
    return requests


def _request(book: TrustBook, matter: Matter, biller: Person, day: int, last_day: int) -> Bill:
    amount = between(book.chance, 1, 10) * 50_000
    created = day * DAY_SECONDS + between(book.chance, 62_000, 66_000)
    bill = Bill(
        matter.client, [matter], biller, created, day, day + 14, day, day, "awaiting_payment", kind="trust_kind"
    )
    bill.subject = "Trust request"
    bill.sub_total = amount
    bill.matter_totals, bill.settled, bill.updated = {matter.id: amount}, {matter.id: 0}, created
    paid_on = day + between(book.chance, 2, 20)
    if paid_on <= last_day and book.chance() < 0.85:
        _fund(book, bill, paid_on)
    return bill


def _fund(book: TrustBook, bill: Bill, day: int) -> None:
    matter, amount = bill.matters[0], bill.sub_total
    created = day * DAY_SECONDS + between(book.chance, 34_000, 62_000)
    payment = Money("Payment", bill.client, day, created, "trust_deposit", "Trust deposit", amount=amount)
    item = Allocation(payment, bill, matter, amount)
    payment.allocations.append(item)
    bill.allocations.append(item)
    bill.settled[matter.id] = amount
    bill.updated, bill.state = created, "paid"
    book.deposit(matter, day, amount, "Trust request", payment, bill)
