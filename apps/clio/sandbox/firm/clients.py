"""Clients with their habits of paying, and the other contacts of a firm."""

from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Contact
from apps.clio.sandbox.firm.streams import Chance, between, pick, weighted

DAY_SECONDS = 86_400
HABITS = (("prompt", 62), ("slow", 24), ("partial", 9), ("bad", 5))
PACES = {"prompt": (8, 32), "slow": (35, 85), "partial": (25, 60), "bad": (60, 130)}
TAXES = (((0, 0), 90), ((888, 0), 7), ((500, 700), 3))
"""Basis points of the first and second tax, by share of clients."""


class ContactBook:
    """Makes contacts as the history needs them; keeps all of them in order."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._taken: dict[str, int] = {}
        self.contacts: list[Contact] = []
        self.clients: list[Contact] = []
        self.vendors: list[Contact] = []

    def add_firm(self, name: str, day: int) -> Contact:
        """Add the firm itself, client of its internal matter."""
        return self._keep(Contact(name, self._moment(day), is_client=True, city=vocabulary.CITIES[0]))

    def add_vendors(self, day: int) -> None:
        """Add the companies that hard costs are paid to."""
        for name in vocabulary.VENDORS:
            vendor = Contact(name, self._moment(day), is_vendor=True, city=pick(self._chance, vocabulary.CITIES))
            self.vendors.append(self._keep(vendor))

    def add_client(self, day: int) -> Contact:
        """Add a new client, a person or a company with somebody to call."""
        chance = self._chance
        client = self._company(day) if chance() < 0.55 else self._person(day)
        client.is_client = True
        client.bills_together = chance() < 0.3
        client.terms = weighted(chance, ((30, 70), (14, 15), (45, 8), (60, 7)))
        client.habit = weighted(chance, HABITS)
        client.pace = between(chance, *PACES[client.habit])
        client.interest = 100 if chance() < 0.25 else 0
        client.taxes = weighted(chance, TAXES)
        client.uses_trust = chance() < 0.2
        client.pays_online = chance() < 0.35
        self.clients.append(self._keep(client))
        if client.first_name is None:
            self._add_employee(client, day)
        return client

    def add_bystander(self, day: int) -> None:
        """Add somebody who is no client: opposing counsel, a witness, an adjuster."""
        person = self._person(day)
        person.title = pick(self._chance, vocabulary.TITLES)
        self._keep(person)

    def _add_employee(self, company: Contact, day: int) -> None:
        person = self._person(day)
        person.company = company
        person.title = pick(self._chance, vocabulary.TITLES)
        self._keep(person)

    def _person(self, day: int) -> Contact:
        first = pick(self._chance, vocabulary.FIRST_NAMES)
        last = pick(self._chance, vocabulary.LAST_NAMES)
        return Contact(f"{first} {last}", self._moment(day), first, last, city=pick(self._chance, vocabulary.CITIES))

    def _company(self, day: int) -> Contact:
        name = f"{pick(self._chance, vocabulary.COMPANY_HEADS)} {pick(self._chance, vocabulary.COMPANY_TAILS)}"
        seen = self._taken[name] = self._taken.get(name, 0) + 1
        full = name if seen == 1 else f"{name} ({seen})"
        return Contact(full, self._moment(day), city=pick(self._chance, vocabulary.CITIES))

    def _moment(self, day: int) -> int:
        return day * DAY_SECONDS + between(self._chance, 8 * 3600, 18 * 3600)

    def _keep(self, contact: Contact) -> Contact:
        contact.updated = contact.created
        self.contacts.append(contact)
        return contact
