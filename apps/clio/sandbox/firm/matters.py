"""The caseload: every fee earner leads a few matters at a time, one follows another, colleagues help."""

from dataclasses import dataclass

from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.clients import DAY_SECONDS, ContactBook
from apps.clio.sandbox.firm.records import Contact, Matter, Person
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream, weighted
from apps.clio.sandbox.firm.workdays import workday_on_or_after

AREA_WEIGHTS = tuple((name, weight) for name, _, weight in vocabulary.AREAS)
LENGTHS = {"hourly": (60, 720), "flat": (30, 210), "contingency": (240, 900)}


@dataclass(slots=True)
class Caseload:
    """Opens matters for one firm's history."""

    chance: Chance
    book: ContactBook
    people: list[Person]
    first_day: int
    last_day: int

    def fill_desk(self, lead: Person) -> list[Matter]:
        """Return the matters one person leads over the history: five at a time."""
        matters: list[Matter] = []
        for _ in range(5):
            day = max(self.first_day, lead.first_day) - between(self.chance, 0, 300)
            end = lead.last_day or self.last_day
            while day <= end:
                matter = self._open(lead, day)
                matters.append(matter)
                day = (matter.closed or self.last_day) + between(self.chance, 1, 25)
        return matters

    def add_pending(self, lead: Person) -> Matter:
        """Return a matter of the last weeks that is not open yet."""
        matter = self._open(lead, self.last_day - between(self.chance, 1, 40))
        matter.pending, matter.opened, matter.closed = matter.opened, None, None
        return matter

    def _open(self, lead: Person, day: int) -> Matter:
        chance = self.chance
        opened = min(workday_on_or_after(day), self.last_day)
        area = weighted(chance, AREA_WEIGHTS)
        client = self._client(opened)
        method = weighted(chance, vocabulary.METHODS[area])
        created = max(opened * DAY_SECONDS + between(chance, 9 * 3600, 17 * 3600), client.created + 60)
        case = pick(chance, vocabulary.CASES[area])
        matter = Matter(client, area, method, f"{case} - {client.name}", created, self._team(lead), opened=opened)
        closed = opened + between(chance, *LENGTHS[method])
        matter.closed = closed if closed < self.last_day else None
        self._assign(matter, lead)
        return matter

    def _client(self, day: int) -> Contact:
        clients = self.book.clients
        if clients and self.chance() < 0.62:
            known = pick(self.chance, clients)
            if known.created // DAY_SECONDS <= day:
                return known
        if self.chance() < 0.6:
            self.book.add_bystander(day)
        return self.book.add_client(day)

    def _team(self, lead: Person) -> tuple[Person, ...]:
        team = [lead]
        for _ in range(between(self.chance, 0, 2)):
            helper = pick(self.chance, self.people)
            if helper not in team:
                team.append(helper)
        return tuple(team)

    def _assign(self, matter: Matter, lead: Person) -> None:
        chance = self.chance
        partners = [person for person in self.people if person.role == "Partner"]
        if chance() < 0.035:
            matter.area = None
        matter.lead = None if chance() < 0.015 else lead if lead.is_attorney else pick(chance, partners)
        matter.originator = None if chance() < 0.06 else lead if lead in partners else pick(chance, partners)
        matter.billable = chance() >= 0.03
        matter.rate_percent = 90 if matter.billing_method == "hourly" and chance() < 0.1 else 100
        matter.bills_quarterly = chance() < 0.12
        matter.budget = between(chance, 4, 60) * 100_000 if chance() < 0.2 else None
        matter.evergreen = 200_000 if matter.client.uses_trust and chance() < 0.3 else None
        age = (matter.closed or self.last_day) - (matter.opened or self.last_day)
        matter.stage = len(vocabulary.STAGES) - 1 if matter.closed else min(4, age // 90)
        last = (matter.closed or self.last_day) * DAY_SECONDS + 61_000
        matter.stage_moved = max(matter.created, min(last, matter.created + matter.stage * 60 * DAY_SECONDS))


def open_matters(seed: int, people: list[Person], book: ContactBook, first_day: int, last_day: int) -> list[Matter]:
    """Return all matters of the history, the internal one first, else in order of opening."""
    firm = book.contacts[0]
    keepers = [person for person in people if person.keeps_time]
    caseload = Caseload(stream(seed, "matters"), book, keepers, first_day, last_day)
    opened = first_day - 300
    internal = Matter(firm, None, "hourly", "Firm administration", firm.created + 60, tuple(keepers), opened=opened)
    internal.billable, internal.is_internal = False, True
    matters = [matter for person in keepers for matter in caseload.fill_desk(person)]
    matters += [caseload.add_pending(person) for person in keepers[:: max(1, len(keepers) // 4)]]
    matters.sort(key=lambda matter: matter.created)
    return [internal, *matters]
