"""A bill worked out from its lines, interest, payments and credits, as its fields must say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.clio.sandbox.changes import Record
from apps.clio.sandbox.firm.arithmetic import percent, split
from apps.clio.sandbox.live.amounts import amount, cents, id_of
from apps.clio.sandbox.live.desk import Desk

APPROVED = ("awaiting_payment", "paid")
GONE = ("void", "deleted")


@dataclass(slots=True)
class Reckoning:
    """What the lines of a bill come to, in cents; `shares` per matter."""

    sub_total: int = 0
    discounted: int = 0
    taxes: tuple[int, int] = (0, 0)
    services: int = 0
    services_taxes: tuple[int, int] = (0, 0)
    shares: dict[int, int] = field(default_factory=dict)
    lines: dict[int, Record] = field(default_factory=dict)
    """Line id -> what its own fields must say."""


def reckon(desk: Desk, number: int) -> None:
    """Make every sum of a bill say what its lines, interest, payments and credits come to."""
    bill = desk.get("bills", number)
    found = sums_of(desk, bill)
    for line, values in found.lines.items():
        known = desk.get("line_items", line)
        if any(cents(known[name]) != cents(value) for name, value in values.items()):
            desk.change("line_items", line, **values)
    desk.change("bills", number, **fields_of(desk, bill, found))


def sums_of(desk: Desk, bill: Record) -> Reckoning:
    """Return what the lines come to; a trust request comes to what its trust lines ask for."""
    matters = [int(each["id"]) for each in bill["matters"]]
    if bill["kind"] == "trust_kind":
        asked = sum(cents(each["total"]) for each in desk.referring("trust_line_items", "bill", bill["id"]))
        return Reckoning(asked, shares={matters[0]: asked} if matters else {})
    lines = [each for each in desk.referring("line_items", "bill", bill["id"]) if each["type"] != "NoChargeLineItem"]
    bases = {
        each["id"]: cents(each["sub_total"]) - _reduction(cents(each["sub_total"]), each["discount"]) for each in lines
    }
    found = Reckoning(sum(bases.values()), shares=dict.fromkeys(matters, 0))
    nets = _nets(bill, lines, bases, found)
    rates = (cents(bill["tax_rate"]), cents(bill["secondary_tax_rate"]))
    for line in lines:
        net = nets[line["id"]]
        tax, second = (percent(net, rate) if net > 0 else 0 for rate in rates)
        found.lines[line["id"]] = {
            "total": amount(bases[line["id"]]),
            "tax": amount(tax),
            "secondary_tax": amount(second),
        }
        found.taxes = (found.taxes[0] + tax, found.taxes[1] + second)
        matter = id_of(line["matter"]) or matters[0]
        found.shares[matter] = found.shares.get(matter, 0) + net + tax + second
        if line["kind"] == "Service":
            found.services += bases[line["id"]]
            found.services_taxes = (found.services_taxes[0] + tax, found.services_taxes[1] + second)
    return found


def _nets(bill: Record, lines: list[Record], bases: dict[int, int], found: Reckoning) -> dict[int, int]:
    """Return each line's base less its share of the bill's discount."""
    only_services = bill["discount_services_only"] == "true"
    eligible = [
        each["id"] for each in lines
        if bases[each["id"]] > 0 and (each["kind"] == "Service" or not only_services)
    ]  # fmt: skip
    weights = [bases[each] for each in eligible]
    found.discounted = _reduction(sum(weights), bill["discount"])
    shares = split(found.discounted, weights)
    return {**bases, **{each: bases[each] - share for each, share in zip(eligible, shares, strict=True)}}


def _reduction(base: int, discount: Any) -> int:
    if discount is None:
        return 0
    size = cents(discount["rate"])
    return percent(base, size) if discount["type"] == "percentage" else size


def fields_of(desk: Desk, bill: Record, found: Reckoning) -> Record:
    """Return the fields of a bill that follow from its sums and from what was paid and credited."""
    live = [each for each in desk.referring("allocations", "bill", bill["id"]) if each["voided_at"] is None]
    interest = sum(cents(each["total"]) for each in desk.referring("interest_charges", "bill", bill["id"]))
    payments = [each for each in live if each["parent"]["type"] == "Payment"]
    paid = sum(cents(each["amount"]) for each in payments)
    credited = sum(cents(each["amount"]) for each in live) - paid
    due = found.sub_total - found.discounted + sum(found.taxes) + interest
    is_live, balance = bill["state"] not in GONE, due - paid - credited
    state = bill["state"] if bill["state"] not in APPROVED else "paid" if balance <= 0 else "awaiting_payment"
    amounts = {
        "total": due + found.discounted, "sub_total": found.sub_total, "due": due, "balance": balance if is_live else 0,
        "paid": paid, "credits_issued": credited, "tax_sum": found.taxes[0], "secondary_tax_sum": found.taxes[1],
        "total_tax": sum(found.taxes), "services_sub_total": found.services, "services_tax": found.services_taxes[0],
        "services_secondary_tax": found.services_taxes[1],
    }  # fmt: skip
    settled = settle(found.shares, live)
    own_interest = interest - sum(cents(each["amount"]) for each in live if each["interest"])
    return {
        "state": state, "paid_at": max((each["created_at"] for each in payments), default=None),
        **{name: amount(value) for name, value in amounts.items()},
        "matter_totals": [{"id": key, "amount": amount(total)} for key, total in found.shares.items()],
        "balances": _balances(found.shares, settled, own_interest) if is_live else [],
        "interest": {**bill["interest"], "balance": amount(own_interest), "total": amount(interest)}
        if bill["interest"] and is_live else None,
    }  # fmt: skip


def settle(shares: dict[int, int], live: list[Record]) -> dict[int, int]:
    """Return what each matter's share was settled by: the named matter first, then the others; no more than it owes."""
    settled, credit = dict.fromkeys(shares, 0), 0
    for item in sorted(live, key=lambda each: (each["date"], each["created_at"], each["id"])):
        rest, named = cents(item["amount"]), id_of(item["matter"])
        if item["interest"]:
            continue
        order = sorted(shares, key=lambda key: (key != named, key))
        if rest < 0:
            back = min(credit, -rest)
            credit, rest = credit - back, rest + back
        for key in order:
            part = min(rest, max(0, shares[key] - settled[key])) if rest > 0 else -min(-rest, settled[key])
            settled[key] += part
            rest -= part
        credit += max(0, rest)
    return settled


def _balances(shares: dict[int, int], settled: dict[int, int], interest: int) -> list[Record]:
    found = []
    for at, (key, total) in enumerate(shares.items()):
        rest, own = total - settled[key], interest if at == 0 else 0
        found.append({"id": key, "type": "Matter", "amount": amount(rest), "interest_amount": amount(own),
                      "due": amount(rest + own)})  # fmt: skip
    return found
