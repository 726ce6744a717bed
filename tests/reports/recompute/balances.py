"""Work in progress, receivables and their age on a day, by any key."""

from tests.reports.recompute.answers import Declared, Facts, Items, Question, amount, percent
from tests.reports.recompute.bills import day
from tests.reports.recompute.standing import owed_facts, parts_of_bills, the_day, unbilled_facts

SPANS = {
    "current": (-99_999, 0), "days_1_30": (1, 30), "days_31_60": (31, 60), "days_61_90": (61, 90),
    "days_91_plus": (91, 99_999),
}  # fmt: skip


def unbilled(facts: Facts, question: Question) -> Items:
    sums = {"fees": 0, "expenses": 0, "contingency_fees": 0}
    for fact in facts["unbilled"]:
        what, value, _ = fact.thing
        sums[what] += value or 0
    sums["total"] = sums["fees"] + sums["expenses"]
    return {name: amount(value, question.code) for name, value in sums.items()}


def receivable(facts: Facts, question: Question) -> Items:
    owed, over = (sum(sum(fact.thing[:3]) for fact in facts[name]) for name in ("owed", "overpaid"))
    return {"total": amount(owed, question.code), "overpaid": amount(-over, question.code)}


def aging(facts: Facts, question: Question) -> Items:
    on, parts = the_day(question), []
    for fact in facts["owed"]:
        net, tax, interest, bill = fact.thing
        since = day(bill.record["due_at"]) or bill.issued
        parts.append(((on - since).days, net + tax + interest))
    aged = {name: sum(cost for age, cost in parts if low <= age <= high) for name, (low, high) in SPANS.items()}
    whole = sum(aged.values())
    return {
        **{name: amount(cost, question.code) for name, cost in aged.items()},
        **{f"{name}_share": percent(cost, whole) for name, cost in aged.items()},
    }


BALANCES: dict[str, Declared] = {
    "unbilled": (lambda q: {"unbilled": unbilled_facts(q)}, unbilled),
    "receivable": (lambda q: {"owed": owed_facts(q), "overpaid": parts_of_bills(q, sign=-1)}, receivable),
    "aging": (lambda q: {"owed": owed_facts(q)}, aging),
}
