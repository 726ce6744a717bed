"""People around a case who are no clients, and rates agreed with a client."""

from __future__ import annotations

from dataclasses import dataclass

from apps.clio.sandbox.firm.records import Contact, Firm, Matter, Person
from apps.clio.sandbox.firm.streams import pick, stream

PARTS = ("Opposing counsel", "Opposing party", "Witness", "Expert witness", "Adjuster", "Co-counsel", None)


@dataclass(slots=True, eq=False)
class Relation:
    """The part a contact plays in a matter."""

    matter: Matter
    contact: Contact
    part: str | None
    created: int
    id: int = 0


@dataclass(slots=True, eq=False)
class AgreedRate:
    """An hourly rate in cents that a client pays for one timekeeper instead of the usual one."""

    client: Contact
    person: Person
    rate: int
    created: int
    id: int = 0


def relate_contacts(firm: Firm) -> list[Relation]:
    """Return who plays which part, in order of creation."""
    chance = stream(firm.seed, "relationships")
    employees = {id(each.company): each for each in firm.contacts if each.company is not None}
    bystanders = [each for each in firm.contacts if not (each.is_client or each.is_vendor or each.company)]
    found = []
    for matter in firm.matters:
        if matter.is_internal:
            continue
        employee = employees.get(id(matter.client))
        if employee is not None and chance() < 0.6:
            found.append(Relation(matter, employee, "Contact at client", matter.created + 120))
        for _ in range(int(chance() * 2.4) if bystanders else 0):
            found.append(Relation(matter, pick(chance, bystanders), pick(chance, PARTS), matter.created + 300))
    found.sort(key=lambda each: each.created)
    return found


def agree_rates(firm: Firm) -> list[AgreedRate]:
    """Return the rates behind matters that are worked on for less than the usual rate."""
    seen: dict[tuple[int, int], AgreedRate] = {}
    for matter in firm.matters:
        for person in matter.team if matter.rate_percent != 100 else ():
            rate = person.rates[max(person.rates)] * matter.rate_percent // 100
            key = (id(matter.client), id(person))
            seen.setdefault(key, AgreedRate(matter.client, person, rate, matter.created + 60))
    return sorted(seen.values(), key=lambda each: each.created)
