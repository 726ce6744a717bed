"""Where the money put on a bill goes: its matters, interest, or the client's credit (kpis.md section 2, SETTLE).

Proportional spreading inside a matter is set-based (ledger/settlement.py); this is the step before it, which depends on
what every earlier allocation left behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from apps.core.money import split_by_largest_remainder


class Target(StrEnum):
    MATTER = "matter"
    INTEREST = "interest"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Allocation:
    """Money put on a bill, in minor units; negative is money back. `matter` is None where it names none."""

    allocation_id: int
    amount: int
    matter: int | None = None
    is_interest: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of an allocation and where it went; `matter` None is "(No matter)"."""

    allocation_id: int
    target: Target
    matter: int | None
    amount: int


@dataclass(slots=True)
class BillAccount:
    """A bill being settled. `owed`: what each matter's lines come to, taxes in; `charged`: its interest charges."""

    owed: Mapping[int | None, int]
    charged: int = 0
    settled: dict[int | None, int] = field(default_factory=dict)
    interest: int = 0
    credit: int = 0

    def __post_init__(self) -> None:
        self.settled = dict.fromkeys(self.order(), 0)

    def order(self) -> list[int | None]:
        """Return the bill's matters by ascending id, "(No matter)" last."""
        return sorted(self.owed, key=lambda matter: (matter is None, matter or 0))

    def put(self, allocation: Allocation) -> list[Cut]:
        """Settle with one allocation; the cuts add up to it."""
        before = dict(self.settled), self.interest, self.credit
        if allocation.amount >= 0:
            self._take(allocation)
        else:
            self._give_back(allocation)
        return list(self._differences(allocation.allocation_id, *before))

    def _take(self, allocation: Allocation) -> None:
        rest = allocation.amount
        if allocation.is_interest:
            part = min(rest, max(self.charged - self.interest, 0))
            self.interest += part
            self.credit += rest - part
            return
        can_take = min(rest, max(sum(self.owed.values()) - sum(self.settled.values()), 0))
        self.credit += rest - can_take
        named, owing = self._named(allocation), self._owing()
        shares = self._in_turn(can_take, owing) if named is None else self._shares(can_take, named, owing)
        for matter, part in shares.items():
            self.settled[matter] += part

    def _give_back(self, allocation: Allocation) -> None:
        rest = -allocation.amount
        off_credit = min(rest, self.credit)
        self.credit -= off_credit
        rest -= off_credit
        if allocation.is_interest:
            self.interest -= rest
            return
        taken = {matter: max(amount, 0) for matter, amount in self.settled.items()}
        can_give = min(rest, sum(taken.values()))
        named = self._named(allocation)
        shares = _pro_rata(can_give, taken) if named is None else self._shares(can_give, named, taken)
        for matter, part in shares.items():
            self.settled[matter] -= part
        self._go_below(named, rest - can_give)

    def _named(self, allocation: Allocation) -> int | None:
        return allocation.matter if allocation.matter in self.settled else None

    def _go_below(self, named: int | None, rest: int) -> None:
        if self.settled:
            self.settled[self.order()[0] if named is None else named] -= rest
        else:
            self.credit -= rest

    def _owing(self) -> dict[int | None, int]:
        return {matter: max(owed - self.settled[matter], 0) for matter, owed in self.owed.items()}

    def _shares(self, amount: int, named: int, room: Mapping[int | None, int]) -> dict[int | None, int]:
        """Use the named matter's room, then the others' pro rata."""
        first = min(amount, room[named])
        return {named: first, **_pro_rata(amount - first, {at: room[at] for at in self.order() if at != named})}

    def _in_turn(self, amount: int, room: Mapping[int | None, int]) -> dict[int | None, int]:
        shares: dict[int | None, int] = {}
        for matter in self.order():
            shares[matter] = min(amount, room[matter])
            amount -= shares[matter]
        return shares

    def _differences(
        self, allocation_id: int, settled: Mapping[int | None, int], interest: int, credit: int
    ) -> Iterable[Cut]:
        for matter in self.order():
            if self.settled[matter] != settled[matter]:
                yield Cut(allocation_id, Target.MATTER, matter, self.settled[matter] - settled[matter])
        if self.interest != interest:
            yield Cut(allocation_id, Target.INTEREST, None, self.interest - interest)
        if self.credit != credit:
            yield Cut(allocation_id, Target.CREDIT, None, self.credit - credit)


def _pro_rata(amount: int, room: Mapping[int | None, int]) -> dict[int | None, int]:
    if amount <= 0 or sum(room.values()) <= 0:
        return dict.fromkeys(room, 0)
    amount = min(amount, sum(room.values()))
    return dict(zip(room, split_by_largest_remainder(amount, list(room.values())), strict=True))


def cut_allocations(owed: Mapping[int | None, int], charged: int, queue: Sequence[Allocation]) -> list[Cut]:
    """Return where every allocation of a bill goes. queue: by date, creation and id, payments and credits in one."""
    account = BillAccount(owed, charged)
    return [cut for allocation in queue for cut in account.put(allocation)]
