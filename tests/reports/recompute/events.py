"""Figures by what a matter was on the day of each row, change by change as it was seen (R6)."""

from collections.abc import Callable
from datetime import date

from tests.reports.recompute.answers import METRICS, Facts, Items, Question
from tests.reports.recompute.facts import Fact, Key, key_of

Told = dict[tuple[int, str], list[tuple[date, Key]]]
"""(matter, dimension) -> the values it had, each with the day it was seen first; the first one held before too."""

DAYS: dict[str, Callable[[Fact], date]] = {
    "entries": lambda fact: fact.thing.on,
    "own": lambda fact: fact.thing.on,
    "lines": lambda fact: fact.thing[0].issued,
    "money": lambda fact: fact.thing.day,
    "on_bills": lambda fact: fact.thing.bill.issued,
}


def recompute_at_event(metric: str, question: Question, dimension: str, told: Told) -> dict[Key, Items]:
    """Return a metric's items by what the matters of its facts were on their days."""
    gathered, figure = METRICS[metric]
    facts = gathered(question)
    by_key: dict[Key, Facts] = {}
    for name, found in facts.items():
        for fact in found:
            key = value_on(question, fact, dimension, told, DAYS[name](fact))
            by_key.setdefault(key, {each: [] for each in facts})[name].append(fact)
    return {key: figure(sorted_out, question) for key, sorted_out in by_key.items()}


def value_on(question: Question, fact: Fact, dimension: str, told: Told, on: date) -> Key:
    values = told.get((fact.matter or 0, dimension))
    if not values:
        return key_of(question.books, fact, dimension)
    known = [value for since, value in values if since <= on]
    return known[-1] if known else values[0][1]
