"""Acts of recording work: time and expenses entered, changed, moved, removed, written off."""

from __future__ import annotations

from typing import Any

from apps.clio.sandbox.changes import Record
from apps.clio.sandbox.entities.entity import Row
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.arithmetic import extend
from apps.clio.sandbox.live.amounts import amount, cents, id_of
from apps.clio.sandbox.live.banking import move
from apps.clio.sandbox.live.desk import Desk

STEP_SECONDS = 360


def open_matter(desk: Desk) -> Record | None:
    """Return an open matter, rather a new one."""
    return desk.choose("matters", desk.where("matters", status='"Open"'), late=True)


def timekeeper(desk: Desk) -> Record | None:
    """Return somebody who works here and has a rate."""
    places = desk.store.tables["users"].entity.positions
    enabled, rate, guest = places["enabled"], places["rate"], places["clio_connect"]
    return desk.choose("users", lambda row: row[enabled] == "true" and row[rate] != "null" and row[guest] != "true")


def loose_entry(desk: Desk, *, is_time: bool | None = None) -> Record | None:
    """Return an entry on no bill, rather a new one."""
    places = desk.store.tables["activities"].entity.positions
    bill, kind = places["bill"], places["type"]

    written_off = desk.store.written_off

    def fits(row: Row) -> bool:
        return (
            row[bill] is None
            and row[0] not in written_off
            and (is_time is None or (row[kind] == '"TimeEntry"') == is_time)
        )

    return desk.choose("activities", fits, late=True)


def enter_time(desk: Desk) -> int | None:
    """Somebody records time on an open matter, today or some days late."""
    matter, person = open_matter(desk), timekeeper(desk)
    if matter is None or person is None:
        return None
    units = desk.between(1, 30)
    back = desk.between(0, 9) if desk.happens(0.3) else 0
    what = desk.pick(vocabulary.WORK)
    values = worth(units, cents(person["rate"]), billable=matter["billable"] and not desk.happens(0.08))
    number = desk.add(
        "activities", type="TimeEntry", date=desk.day(back), note=f"{what}: {desk.pick(vocabulary.SUBJECTS)}",
        user={"id": person["id"]}, matter={"id": matter["id"]}, activity_description=_named(desk, what),
        currency=matter["currency"], **FRESH, **values,
    )  # fmt: skip
    note_activity(desk, matter, desk.day(back))
    return number


FRESH: Record = {
    "quantity_redacted": False, "no_charge": False, "flat_rate": False, "contingency_fee": False, "billed": False,
    "on_bill": False, "tax_setting": "no_tax", "bill": None,
}  # fmt: skip


def worth(units: int, price: int, *, billable: bool) -> Record:
    """Return the fields of time worth so many tenths of an hour at a price in cents."""
    seconds, value = units * STEP_SECONDS, extend(price, units * 10)
    return {
        "quantity": amount(seconds * 100), "rounded_quantity": amount(seconds * 100),
        "quantity_in_hours": amount(units * 10), "rounded_quantity_in_hours": amount(units * 10),
        "price": amount(price), "non_billable": not billable, "total": amount(value if billable else 0),
        "non_billable_total": amount(0 if billable else value),
    }  # fmt: skip


def _named(desk: Desk, name: str) -> Record | None:
    table = desk.store.tables["activity_descriptions"]
    at = table.entity.positions["name"]
    return next(({"id": key} for key, row in zip(table.ids, table.rows, strict=True) if row[at] == f'"{name}"'), None)


def note_activity(desk: Desk, matter: Record, day: str) -> None:
    """Let a matter know of its last activity."""
    if day > (matter["last_activity_date"] or ""):
        desk.change("matters", matter["id"], last_activity_date=day)


def edit_time(desk: Desk) -> int | None:
    """Somebody corrects the duration or the words of an entry that is on no bill."""
    entry = loose_entry(desk, is_time=True)
    if entry is None or entry["flat_rate"] or entry["contingency_fee"]:
        return None
    changes: Record = {"note": f"{entry['note']} (revised)"[:200]} if desk.happens(0.4) else {}
    if not changes or desk.happens(0.5):
        changes |= worth(desk.between(1, 30), cents(entry["price"]), billable=not entry["non_billable"])
    desk.change("activities", entry["id"], **changes)
    return int(entry["id"])


def move_entry(desk: Desk) -> int | None:
    """An entry was recorded on the wrong matter and is moved."""
    entry, matter = loose_entry(desk), open_matter(desk)
    if entry is None or matter is None or id_of(entry["matter"]) == matter["id"] or entry["task"]:
        return None
    desk.change("activities", entry["id"], matter={"id": matter["id"]}, calendar_entry=None)
    _recount(desk, entry)
    note_activity(desk, matter, entry["date"])
    return int(entry["id"])


def toggle_billable(desk: Desk) -> int | None:
    """An entry is made non-billable, or billable after all."""
    entry = loose_entry(desk)
    matter = desk.find("matters", id_of(entry["matter"])) if entry else None
    if entry is None or matter is None or not matter["billable"] or entry["no_charge"]:
        return None
    value = cents(entry["total"]) + cents(entry["non_billable_total"])
    billable = bool(entry["non_billable"])
    desk.change("activities", entry["id"], non_billable=not billable, total=amount(value if billable else 0),
                non_billable_total=amount(0 if billable else value))  # fmt: skip
    return int(entry["id"])


def remove_entry(desk: Desk) -> int | None:
    """An entry that is on no bill is removed; nothing is left of it."""
    entry = loose_entry(desk)
    if entry is None:
        return None
    desk.remove("activities", entry["id"])
    _recount(desk, entry)
    return int(entry["id"])


def write_off_entry(desk: Desk) -> int | None:
    """Work nobody will ever bill is written off: only a filter of Clio's tells, no field."""
    entry = loose_entry(desk)
    if entry is None or entry["non_billable"]:
        return None
    desk.store.written_off.add(int(entry["id"]))
    desk.change("activities", entry["id"])
    return int(entry["id"])


def _recount(desk: Desk, entry: Record) -> None:
    """Let the task and the appointment of an entry know how many they have left."""
    for name, column in (("tasks", "task"), ("calendar_entries", "calendar_entry")):
        number = id_of(entry[column])
        if number is not None and desk.find(name, number) is not None:
            count = len(desk.store.tables["activities"].ids_referring(column, number))
            desk.change(name, number, time_entries_count=count)


def enter_expense(desk: Desk) -> int | None:
    """A cost is recorded; hard costs are paid at once from the operating account."""
    matter, person = open_matter(desk), timekeeper(desk)
    category = desk.choose("expense_categories")
    if matter is None or person is None or category is None:
        return None
    kind: Any = {"hard_cost": "HardCostEntry", "soft_cost": "SoftCostEntry"}.get(category["entry_type"], "ExpenseEntry")
    units = desk.between(2, 60) if kind == "SoftCostEntry" else 1
    price = desk.between(20, 300) if kind == "SoftCostEntry" else desk.between(20, 900) * 100
    billable = matter["billable"] and not desk.happens(0.07)
    value = units * price
    number = desk.add(
        "activities", type=kind, date=desk.day(), note=category["name"], user={"id": person["id"]},
        matter={"id": matter["id"]}, expense_category={"id": category["id"]}, currency=matter["currency"],
        quantity=amount(units * 100), rounded_quantity=amount(units * 100), price=amount(price),
        non_billable=not billable, total=amount(value if billable else 0),
        non_billable_total=amount(0 if billable else value), **FRESH,
    )  # fmt: skip
    if kind == "HardCostEntry":
        move(desk, "Operating", -value, "Disbursement", category["name"], matter={"id": matter["id"]})
    note_activity(desk, matter, desk.day())
    return number
