"""What happened, one record at a time, with all that figures are broken down by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tests.reports.recompute.bills import Line, day, is_approved, work_class
from tests.reports.recompute.cents import DIGITS, cents
from tests.reports.recompute.overview import Books
from tests.reports.recompute.settle import Settled
from tests.reports.recompute.viewer import Viewer, ref

Record = dict[str, Any]
Key = int | str | None


@dataclass
class Fact:
    """Somebody's something on a matter; `thing` is the entry, line, piece of money, or bill's days it is about."""

    person: int | None
    matter: int | None
    payer: int | None = None
    bill: int | None = None
    item: str | None = None
    method: str | None = None
    thing: Any = None


@dataclass
class Entry:
    """A time entry as kpis.md TIME has it; None is hidden."""

    record: Record
    on: date
    made: date | None
    kind: str
    agreed: bool
    currency: str
    seconds: Fraction | None
    value: int | None
    standard: Fraction | None
    is_billed: bool


@dataclass
class Stay:
    """A matter's days in a stage it left."""

    stage: int
    days: int


def told(books: Books, matter_id: int, attribute: str) -> list[tuple[date | None, str | None]]:
    """Return what a matter's attribute was from when on; before the first look from nobody knows when."""
    seen = [each for each in books.records.get("history", []) if each.matter_id == matter_id]  # type: ignore[attr-defined]
    values = [each for each in seen if each.attribute == attribute]  # type: ignore[attr-defined]
    by_day: dict[date | None, str | None] = {None: values[0].value} if values else {}  # type: ignore[attr-defined]
    for each in values[1:]:
        by_day[each.on] = each.value  # type: ignore[attr-defined]
    return list(by_day.items())


def key_of(books: Books, fact: Fact, dimension: str) -> Key:
    """Return a fact's value of a dimension."""
    matter = books.matters.get(fact.matter or 0) or {}
    if dimension == "role":
        return next((u["subscription_type"] for u in books.records["users"] if u["id"] == fact.person), None)
    if dimension == "client":
        return ref(matter, "client") or fact.payer
    if dimension == "company":
        client = ref(matter, "client") or fact.payer
        of = {each["id"]: ref(each, "company") for each in books.records["contacts"]}
        return of.get(client) or client
    if dimension == "billing_method":
        return matter.get("billing_method") or "hourly"
    names = {
        "practice_area": "practice_area",
        "responsible": "responsible_attorney",
        "originating": "originating_attorney",
        "group": "group",
        "stage": "matter_stage",
    }
    if isinstance(fact.thing, Stay) and dimension == "stage":
        return fact.thing.stage
    if dimension in names:
        return ref(matter, names[dimension])
    if dimension in ("category", "cost_kind"):
        return cost_key(entry_behind(fact.thing), dimension)
    if dimension in ("utbms_task", "utbms_activity"):
        sort = ref(entry_behind(fact.thing), "activity_description")
        known = [each for each in books.records.get("activity_descriptions", []) if each["id"] == sort]
        return known[0][f"{dimension}_id"] if known else None
    if dimension == "allocation":
        return int(fact.thing.record["id"])
    if dimension == "transaction":
        return int(fact.thing[2]["id"])
    if dimension == "bank_account":
        return ref(fact.thing[2], "bank_account")
    own: dict[str, Key] = {
        "status": matter.get("status"),
        "timekeeper": fact.person,
        "matter": fact.matter,
        "payer": fact.payer,
        "bill": fact.bill,
        "fee_expense": fact.item,
        "method": fact.method,
    }
    return own[dimension]


def entry_behind(thing: Any) -> Record | None:
    """Return the entry that a line, a piece of money, or a tuple with one of them or the entry itself comes from."""
    if isinstance(thing, Settled):
        return thing.line.activity if thing.line else None
    if isinstance(thing, Entry):
        return thing.record
    for part in thing if isinstance(thing, tuple) else ():
        if isinstance(part, Entry):
            return part.record
        if isinstance(part, Line):
            return part.activity
        if isinstance(part, dict):
            return part
    return None


def cost_key(entry: Record | None, dimension: str) -> Key:
    if entry is None:
        return None
    if dimension == "cost_kind":
        kinds = {"TimeEntry": None, "HardCostEntry": "hard", "SoftCostEntry": "soft"}
        return kinds.get(entry["type"], "plain")
    category = ref(entry, "expense_category")
    return ref(entry, "activity_description") or (None if category is None else -category)


def entries(books: Books, first: date, last: date, today: date, viewer: Viewer) -> list[Fact]:
    """Return the time entries worked in the period."""
    return [
        Fact(ref(x.record, "user"), ref(x.record, "matter"), thing=x)
        for x in read_entries(books, today)
        if first <= x.on <= last and viewer.sees(ref(x.record, "user"), books.matter(x.record))
    ]


@lru_cache(maxsize=8)
def read_entries(books: Books, today: date) -> tuple[Entry, ...]:
    """Return every time entry of books that nobody changes any more."""
    return tuple(_entries_read(books, today))


def _entries_read(books: Books, today: date) -> Iterator[Entry]:
    rates = {user["id"]: user.get("rate") for user in books.records["users"]}
    for record in books.time:
        on = day(record["date"])
        if on is None:
            continue
        bills = books.bills_of(record)
        code = books.currency_of_work(record)
        kind = work_class(record, books.matters)
        agreed = bool(record.get("flat_rate") or record.get("contingency_fee"))
        rounded = None if record.get("quantity_redacted") else record["rounded_quantity"]
        seconds = Fraction(0) if agreed else None if rounded is None else Fraction(str(rounded))
        value = 0 if kind != "billable" else None if record["total"] is None else cents(record["total"], code)
        made = record.get("created_at")
        issued = [day(bill["issued_at"]) for bill in bills if is_approved(bill)]
        yield Entry(
            record=record,
            on=on,
            made=datetime.fromisoformat(made).astimezone(books.zone).date() if made else None,
            kind=kind,
            agreed=agreed,
            currency=code,
            seconds=seconds,
            value=value,
            standard=standard_value(kind, agreed, value, rates.get(ref(record, "user") or 0), seconds, code),
            is_billed=any(at is not None and at <= today for at in issued),
        )


def standard_value(
    kind: str, agreed: bool, value: int | None, rate: Any, seconds: Fraction | None, code: str
) -> Fraction | None:
    if kind != "billable":
        return Fraction(0)
    if agreed:
        return None if value is None else Fraction(value)
    if rate is None or seconds is None:
        return None
    in_minor: Fraction = Fraction(str(rate)) * 10 ** DIGITS.get(code, 2)
    return in_minor * seconds / 3600


def lines(books: Books, code: str, first: date, last: date, viewer: Viewer) -> list[Fact]:
    """Return the lines of bills issued in the period; each thing is (bill, line)."""
    found = []
    for bill in books.bills:
        payer = ref(bill.record, "client")
        for line in bill.lines:
            if bill.currency != code or bill.issued is None or not first <= bill.issued <= last:
                continue
            if viewer.sees(line.person, books.matters.get(line.matter or 0), payer):
                found.append(Fact(line.person, line.matter, payer, bill.id, line.kind, thing=(bill, line)))
    return found


def charges(books: Books, code: str, first: date, last: date, viewer: Viewer) -> list[Fact]:
    """Return the interest charged in the period; each thing is its amount."""
    found = []
    for bill in books.bills:
        payer = ref(bill.record, "client")
        for at, matter, amount in bill.charges:
            sees = viewer.sees(None, books.matters.get(matter or 0), payer)
            if sees and bill.currency == code and first <= at <= last:
                found.append(Fact(None, matter, payer, bill.id, "interest", thing=amount))
    return found


def money(books: Books, code: str, viewer: Viewer) -> list[Fact]:
    """Return every piece of every payment and credit, whenever it was made."""
    found = []
    for piece in books.settled:
        payer = ref(piece.bill.record, "client") if piece.bill else None
        if piece.currency == code and viewer.sees(piece.person, books.matters.get(piece.matter or 0), payer):
            at = piece.bill.id if piece.bill else None
            found.append(Fact(piece.person, piece.matter, payer, at, piece.item, method_of(piece), thing=piece))
    return found


def method_of(piece: Settled) -> str | None:
    if piece.kind != "payment":
        return None
    source = (piece.record.get("source_bank_account") or {}).get("type")
    online = piece.record.get("payment_type") if piece.record.get("has_online_payment") else None
    if source == "Trust":
        return "trust"
    if online:
        return "echeck" if "check" in online.lower() else "card"
    return "operating" if source == "Operating" else "direct"


def work_of(books: Books, found: list[Fact], entry_facts: list[Fact]) -> list[Fact]:
    """Return lines or money that time entries lead to, under the entry's own person and matter."""
    worked = {fact.thing.record["id"]: fact for fact in entry_facts if fact.thing.value is not None}
    kept = []
    for fact in found:
        line: Line | None = fact.thing.line if isinstance(fact.thing, Settled) else fact.thing[1]
        entry = worked.get(line.activity["id"]) if line is not None and line.activity else None
        if entry is not None:
            kept.append(Fact(entry.person, entry.matter, thing=(entry.thing, fact.thing)))
    return kept


def paid_up(books: Books, code: str, first: date, last: date, today: date, viewer: Viewer) -> list[Fact]:
    """Return (bill id, days) of bills at 0 or less by today, by their lines: one bill may be here several times."""
    found = []
    for bill in books.bills:
        pieces = [piece for piece in books.settled if piece.bill is bill and piece.day <= today]
        paid = any(piece.kind == "payment" and piece.record["amount"] > 0 for piece in pieces)
        if bill.currency != code or bill.issued is None or bill.issued > today or not paid:
            continue
        owed = sum(line.net + sum(line.taxes) for line in bill.lines)
        owed += sum(amount for at, _, amount in bill.charges if at <= today)
        if owed > sum(sum(piece.amounts) for piece in pieces):
            continue
        closed = max(piece.day for piece in pieces)
        payer, days = ref(bill.record, "client"), max((closed - bill.issued).days, 0)
        places = {(line.person, line.matter) for line in bill.lines} or {(None, None)}
        found += [
            Fact(person, matter, payer, bill.id, thing=(bill.id, days))
            for person, matter in places
            if first <= closed <= last and viewer.sees(person, books.matters.get(matter or 0), payer)
        ]
    return found
