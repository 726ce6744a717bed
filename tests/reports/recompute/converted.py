"""Money of several currencies as one (R11): every fact times the rate of the day that places it, then the figures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from tests.reports.recompute.answers import Declared, Facts, Items, Question, amount, exactly
from tests.reports.recompute.bills import Line, day
from tests.reports.recompute.cents import DIGITS
from tests.reports.recompute.facts import Entry, Fact, Key, key_of
from tests.reports.recompute.settle import Settled

Rates = list[tuple[str, str, date, Fraction]]
"""(currency, what it is worth in, from which day on, how much)."""

ONCE = frozenset({"capacity", "matters", "opened", "closed", "open", "ranked"})
"""Facts of no currency."""
OWN_DAYS: dict[str, Callable[[Fact], date | None]] = {
    "unbilled": lambda fact: day(fact.thing[2]["date"]),
    "owed": lambda fact: fact.thing[3].issued,
    "overpaid": lambda fact: fact.thing[3].issued,
    "year": lambda fact: fact.thing.day,
    "fiscal_year": lambda fact: fact.thing.day,
    "ever": lambda fact: fact.thing.day,
    "payments": lambda fact: fact.thing.day,
    "fees": lambda fact: fact.thing.day,
    "paid": lambda fact: fact.thing.bill.issued,
}
"""Facts that stand on a day or lead up to it, each placed by a day of its own; all others lie in the period."""
LEADING_UP: dict[str, Callable[[Fact], date | None]] = {**OWN_DAYS, "billed": lambda fact: fact.thing[0].issued}
"""The same where what was billed is of the days up to a day."""


class Money:
    """Converts into a currency by a table of rates."""

    def __init__(self, rates: Rates, into: str, codes: tuple[str, ...]) -> None:
        self.rates, self.into, self.codes = rates, into, codes

    def factor(self, code: str, on: date | None) -> Fraction | None:
        """Return what a minor unit was worth in minor units on a day; None without a rate."""
        if code == self.into:
            return Fraction(1)
        known = [(since, worth) for own, into, since, worth in self.rates if (own, into) == (code, self.into)]
        began = [(since, worth) for since, worth in known if on is not None and since <= on]
        if not began:
            return None
        return max(began)[1] * Fraction(10) ** (DIGITS.get(self.into, 2) - DIGITS.get(code, 2))

    def spans(self, code: str, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Yield the parts of a period in which the rate stays the same."""
        turns = sorted({since for own, into, since, _ in self.rates if (own, into) == (code, self.into)})
        starts = [first, *(turn for turn in turns if first < turn <= last)]
        for start, following in zip(starts, [*starts[1:], last + timedelta(days=1)], strict=True):
            yield start, following - timedelta(days=1)

    def gather(self, declared: Declared, question: Question) -> Facts:
        """Return the facts of all currencies, converted; those without a rate are left out."""
        gathered, figure = declared
        leads_up = figure.__name__ in ("days_of_receivables", "client_value", "concentration")
        own_days = LEADING_UP if leads_up else OWN_DAYS
        found: Facts = {name: [] for name in gathered(question)}
        for code in self.codes:
            for name, facts in gathered(replace(question, code=code)).items():
                if is_once(name, facts):
                    found[name] = facts
                elif name in own_days:
                    found[name] += self._converted(name, code, facts, own_days[name])
            for first, last in self.spans(code, question.first, min(question.last, question.today)):
                for name, facts in gathered(replace(question, code=code, first=first, last=last)).items():
                    if name not in own_days and not is_once(name, facts):
                        found[name] += self._converted(name, code, facts, partial(given, first))
        return found

    def _converted(self, name: str, code: str, facts: list[Fact], on: Callable[[Fact], Any]) -> list[Fact]:
        pairs = [(fact, self.factor(code, on(fact))) for fact in facts]
        return [replace(fact, thing=times(name, fact.thing, by)) for fact, by in pairs if by is not None]


def given(on: date, _: Fact) -> date:
    """Return a day whatever the fact."""
    return on


def recompute_converted(money: Money, declared: Declared, question: Question, dimension: str = "") -> dict[Key, Items]:
    """Return a metric's items by key, converted; under the key "" where nothing is broken down."""
    facts = money.gather(declared, question)
    if not dimension:
        return {"": figures(declared, facts, question)}
    by_key: dict[Key, Facts] = {}
    for name, found in facts.items():
        for fact in found:
            key = key_of(question.books, fact, dimension)
            by_key.setdefault(key, {each: [] for each in facts})[name].append(fact)
    return {key: figures(declared, sorted_out, question) for key, sorted_out in by_key.items()}


def figures(declared: Declared, facts: Facts, question: Question) -> Items:
    """Return the items; those put together from other items are so before they are rounded."""
    _, figure = declared
    if figure.__name__ != "credits":
        return figure(facts, question)
    with exactly():
        exact = figure(facts, question)
    in_minor = Fraction(10) ** DIGITS.get(question.code, 2)
    return {name: amount(Fraction(value or 0) * in_minor, question.code) for name, value in exact.items()}


def is_once(name: str, facts: list[Fact]) -> bool:
    """Tell whether facts are the same in every currency: hours are, expenses called the same are not."""
    return name in ONCE or (name == "entries" and all(isinstance(fact.thing, Entry) for fact in facts) and facts != [])


def remade(thing: Any, **changes: Any) -> Any:
    """Return a thing with amounts that are no whole minor units any more."""
    return replace(thing, **changes)


def times(name: str, thing: Any, by: Fraction) -> Any:
    """Return a thing with its amounts multiplied."""
    if isinstance(thing, int | Fraction):
        return thing * by
    if isinstance(thing, Settled):
        return remade(thing, amounts=[each * by for each in thing.amounts])
    if isinstance(thing, Line):
        worked = None if thing.worked is None else thing.worked * by
        made = {each: getattr(thing, each) * by for each in ("gross", "less", "net", "off_bill")}
        return remade(thing, **made, worked=worked, taxes=[each * by for each in thing.taxes])
    if isinstance(thing, Entry):
        value, standard = (None if each is None else each * by for each in (thing.value, thing.standard))
        return remade(thing, value=value, standard=standard)
    if name in ("owed", "overpaid"):
        return (*(each * by for each in thing[:3]), thing[3])
    if name == "paid_up":
        return thing
    if name == "recovered":
        return (thing[0] * by, thing[1])
    if isinstance(thing[0], str) or name == "costed":
        return (thing[0], None if thing[1] is None else thing[1] * by, *thing[2:])
    return tuple(times(name, each, by) if isinstance(each, Entry | Line | Settled | tuple) else each for each in thing)
