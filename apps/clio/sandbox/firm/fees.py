"""Fees agreed in advance: flat fees in one or two parts, contingency fees when a case is won."""

from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.clients import DAY_SECONDS
from apps.clio.sandbox.firm.records import Activity, Matter
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream

FLAT_FEES = (150_000, 250_000, 350_000, 500_000, 850_000)
ONE_HOUR = 3600
"""Clio's help has users type a quantity of one for an agreed fee."""


def charge_agreed_fees(seed: int, matters: list[Matter], first_day: int, last_day: int) -> list[Activity]:
    """Return the flat-fee and contingency-fee entries of the history."""
    chance = stream(seed, "fees")
    entries: list[Activity] = []
    for matter in matters:
        if matter.opened is None or not matter.billable:
            continue
        if matter.billing_method == "flat":
            entries += _flat_fee(chance, matter)
        elif matter.billing_method == "contingency" and matter.closed and chance() < 0.75:
            fee = between(chance, 80, 1400) * 10_000
            entries.append(_fee(chance, matter, matter.closed, fee, "Contingency fee", is_flat=False))
    return [entry for entry in entries if first_day <= entry.day and entry.created // DAY_SECONDS <= last_day]


def _flat_fee(chance: Chance, matter: Matter) -> list[Activity]:
    assert matter.opened is not None
    fee = pick(chance, FLAT_FEES)
    what = matter.area or vocabulary.AREAS[0][0]
    if chance() < 0.6:
        return [_fee(chance, matter, matter.opened, fee, f"Flat fee: {what}", is_flat=True)]
    parts = [_fee(chance, matter, matter.opened, fee // 2, f"Flat fee, first half: {what}", is_flat=True)]
    if matter.closed:
        parts.append(_fee(chance, matter, matter.closed, fee - fee // 2, f"Flat fee, balance: {what}", is_flat=True))
    return parts


def _fee(chance: Chance, matter: Matter, day: int, amount: int, note: str, *, is_flat: bool) -> Activity:
    created = day * DAY_SECONDS + between(chance, 10 * 3600, 18 * 3600)
    entry = Activity("TimeEntry", matter.team[0], matter, day, ONE_HOUR, ONE_HOUR, amount, amount, note, "Fee", created)
    entry.flat, entry.contingency = is_flat, not is_flat
    return entry
