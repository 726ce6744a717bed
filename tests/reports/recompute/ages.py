"""How old what stands on a day is."""

from fractions import Fraction

from tests.reports.recompute.answers import Declared, Facts, Items, Question, amount, over, percent, rounded
from tests.reports.recompute.bills import day
from tests.reports.recompute.standing import owed_facts, the_day, unbilled_facts

PARTS = {"fees": "fee", "expenses": "expense", "unreconciled": "unreconciled", "credit": "credit"}
SPANS = {"days_0_30": (0, 30), "days_31_60": (31, 60), "days_61_90": (61, 90), "days_91_plus": (91, 99_999)}


def unbilled_aging(facts: Facts, question: Question) -> Items:
    on, waiting = the_day(question), []
    for fact in facts["unbilled"]:
        what, value, entry = fact.thing
        at = day(entry["date"])
        if what != "contingency_fees" and value is not None and at is not None:
            waiting.append(((on - at).days, value))
    whole = sum(value for _, value in waiting)
    aged = {key: sum(v for age, v in waiting if low <= age <= high) for key, (low, high) in SPANS.items()}
    return {
        **{key: amount(value, question.code) for key, value in aged.items()},
        **{f"{key}_share": percent(value, whole) for key, value in aged.items()},
        "weighted_age": rounded(over(sum(age * value for age, value in waiting), whole), 1),
    }


def receivable_age(facts: Facts, question: Question) -> Items:
    on, parts = the_day(question), []
    for fact in facts["owed"]:
        net, tax, interest, bill = fact.thing
        parts.append(((on - bill.issued).days, net + tax + interest))
    whole = sum(value for _, value in parts)
    return {"weighted_age": rounded(over(sum(age * value for age, value in parts), whole), 1)}


def receivable_parts(facts: Facts, question: Question) -> Items:
    sums = {name: sum(fact.thing[0] for fact in facts["owed"] if fact.item == item) for name, item in PARTS.items()}
    sums["tax"] = sum(fact.thing[1] for fact in facts["owed"])
    sums["interest"] = sum(fact.thing[2] for fact in facts["owed"])
    whole = sum(sum(fact.thing[:3]) for fact in facts["owed"])
    return {name: amount(value, question.code) for name, value in {**sums, "total": whole}.items()}


def aging_to_120(facts: Facts, question: Question) -> Items:
    on = the_day(question)
    spans = {"current": (-99_999, 0), "days_1_30": (1, 30), "days_31_60": (31, 60), "days_61_90": (61, 90)}
    spans |= {"days_91_120": (91, 120), "days_121_plus": (121, 99_999)}
    parts = []
    for fact in facts["owed"]:
        bill = fact.thing[3]
        parts.append(((on - (day(bill.record["due_at"]) or bill.issued)).days, sum(fact.thing[:3])))
    whole = sum(value for _, value in parts)
    aged = {name: sum(v for age, v in parts if low <= age <= high) for name, (low, high) in spans.items()}
    return {
        **{name: amount(value, question.code) for name, value in {**aged, "total": whole}.items()},
        **{f"{name}_share": percent(value, whole) for name, value in aged.items()},
    }


def unbilled_hours(facts: Facts, _: Question) -> Items:
    waiting = [fact.thing[2] for fact in facts["unbilled"] if fact.thing[0] == "fees"]
    known = [each for each in waiting if not each.get("quantity_redacted") and each["rounded_quantity"] is not None]
    seconds = sum((Fraction(each["rounded_quantity"]) for each in known if not each["flat_rate"]), Fraction(0))
    return {"total": rounded(seconds / 3600, 2)}


AGES: dict[str, Declared] = {
    "unbilled_aging": (lambda q: {"unbilled": unbilled_facts(q)}, unbilled_aging),
    "unbilled_hours": (lambda q: {"unbilled": unbilled_facts(q)}, unbilled_hours),
    "receivable_parts": (lambda q: {"owed": owed_facts(q)}, receivable_parts),
    "aging_to_120": (lambda q: {"owed": owed_facts(q)}, aging_to_120),
    "receivable_age": (lambda q: {"owed": owed_facts(q)}, receivable_age),
}
