"""The monthly bill run: what is unbilled becomes lines; some bills stay drafts, some are voided or deleted."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.clio.sandbox.firm.clients import DAY_SECONDS
from apps.clio.sandbox.firm.lines import line_from, total_up, typed_line
from apps.clio.sandbox.firm.records import Activity, Bill, Contact, Line, Matter, Person
from apps.clio.sandbox.firm.streams import Chance, between, pick, stream
from apps.clio.sandbox.firm.workdays import Month, workday_on_or_after

SMALL_BALANCE = 20_000
"""Cents below which most bills wait for the next month."""


@dataclass(slots=True)
class Account:
    """What is billed together: one matter, or all matters of a client."""

    client: Contact
    matters: list[Matter] = field(default_factory=list)
    waiting: list[Activity] = field(default_factory=list)
    is_quarterly: bool = False


@dataclass(slots=True)
class BillRun:
    """Bills accounts month by month."""

    chance: Chance
    biller: Person
    last_day: int
    bills: list[Bill] = field(default_factory=list)

    def bill_month(self, account: Account, month: Month) -> None:
        """Bill an account for a month, if there is enough to bill."""
        chance = self.chance
        run_day = workday_on_or_after(month.last + 1 + between(chance, 0, 5))
        if account.is_quarterly and month.number % 3:
            return
        if run_day > self.last_day:
            if chance() < 0.3:
                self._draft_early(account, month)
            return
        ready = _ready(account, month.last, run_day * DAY_SECONDS + 34_000)
        worth = sum(entry.total for entry in ready if not entry.no_charge)
        if worth == 0 or (worth < SMALL_BALANCE and chance() < 0.7):
            return
        bill = self._write(account, ready, run_day, month)
        bill.state = self._state(bill)
        self._book(account, bill, ready)

    def _draft_early(self, account: Account, month: Month) -> None:
        day = workday_on_or_after(month.last - 5)
        day = min(day, self.last_day)
        ready = _ready(account, day - 1, day * DAY_SECONDS + 34_000)
        if sum(entry.total for entry in ready if not entry.no_charge):
            bill = self._write(account, ready, day, month)
            bill.state = "draft" if self.chance() < 0.7 else "awaiting_approval"
            self._book(account, bill, ready)

    def _write(self, account: Account, ready: list[Activity], run_day: int, month: Month) -> Bill:
        chance, client = self.chance, account.client
        used = {entry.matter.id: entry.matter for entry in ready if entry.matter}
        matters = [used[key] for key in sorted(used)]
        created = run_day * DAY_SECONDS + 36_000 + int(chance() * 20_000)
        issued = min(workday_on_or_after(run_day + between(chance, 0, 3)), self.last_day)
        bill = Bill(client, matters, self.biller, created, issued, issued + client.terms,
                    min(entry.day for entry in ready), max(entry.day for entry in ready), "draft")  # fmt: skip
        bill.is_client_bill = client.bills_together
        bill.taxes = client.taxes
        bill.subject = f"Professional services {month.year}-{month.number:02d}" if chance() < 0.6 else None
        bill.lines = [line_from(chance, entry) for entry in ready]
        if chance() < 0.05:
            bill.lines.append(typed_line(chance, pick(chance, matters), run_day))
        elif chance() < 0.045:
            self._discount(bill)
        total_up(bill)
        return bill

    def _discount(self, bill: Bill) -> None:
        worth = sum(line.net for line in bill.lines if line.kind == "Service")
        if worth < 100_000:
            return
        bill.discount_services_only = self.chance() < 0.4
        if self.chance() < 0.55:
            bill.discount = ("percentage", pick(self.chance, (300, 500, 750, 1000)))
        else:
            bill.discount = ("money", between(self.chance, 1, worth // 25_000) * 2_500)

    def _state(self, bill: Bill) -> str:
        mark, age = self.chance(), self.last_day - bill.created // DAY_SECONDS
        if age < 12:
            return "draft" if mark < 0.22 else "awaiting_approval" if mark < 0.4 else "awaiting_payment"
        if mark < 0.012:
            return "void"
        if mark < 0.02:
            return "deleted"
        return "draft" if mark < 0.024 else "awaiting_payment"

    def _book(self, account: Account, bill: Bill, ready: list[Activity]) -> None:
        bill.updated = bill.created
        if bill.approved or bill.state == "void":
            bill.updated = max(bill.created + 600, bill.issued * DAY_SECONDS + 57_600)
            bill.sent = bill.updated + 300 if self.chance() < 0.8 else None
        if bill.state in ("void", "deleted"):
            bill.updated = min(
                bill.updated + between(self.chance, 1, 10) * DAY_SECONDS, self.last_day * DAY_SECONDS + 70_000
            )
        else:
            taken = set(map(id, ready))
            account.waiting = [entry for entry in account.waiting if id(entry) not in taken]
            for entry in ready:
                entry.bill = bill
                entry.updated = bill.updated
        bill.booked = bill.updated
        if bill.state == "deleted":
            bill.lines = []
        self.bills.append(bill)


def _ready(account: Account, last_work_day: int, written_before: int) -> list[Activity]:
    return [entry for entry in account.waiting if entry.day <= last_work_day and entry.created < written_before]


def _can_be_billed(entry: Activity) -> bool:
    matter = entry.matter
    if matter is None or not matter.billable:
        return False
    if entry.type == "TimeEntry" and matter.billing_method == "contingency":
        return entry.contingency
    return entry.no_charge or not entry.non_billable


def _account_key(matter: Matter | None) -> int:
    assert matter is not None
    return -matter.client.id if matter.client.bills_together else matter.id


def _accounts(matters: Iterable[Matter], entries: Iterable[Activity]) -> list[Account]:
    accounts: dict[int, Account] = {}
    for matter in matters:
        account = accounts.setdefault(_account_key(matter), Account(matter.client, is_quarterly=matter.bills_quarterly))
        account.matters.append(matter)
    for entry in entries:
        if _can_be_billed(entry):
            accounts[_account_key(entry.matter)].waiting.append(entry)
    return list(accounts.values())


def bill_work(
    seed: int, people: list[Person], matters: list[Matter], entries: list[Activity], months: list[Month]
) -> list[Bill]:
    """Return all revenue bills, in no order. Entries must come in order of creation, matters with their ids."""
    run = BillRun(stream(seed, "bills"), people[0], months[-1].last)
    for account in _accounts(matters, entries):
        arrivals = _by_month(account.waiting, months)
        account.waiting = []
        for at, month in enumerate(months):
            account.waiting += arrivals[at]
            if account.waiting:
                run.bill_month(account, month)
    return run.bills


def _by_month(entries: list[Activity], months: list[Month]) -> dict[int, list[Activity]]:
    ends = [month.last for month in months]
    found: dict[int, list[Activity]] = defaultdict(list)
    for entry in entries:
        found[bisect_left(ends, entry.day)].append(entry)
    return found


def lines_of(bills: Iterable[Bill]) -> list[tuple[Bill, Line]]:
    """Return the lines with their bills, in order of the bills."""
    return [(bill, line) for bill in bills for line in bill.lines]
