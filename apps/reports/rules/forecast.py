"""When money comes in, from how it came in before (kpis.md K45). Amounts are in minor units."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

WEEKS = 13
FEWEST_BILLS_OF_CLIENT, FEWEST_BILLS_OF_AREA = 8, 20
FEWEST_PAST = 3
_NOTHING, _ALL = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of what was billed that came in by so many days from issue; rising, 0 before the first day."""

    bills: int
    days: tuple[int, ...] = ()
    shares: tuple[Decimal, ...] = ()

    @classmethod
    def of(cls, *, bills: int, billed: int, paid: Mapping[int, int]) -> "Curve":
        """Return the curve of money paid by days from issue. Money back lowers no share reached before."""
        shares: list[Decimal] = []
        total = 0
        for days in sorted(paid):
            total += paid[days]
            share = Decimal(total) / Decimal(billed) if billed > 0 else _NOTHING
            shares.append(min(_ALL, max(share, shares[-1] if shares else _NOTHING)))
        return cls(bills, tuple(sorted(paid)), tuple(shares))

    def share(self, days: int) -> Decimal:
        """Return the share that came in within so many days."""
        place = bisect_right(self.days, days)
        return self.shares[place - 1] if place else _NOTHING


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves there are, by client and practice area, and the firm's."""

    firm: Curve
    clients: Mapping[int | None, Curve] = field(default_factory=dict)
    areas: Mapping[int | None, Curve] = field(default_factory=dict)

    def curve(self, client: int | None, area: int | None) -> Curve:
        """Return the nearest curve that enough bills stand behind."""
        own, of_area = self.clients.get(client), self.areas.get(area)
        if client is not None and own is not None and own.bills >= FEWEST_BILLS_OF_CLIENT:
            return own
        if area is not None and of_area is not None and of_area.bills >= FEWEST_BILLS_OF_AREA:
            return of_area
        return self.firm


@dataclass(frozen=True, slots=True)
class OpenBill:
    """What a bill still owes. age: days since its issue."""

    client: int | None
    area: int | None
    age: int
    balance: Decimal


@dataclass(frozen=True, slots=True)
class UnbilledWork:
    """Work at what it will be billed at, and the days until then."""

    client: int | None
    area: int | None
    worth: Decimal
    days_to_bill: int


def expect_from_bills(bills: Sequence[OpenBill], curves: Curves) -> list[Decimal]:
    """Return what open bills bring in each of the coming weeks."""
    weeks = [_NOTHING] * WEEKS
    for bill in bills:
        curve = curves.curve(bill.client, bill.area)
        still_open = _ALL - curve.share(bill.age)
        if still_open <= 0:
            continue
        for week in range(WEEKS):
            gained = curve.share(bill.age + 7 * (week + 1)) - curve.share(bill.age + 7 * week)
            weeks[week] += bill.balance * gained / still_open
    return weeks


def expect_from_work(work: Sequence[UnbilledWork], curves: Curves) -> list[Decimal]:
    """Return what unbilled work brings in each of the coming weeks."""
    weeks = [_NOTHING] * WEEKS
    for each in work:
        curve = curves.curve(each.client, each.area)
        before = _NOTHING
        for week in range(WEEKS):
            share = _since_issue(curve, 7 * (week + 1) - each.days_to_bill)
            weeks[week] += each.worth * (share - before)
            before = share
    return weeks


def band(ratios: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Return the 10th and 90th percentile of what came in over what was expected; None of too few."""
    if len(ratios) < FEWEST_PAST:
        return None
    ordered = sorted(ratios)
    return _at(ordered, Decimal("0.1")), _at(ordered, Decimal("0.9"))


def _since_issue(curve: Curve, days: int) -> Decimal:
    return curve.share(days) if days >= 0 else _NOTHING


def _at(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
