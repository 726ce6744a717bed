"""A small random firm, straight in the mirror's tables, and what of it a scope shows: told once more in plain Python.

The rules are those of kpis.md section 7, row by row, over the same records; nothing here shares a line with the SQL.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from apps.clio import models as clio
from apps.core.scope import Grant, ScopeKind
from apps.core.tenancy import tenant
from tests.reports.mirror import raise_version

Row = dict[str, Any]
PEOPLE, AREAS, CLIENTS, MATTERS = range(1, 7), range(11, 14), range(101, 109), range(201, 221)
EVERYBODY, CIRCLE, EMPTY = 31, 32, 33
_DAY = date(2025, 1, 1)
_TABLES: dict[str, Any] = {
    "users": clio.ClioUser,
    "groups": clio.ClioGroup,
    "practice_areas": clio.PracticeArea,
    "contacts": clio.Contact,
    "matters": clio.Matter,
    "activities": clio.Activity,
    "bills": clio.Bill,
    "line_items": clio.LineItem,
    "allocations": clio.Allocation,
    "trust_line_items": clio.TrustLineItem,
    "bank_accounts": clio.BankAccount,
    "bank_transactions": clio.BankTransaction,
    "tasks": clio.Task,
    "calendar_entries": clio.CalendarEntry,
}


@dataclass
class Books:
    """The records of a firm by table, each by its id."""

    rows: dict[str, dict[Any, Row]] = field(default_factory=lambda: {name: {} for name in _TABLES})

    def add(self, table: str, clio_id: Any, **values: Any) -> None:
        self.rows[table][clio_id] = {"clio_id": clio_id, **values}

    def all(self, table: str) -> list[Row]:
        return list(self.rows[table].values())

    def matter(self, matter_id: int | None) -> Row | None:
        return self.rows["matters"].get(matter_id)


def make_books(seed: int) -> Books:
    """Return a random firm: restricted matters, lines without a user, bills over several matters, money without one."""
    chance = random.Random(seed)
    books = Books()
    _people(books, chance)
    for number in MATTERS:
        books.add(
            "matters", number, display_number=f"{number:05d}", client_id=chance.choice(CLIENTS),
            client_name="A client", practice_area_id=chance.choice([*AREAS, None]),
            responsible_attorney_id=chance.choice([*PEOPLE, None]), responsible_attorney_name="Somebody",
            originating_attorney_id=chance.choice([*PEOPLE, None]), status=chance.choice(["Open", "Closed"]),
            open_date=chance.choice([_DAY + timedelta(days=number % 7), None]),
            group_id=chance.choice([None, None, EVERYBODY, CIRCLE, EMPTY, 39]),
        )  # fmt: skip
    _work(books, chance)
    _money(books, chance)
    return books


def _people(books: Books, chance: random.Random) -> None:
    for number in PEOPLE:
        mine = [EVERYBODY] if number != 2 else []  # the group tells of the second
        books.add("users", number, name=f"Person {number}", rate=Decimal("250.50"), enabled=number != 6, group_ids=mine)
    books.add("users", 9, name="A client's log-in", enabled=True, clio_connect=True, group_ids=[])
    books.add("groups", EVERYBODY, type="AccountGroup", user_ids=[2])
    books.add("groups", CIRCLE, type="AdhocGroup", user_ids=[1, 3])
    books.add("groups", EMPTY, type="TeamGroup", user_ids=None)
    for number in AREAS:
        books.add("practice_areas", number, name=f"Area {number}")
    for number in (*CLIENTS, 150):
        books.add("contacts", number, name=f"Client {number}", last_name=f"{number}", is_client=number != 150)


def _work(books: Books, chance: random.Random) -> None:
    for number in range(1001, 1121):
        books.add(
            "activities", number, type="TimeEntry", date=chance.choice([_DAY + timedelta(days=number % 9), None]),
            user_id=chance.choice([*PEOPLE, None]), user_name="Somebody", price=Decimal("100.10"),
            total=Decimal("50.05"), quantity=Decimal(1800), matter_id=chance.choice([*MATTERS, None, 999]),
            note="Words with Mr. Client",
        )  # fmt: skip
    for number in range(4001, 4031):
        books.add(
            "tasks", number, name=f"Task {number}", assignee_id=chance.choice(PEOPLE), assignee_name="Somebody",
            assignee_type=chance.choice(["User", "Contact"]), matter_id=chance.choice([*MATTERS, None]),
        )  # fmt: skip
        books.add(
            "calendar_entries", str(number), summary=f"Meeting {number}", matter_id=chance.choice([*MATTERS, None]),
            start_at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=number),
            calendar_owner_id=chance.choice(PEOPLE),
            attendees=[{"id": 7, "type": "Contact", "name": "Mr. Client"}],
        )  # fmt: skip


def _money(books: Books, chance: random.Random) -> None:
    for number in range(2001, 2026):
        over = chance.sample(MATTERS, chance.choice([1, 1, 2]))
        books.add(
            "bills", number, number=f"INV-{number}", state="paid", client_id=chance.choice(CLIENTS), matter_ids=over,
            issued_at=chance.choice([_DAY + timedelta(days=number % 5), None]), total=Decimal("1000.00"),
            sub_total=Decimal("900.00"), balance=Decimal("10.00"), memo="Dear Mr. Client",
        )  # fmt: skip
        for line in range(number * 10, number * 10 + chance.choice([0, 1, 3])):
            books.add(
                "line_items", line, bill_id=number, kind=chance.choice(["Service", "Expense"]),
                user_id=chance.choice([*PEOPLE, None]), activity_id=chance.choice([*range(1001, 1121), None]),
                matter_id=chance.choice([*over, None]), sub_total=Decimal(line % 7) + Decimal("0.10"),
                total=Decimal(line % 5), tax=Decimal("0.50"), price=Decimal("9.99"),
            )  # fmt: skip
        for allocation in range(number * 10, number * 10 + 2):
            books.add(
                "allocations", allocation, bill_id=number, matter_id=chance.choice([*over, None]),
                parent_id=chance.choice(range(3001, 3021)),
                parent_type=chance.choice(["Payment", "Payment", "CreditMemo"]),
                amount=Decimal(allocation % 11) + Decimal("0.25"), date=_DAY + timedelta(days=allocation % 40),
                voided_at=chance.choice([None, None, datetime(2025, 3, 1, tzinfo=UTC)]),
                contact_id=chance.choice(CLIENTS),
            )  # fmt: skip
    books.add("bank_accounts", 51, name="Trust", type="Trust")
    books.add("bank_accounts", 52, name="Operating", type="Operating")
    for number in range(5001, 5041):
        whose = {"matter_id": chance.choice([*MATTERS, None]), "client_id": chance.choice([*CLIENTS, None])}
        books.add("trust_line_items", number, total=Decimal("5.00"), date=_DAY, **whose)
        account = chance.choice([51, 52])
        told = {"bank_account_id": account} if number % 2 else {"bank_account_record_id": account}
        books.add("bank_transactions", number, funds_in=Decimal("5.00"), date=_DAY, **told, **whose)


def put(firm_id: int, books: Books) -> None:
    """Write all records: the first time by the models, the same ones again as the database told them then."""
    known = _told.get(repr(books.rows))
    with tenant(firm_id), connection.cursor() as cursor:
        for table, model in _TABLES.items():
            if known is None:
                model.objects.bulk_create(model(firm_id=firm_id, **row) for row in books.all(table))
            else:
                _write_again(cursor, model, firm_id, known[table])
        raise_version(firm_id)
        if known is None:
            _told[repr(books.rows)] = {table: _tell(cursor, model) for table, model in _TABLES.items()}


_told: dict[str, dict[str, str]] = {}
"""What the database holds of books, by their contents: a JSON text per table."""


def _tell(cursor: CursorWrapper, model: Any) -> str:
    cursor.execute(f"SELECT coalesce(json_agg(t), '[]')::text FROM {model._meta.db_table} t")
    return str(cursor.fetchone()[0])


def _write_again(cursor: CursorWrapper, model: Any, firm_id: int, rows: str) -> None:
    table = model._meta.db_table
    written = [
        field for field in model._meta.local_concrete_fields if not field.generated and field.column != "firm_id"
    ]
    columns = ", ".join(field.column for field in written)
    told = f"SELECT %s, {columns} FROM json_populate_recordset(NULL::{table}, %s)"
    cursor.execute(f"INSERT INTO {table} (firm_id, {columns}) {told}", [firm_id, rows])


@dataclass(frozen=True)
class Place:
    """What a person may see."""

    kind: ScopeKind
    me: int | None = None
    grants: tuple[Grant, ...] = ()


def visible(books: Books, place: Place, kind: str) -> set[Any]:
    """Return the ids of a kind's records that a place may see."""
    if kind == "payments":
        return {each["parent_id"] for each in books.all("allocations") if _payment_seen(books, place, each)}
    if kind == "trust_transactions":
        rows = [each for each in books.all("bank_transactions") if _account(each) == 51]
        return {each["clio_id"] for each in rows if _money_seen(books, place, each["matter_id"], each["client_id"])}
    return {each["clio_id"] for each in books.all(kind) if sees(books, place, kind, each)}


def sees(books: Books, place: Place, kind: str, row: Row) -> bool:
    """Tell whether a place may see a record."""
    if place.kind is ScopeKind.WHOLE_FIRM:
        return True
    if kind == "activities":
        return _worked_seen(books, place, row["user_id"], row["matter_id"])
    if kind == "tasks":
        person = row["assignee_id"] if row["assignee_type"] == "User" else None
        return _worked_seen(books, place, person, row["matter_id"])
    if kind == "line_items":
        return line_seen(books, place, row)
    if kind == "bills":
        return any(line_seen(books, place, line) for line in lines_of(books, row["clio_id"]))
    if kind == "matters":
        return _matter_seen(books, place, row)
    if kind == "calendar_entries":
        matter = books.matter(row["matter_id"])
        return matter is not None and _matter_seen(books, place, matter)
    if kind == "trust_line_items":
        return _money_seen(books, place, row["matter_id"], row["client_id"])
    return _linked(books, place, kind, row["clio_id"])


def lines_of(books: Books, bill_id: int) -> list[Row]:
    """Return the lines of a bill."""
    return [line for line in books.all("line_items") if line["bill_id"] == bill_id]


def line_seen(books: Books, place: Place, line: Row) -> bool:
    """A line is of its own user and matter, else its entry's, else its bill's only matter; a bill has a payer."""
    entry = books.rows["activities"].get(line["activity_id"], {})
    bill = books.rows["bills"][line["bill_id"]]
    person = line["user_id"] if line["user_id"] is not None else entry.get("user_id")
    return _worked_seen(books, place, person, _matter_of(line, entry, bill), payer=bill["client_id"])


def _matter_of(line: Row, entry: Row, bill: Row) -> int | None:
    found: int | None = line["matter_id"]
    if found is None:
        found = entry.get("matter_id")
    if found is None and len(bill["matter_ids"]) == 1:
        found = bill["matter_ids"][0]
    return found


def _worked_seen(
    books: Books, place: Place, person: int | None, matter_id: int | None, payer: int | None = None
) -> bool:
    matter = books.matter(matter_id)
    if _walled(place, matter_id, matter):
        return False
    if place.kind is ScopeKind.SELF:
        return place.me is not None and (person == place.me or _mine(place, matter))
    return any(_grant_holds(grant, [person], matter, payer) for grant in place.grants)


def _matter_seen(books: Books, place: Place, matter: Row) -> bool:
    if _walled(place, matter["clio_id"], matter):
        return False
    if place.kind is ScopeKind.SELF:
        return _mine(place, matter)
    attorneys = [matter["responsible_attorney_id"], matter["originating_attorney_id"]]
    return any(_grant_holds(grant, attorneys, matter, None) for grant in place.grants)


def _money_seen(books: Books, place: Place, matter_id: int | None, client_id: int | None) -> bool:
    """Money is of a matter or a client, of no timekeeper: a grant that names people does not reach it."""
    matter = books.matter(matter_id)
    if place.kind is ScopeKind.WHOLE_FIRM:
        return True
    if _walled(place, matter_id, matter):
        return False
    if place.kind is ScopeKind.SELF:
        return _mine(place, matter)
    return any(_grant_holds(grant, [], matter, client_id) for grant in place.grants)


def _payment_seen(books: Books, place: Place, allocation: Row) -> bool:
    if allocation["parent_type"] == "CreditMemo":
        return False
    bill = books.rows["bills"][allocation["bill_id"]]
    return _money_seen(books, place, _matter_of(allocation, {}, bill), bill["client_id"])


def amount_seen(books: Books, place: Place, payment_id: int) -> Decimal | None:
    """Return what of a payment a place sees, without what was voided."""
    seen = [
        each["amount"]
        for each in books.all("allocations")
        if each["parent_id"] == payment_id and each["voided_at"] is None and _payment_seen(books, place, each)
    ]
    return sum(seen, Decimal(0)) if seen else None


def _linked(books: Books, place: Place, kind: str, record_id: int) -> bool:
    seen = [each for each in books.all("matters") if _matter_seen(books, place, each)]
    if kind == "contacts":
        alone = [g for g in place.grants if not (g.timekeeper_ids or g.practice_area_ids or g.group_ids)]
        named = {client for grant in alone for client in grant.client_ids}
        return record_id in named | {each["client_id"] for each in seen}
    if kind == "users":
        people = {person for grant in place.grants for person in grant.timekeeper_ids}
        ours = {each[f"{which}_attorney_id"] for each in seen for which in ("responsible", "originating")}
        return record_id == place.me or record_id in people | ours
    assert kind == "practice_areas"
    named = {area for grant in place.grants for area in grant.practice_area_ids}
    return record_id in named | {each["practice_area_id"] for each in seen}


def _mine(place: Place, matter: Row | None) -> bool:
    attorneys = (matter["responsible_attorney_id"], matter["originating_attorney_id"]) if matter else ()
    return place.me is not None and place.me in attorneys


def _grant_holds(grant: Grant, people: list[int | None], matter: Row | None, payer: int | None) -> bool:
    client = matter["client_id"] if matter else payer
    tests: list[tuple[tuple[int, ...], set[int | None]]] = [
        (grant.timekeeper_ids, set(people)),
        (grant.practice_area_ids, {matter["practice_area_id"] if matter else None}),
        (grant.group_ids, {matter["group_id"] if matter else None}),
        (grant.client_ids, {client}),
    ]
    named = [(set(ids), found) for ids, found in tests if ids]
    return bool(named) and all(ids & found for ids, found in named)


def _walled(place: Place, matter_id: int | None, matter: Row | None) -> bool:
    """Everybody's group shuts nobody out; the circle's members are 1 and 3; nobody knows who is in the others."""
    if matter_id is None:
        return False
    if matter is None:
        return True
    group = matter["group_id"]
    inside = group in (None, EVERYBODY) or (group == CIRCLE and place.me in (1, 3))
    return not inside


def _account(row: Row) -> int:
    found: int = row.get("bank_account_id") or row["bank_account_record_id"]
    return found
