"""A timekeeper's days: what is recorded, how it is rounded and how late it is written down."""

from collections import defaultdict
from dataclasses import dataclass

from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.arithmetic import extend
from apps.clio.sandbox.firm.clients import DAY_SECONDS
from apps.clio.sandbox.firm.records import Activity, Contact, Matter, Person
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream
from apps.clio.sandbox.firm.workdays import SEASON, Month

SIX_MINUTES = 360
NOTES = {work: tuple(f"{work}: {subject}" for subject in vocabulary.SUBJECTS) for work in vocabulary.WORK}
EXPENSES = (
    (0.35, "HardCostEntry", vocabulary.HARD_COSTS),
    (0.75, "SoftCostEntry", vocabulary.SOFT_COSTS),
    (1.0, "ExpenseEntry", vocabulary.PLAIN_EXPENSES),
)
"""Kinds of expenses up to a mark between 0 and 1."""
Desk = dict[tuple[int, int], list[Matter]]


def lay_desks(matters: list[Matter], months: list[Month]) -> dict[Person, Desk]:
    """Return for each person the matters open in each month, own matters first."""
    desks: dict[Person, Desk] = defaultdict(lambda: defaultdict(list))
    for matter in matters:
        if matter.is_internal or matter.opened is None:
            continue
        for month in months:
            if matter.opened <= month.last and (matter.closed is None or matter.closed >= month.first):
                for person in matter.team:
                    desks[person][month.year, month.number].append(matter)
    for person, desk in desks.items():
        for open_matters in desk.values():
            open_matters.sort(key=lambda matter: matter.team[0] is not person)
    return desks


@dataclass(slots=True)
class Diary:
    """Writes one person's entries."""

    person: Person
    chance: Chance
    internal: Matter
    vendors: list[Contact]
    last_day: int
    entries: list[Activity]

    def write_month(self, month: Month, matters: list[Matter]) -> None:
        """Record a month: busy days, a few off, expenses along the way."""
        person, chance, rate = self.person, self.chance, self.person.rates[month.year]
        leave = self._leave(month)
        busy = SEASON[month.number - 1] / 100
        for day in month.workdays:
            if day < person.first_day or (person.last_day and day > person.last_day) or day in leave:
                continue
            for _ in range(2 + int((chance() + chance()) * 2.45 * busy)):
                self._write_time(day, rate, matters)
            if matters and chance() < 0.24:
                self._write_expense(day, pick(chance, matters))
        if matters and chance() < 0.1 and month.workdays:
            saturday = month.workdays[-1] - (month.workdays[-1] - 6) % 7
            if saturday >= max(month.first, person.first_day) and saturday <= (person.last_day or self.last_day):
                self._write_time(saturday, rate, matters)

    def _leave(self, month: Month) -> range:
        odds = 0.35 if month.number in (7, 8, 12) else 0.1
        if self.chance() >= odds:
            sick = between(self.chance, month.first, month.last)
            return range(sick, sick + (1 if self.chance() < 0.4 else 0))
        start = between(self.chance, month.first, month.last)
        return range(start, start + between(self.chance, 3, 11))

    def _write_time(self, day: int, rate: int, matters: list[Matter]) -> None:
        chance = self.chance
        matter = self._choose_matter(day, matters)
        units = 1 + int(chance() * chance() * 38)
        rounded = units * SIX_MINUTES
        quantity = rounded - int(chance() * 359) if chance() < 0.45 else rounded
        office = matter is None or matter.is_internal
        category = "Office" if office else vocabulary.WORK[int(chance() * 10)]
        note = pick(chance, vocabulary.OFFICE_WORK) if office else NOTES[category][int(chance() * 28)]
        price = rate if matter is None or matter.rate_percent == 100 else rate * matter.rate_percent // 100
        value = extend(price, units * 10)
        entry = Activity("TimeEntry", self.person, matter, day, quantity, rounded, price, value, note, category,
                         self._written(day))  # fmt: skip
        mark = chance()
        entry.no_charge = not office and mark < 0.018
        entry.non_billable = entry.no_charge or office or _unbillable(matter, mark)
        self.entries.append(entry)

    def _choose_matter(self, day: int, matters: list[Matter]) -> Matter | None:
        """Mostly an open matter, the first ones more often; else office work, with or without a matter."""
        chance, mark = self.chance, self.chance()
        if mark < 0.06 or not matters:
            return None if mark < 0.03 else self.internal
        matter = matters[int(chance() * chance() * len(matters))]
        if not matter.is_open_on(day):
            matter = matters[int(chance() * len(matters))]
        return matter if matter.is_open_on(day) else self.internal

    def _write_expense(self, day: int, matter: Matter) -> None:
        if not matter.is_open_on(day):
            return
        chance, mark = self.chance, self.chance()
        kind, table = next((kind, table) for limit, kind, table in EXPENSES if mark < limit)
        category, base = pick(chance, table)
        units = between(chance, 2, 90) if kind == "SoftCostEntry" else 1
        price = base if kind == "SoftCostEntry" else base * between(chance, 60, 180) // 100
        entry = Activity(kind, self.person, matter, day, units, units, price, units * price, category, category,
                         self._written(day))  # fmt: skip
        entry.vendor = pick(chance, self.vendors) if kind == "HardCostEntry" else None
        entry.non_billable = chance() < 0.07
        self.entries.append(entry)

    def _written(self, day: int) -> int:
        mark = self.chance() * 10_000 / self.person.lateness
        wish = (day + _days_late(mark)) * DAY_SECONDS + 9 * 3600 + int(self.chance() * 36_000)
        return min(wish, self.last_day * DAY_SECONDS + 20 * 3600 + int(self.chance() * 3600))


def _days_late(mark: float) -> int:
    """Return how many days after the work it is written down; 100 is a careful person's best day."""
    if mark > 55:
        return 0
    if mark > 38:
        return 1
    if mark > 18:
        return 2 + int(mark) % 5
    return 7 + int(mark * 5) % 20 if mark > 3 else 28 + int(mark * 100) % 40


def _unbillable(matter: Matter | None, mark: float) -> bool:
    if matter is None or matter.billing_method == "flat":
        return True
    if not matter.billable:
        return mark < 0.5
    return mark < 0.075


def record_work(
    seed: int, people: list[Person], matters: list[Matter], months: list[Month], vendors: list[Contact]
) -> list[Activity]:
    """Return all time and expense entries of the history, by person and day."""
    desks = lay_desks(matters, months)
    entries: list[Activity] = []
    for at, person in enumerate(people):
        if person.keeps_time:
            diary = Diary(person, stream(seed, f"work:{at}"), matters[0], vendors, months[-1].last, entries)
            for month in months:
                diary.write_month(month, desks[person][month.year, month.number])
    return entries
