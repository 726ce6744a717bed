"""How old what stands on a day is."""

from tests.reports.recompute.answers import Declared, Facts, Items, Question, amount, over, percent, rounded
from tests.reports.recompute.bills import day
from tests.reports.recompute.standing import owed_facts, the_day, unbilled_facts

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


AGES: dict[str, Declared] = {
    "unbilled_aging": (lambda q: {"unbilled": unbilled_facts(q)}, unbilled_aging),
    "receivable_age": (lambda q: {"owed": owed_facts(q)}, receivable_age),
}
