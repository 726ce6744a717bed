"""Who works at the firm: partners to paralegals, staff, one who left and one guest login."""

from dataclasses import dataclass
from datetime import date

from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Person
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream


@dataclass(frozen=True, slots=True)
class Role:
    """A rung of the firm: today's rate between low and high dollars."""

    title: str
    low: int
    high: int
    is_attorney: bool = True


PARTNER = Role("Partner", 460, 680)
SENIOR = Role("Senior Associate", 340, 430)
ASSOCIATE = Role("Associate", 240, 320)
PARALEGAL = Role("Paralegal", 130, 185, is_attorney=False)
LADDER = (PARTNER, ASSOCIATE, PARALEGAL, SENIOR, PARTNER, ASSOCIATE, ASSOCIATE, PARALEGAL)
"""The roles in the order in which a firm of any size fills them."""


def hire_people(seed: int, timekeepers: int, first_day: int, last_day: int) -> list[Person]:
    """Return everybody with a login, in order of hiring; timekeepers first, the owner at the head."""
    chance = stream(seed, "people")
    names = _distinct_names(chance, timekeepers + 8)
    people = [_hire(chance, names[at], LADDER[at % len(LADDER)], at, first_day, last_day) for at in range(timekeepers)]
    people[0].is_owner = True
    people[0].roles = ("Admin", "Billing", "Accounts", "Reports")
    if timekeepers >= 2:
        people.append(_former_associate(chance, names[timekeepers], first_day, last_day))
    for at in range(1 if timekeepers < 8 else 2):
        people.append(_office_staff(names[timekeepers + 1 + at], first_day, at))
    guest = names[timekeepers + 4]
    people.append(Person(*guest, "Client", {}, first_day + 200, keeps_time=False, is_attorney=False, is_guest=True))
    return people


def _distinct_names(chance: Chance, count: int) -> list[tuple[str, str]]:
    seen: dict[tuple[str, str], None] = {}
    while len(seen) < count:
        seen[(pick(chance, vocabulary.FIRST_NAMES), pick(chance, vocabulary.LAST_NAMES))] = None
    return list(seen)


def _rates(chance: Chance, role: Role, first_day: int, last_day: int) -> dict[int, int]:
    first, last = date.fromordinal(first_day).year, date.fromordinal(last_day).year
    dollars = between(chance, role.low // 5, role.high // 5) * 5
    rates = {}
    for year in range(last, first - 1, -1):
        rates[year] = dollars * 100
        dollars -= max(5, dollars * between(chance, 25, 55) // 1000 // 5 * 5)
    return rates


def _hire(chance: Chance, name: tuple[str, str], role: Role, at: int, first_day: int, last_day: int) -> Person:
    joined = first_day - between(chance, 30, 3000)
    if at >= 3 and chance() < 0.25:
        joined = first_day + between(chance, 0, (last_day - first_day) // 2)
    rates = _rates(chance, role, first_day, last_day)
    person = Person(*name, role.title, rates, joined, is_attorney=role.is_attorney)
    person.lateness = between(chance, 40, 190)
    person.roles = ("Admin", "Billing", "Reports") if role is PARTNER else ()
    return person


def _former_associate(chance: Chance, name: tuple[str, str], first_day: int, last_day: int) -> Person:
    left = first_day + (last_day - first_day) * between(chance, 45, 70) // 100
    rates = _rates(chance, ASSOCIATE, first_day, last_day)
    return Person(*name, ASSOCIATE.title, rates, first_day - 400, last_day=left)


def _office_staff(name: tuple[str, str], first_day: int, at: int) -> Person:
    title, roles = (("Bookkeeper", ("Billing", "Accounts")), ("Office Manager", ("Admin",)))[at]
    return Person(*name, title, {}, first_day - 900 + 300 * at, keeps_time=False, is_attorney=False, roles=roles)
