"""Founds a firm: puts the subjects together in order and numbers the records."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol, TypeVar

from apps.clio.sandbox.firm.agenda import plan_agenda
from apps.clio.sandbox.firm.banking import keep_accounts, take_online_payments
from apps.clio.sandbox.firm.bills import bill_work, lines_of
from apps.clio.sandbox.firm.clients import DAY_SECONDS, ContactBook
from apps.clio.sandbox.firm.fees import charge_agreed_fees
from apps.clio.sandbox.firm.matters import open_matters
from apps.clio.sandbox.firm.people import hire_people
from apps.clio.sandbox.firm.records import Activity, Bill, Firm, Money, Person
from apps.clio.sandbox.firm.relations import agree_rates, relate_contacts
from apps.clio.sandbox.firm.settlement import Cashier, settle_bills
from apps.clio.sandbox.firm.streams import stream
from apps.clio.sandbox.firm.teams import form_groups
from apps.clio.sandbox.firm.trust import TrustBook, request_trust
from apps.clio.sandbox.firm.work import record_work
from apps.clio.sandbox.firm.workdays import Month, months

DEFAULT_UNTIL = date(2026, 10, 31)
FIRST_IDS = {
    "people": 358_114_201, "contacts": 1_902_335_117, "matters": 1_711_400_913, "activities": 9_120_448_310,
    "bills": 2_204_117_502, "lines": 11_830_992_104, "interest": 70_553_218, "payments": 650_220_314,
    "memos": 88_120_441, "allocations": 1_405_773_208, "groups": 1_022_300, "relations": 510_220_117,
    "rates": 33_118_204, "tasks": 1_270_446_083, "events": 1_933_870_211, "bank": 2_660_914_302, "online": 41_207_733,
}  # fmt: skip
Progress = Callable[[str], None]


class Numbered(Protocol):
    """Anything with an id to be given."""

    id: int


Record = TypeVar("Record", bound=Numbered)


def found_firm(
    seed: int, timekeepers: int, years: int, until: date = DEFAULT_UNTIL, progress: Progress = lambda line: None
) -> Firm:
    """Return a firm with its whole history up to and including a day; same arguments, same bytes."""
    first, last = _years_before(until, years), until.toordinal()
    people = hire_people(seed, timekeepers, first.toordinal(), last)
    name = f"{people[0].last_name} & {people[min(4, timekeepers - 1)].last_name} LLP"
    firm = Firm(name, seed, first.toordinal(), last)
    firm.people = _number(seed, "people", sorted(people, key=lambda person: person.first_day))
    book = ContactBook(stream(seed, "contacts"))
    _take_clients(firm, people, book)
    progress(f"{len(firm.matters):,} matters of {len(book.clients):,} clients")

    history = months(first, until)
    entries = record_work(seed, people, firm.matters, history, book.vendors)
    entries += charge_agreed_fees(seed, firm.matters, firm.first_day, last)
    entries.sort(key=lambda entry: entry.created)
    firm.activities = _number(seed, "activities", entries)
    _note_last_activity(firm.activities)
    progress(f"{len(entries):,} time and expense entries")

    _bill_and_settle(firm, book, bill_work(seed, people, firm.matters, entries, history))
    progress(f"{len(firm.bills):,} bills, {len(firm.lines):,} lines, {len(firm.allocations):,} allocations")
    _furnish(firm, history)
    return firm


def _furnish(firm: Firm, history: list[Month]) -> None:
    """Add what lies around the work: groups, people in cases, agreed rates, agenda, bank accounts."""
    seed = firm.seed
    firm.groups = _number(seed, "groups", form_groups(firm))
    firm.relations = _number(seed, "relations", relate_contacts(firm))
    firm.rates = _number(seed, "rates", agree_rates(firm))
    agenda = plan_agenda(firm)
    firm.tasks = _number(seed, "tasks", agenda.tasks)
    firm.events = _number(seed, "events", agenda.events)
    firm.bank_moves = _number(seed, "bank", keep_accounts(firm, history))
    firm.online_payments = _number(seed, "online", take_online_payments(firm, firm.bank_moves))


def _take_clients(firm: Firm, people: list[Person], book: ContactBook) -> None:
    book.add_firm(firm.name, firm.first_day - 3100)
    book.add_vendors(firm.first_day - 400)
    firm.matters = open_matters(firm.seed, people, book, firm.first_day, firm.last_day)
    firm.contacts = _number(firm.seed, "contacts", sorted(book.contacts, key=lambda contact: contact.created))
    _number(firm.seed, "matters", firm.matters)
    for number, matter in enumerate(firm.matters, 1):
        matter.number = number
        matter.updated = max(matter.created, (matter.closed or 0) * DAY_SECONDS + 61_000)


def _years_before(until: date, years: int) -> date:
    following = date.fromordinal(until.toordinal() + 1)
    day = 28 if (following.month, following.day) == (2, 29) else following.day
    return date(following.year - years, following.month, day)


def _bill_and_settle(firm: Firm, book: ContactBook, bills: list[Bill]) -> None:
    seed, last = firm.seed, firm.last_day
    trust = TrustBook(stream(seed, "trust"))
    requests = request_trust(trust, firm.matters, firm.people[0], firm.first_day, last)
    firm.bills = sorted(bills + requests, key=lambda bill: (bill.created, bill.matters[0].id))
    cashier = settle_bills(seed, bills, book.clients, last, trust)
    cashier.payments += [item.parent for bill in requests for item in bill.allocations]
    _number(seed, "bills", firm.bills)
    for number, bill in enumerate(firm.bills, 10_001):
        bill.number = number
    firm.lines = lines_of(firm.bills)
    _number(seed, "lines", [line for _, line in firm.lines])
    _collect_money(firm, cashier)
    firm.trust_moves = sorted(trust.moves, key=lambda move: (move.day, move.matter.id))


def _collect_money(firm: Firm, cashier: Cashier) -> None:
    def order(money: Money) -> tuple[int, int, int]:
        return money.created, money.client.id, money.allocations[0].bill.id

    firm.payments = _number(firm.seed, "payments", sorted(cashier.payments, key=order))
    firm.memos = _number(firm.seed, "memos", sorted(cashier.memos, key=order))
    charges = [charge for bill in firm.bills for charge in bill.interest]
    firm.interest = _number(firm.seed, "interest", sorted(charges, key=lambda each: (each.day, each.bill.id)))
    parents = sorted([*firm.payments, *firm.memos], key=lambda money: (money.created, money.type, money.id))
    firm.allocations = _number(firm.seed, "allocations", [item for parent in parents for item in parent.allocations])


def _number(seed: int, subject: str, records: list[Record]) -> list[Record]:
    chance = stream(seed, f"ids:{subject}")
    number = FIRST_IDS[subject]
    for record in records:
        number += 1 + int(chance() * 9)
        record.id = number
    return records


def _note_last_activity(entries: Iterable[Activity]) -> None:
    for entry in entries:
        entry.updated = entry.updated or entry.created
        matter = entry.matter
        if matter is not None and entry.day > (matter.last_activity or 0):
            matter.last_activity = entry.day
