"""Acts around cases and people: matters, contacts, tasks, appointments, users, groups."""

from __future__ import annotations

from datetime import timedelta

from apps.clio.sandbox.changes import Record
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.relations import PARTS
from apps.clio.sandbox.live.amounts import amount, cents, id_of
from apps.clio.sandbox.live.banking import trust_of
from apps.clio.sandbox.live.desk import Desk
from apps.clio.sandbox.live.work import open_matter, timekeeper

POINTING = (
    ("matters", "client"), ("bills", "client"), ("allocations", "contact"), ("credit_memos", "contact"),
    ("relationships", "contact"), ("bank_transactions", "client"), ("trust_line_items", "client"),
    ("clio_payments/payments", "contact"), ("activities", "vendor"), ("contacts", "company"),
)  # fmt: skip
"""Where a contact is named."""


def add_contact(desk: Desk) -> int:
    """Somebody new is met."""
    first, last = desk.pick(vocabulary.FIRST_NAMES), desk.pick(vocabulary.LAST_NAMES)
    city, province, postal_code = desk.pick(vocabulary.CITIES)
    number = desk.store.tables["contacts"].top + 1
    address = {"id": number + 41, "city": city, "province": province, "postal_code": postal_code, "country": "US"}
    return desk.add(
        "contacts", type="Person", name=f"{first} {last}", first_name=first, last_name=last, is_client=False,
        is_co_counsel=False, is_bill_recipient=False, primary_email_address=f"contact{number}@mail.example",
        primary_address=address, account_balances=[],
    )  # fmt: skip


def rename_contact(desk: Desk) -> int | None:
    """Somebody marries, or a company takes another name."""
    contact = desk.choose("contacts")
    if contact is None:
        return None
    if contact["type"] == "Person":
        last = desk.pick(vocabulary.LAST_NAMES)
        desk.change("contacts", contact["id"], last_name=last, name=f"{contact['first_name']} {last}")
    else:
        name = f"{desk.pick(vocabulary.COMPANY_HEADS)} {desk.pick(vocabulary.COMPANY_TAILS)}"
        desk.change("contacts", contact["id"], name=name)
    return int(contact["id"])


def merge_contacts(desk: Desk) -> int | None:
    """Two records of one person become one: everything of the second points to the first, the second is gone."""
    kept, gone = desk.choose("contacts"), desk.choose("contacts", late=True)
    if kept is None or gone is None or kept["id"] == gone["id"] or kept["type"] != gone["type"]:
        return None
    number, old = {"id": kept["id"]}, int(gone["id"])
    for name, column in POINTING:
        for other in list(desk.store.tables[name].ids_referring(column, old)):
            desk.change(name, other, **{column: number})
    for rate in desk.store.tables["activity_rates"].ids:
        if desk.get("activity_rates", rate)["contact_id"] == old:
            desk.change("activity_rates", rate, contact_id=kept["id"])
    desk.change("contacts", kept["id"], is_client=kept["is_client"] or gone["is_client"],
                account_balances=_added(kept, gone))  # fmt: skip
    desk.remove("contacts", old)
    return old


def _added(kept: Record, gone: Record) -> list[Record]:
    found: list[Record] = kept["account_balances"] or gone["account_balances"]
    total = trust_of(kept) + trust_of(gone)
    return [{**each, "balance": amount(total)} if each["type"] == "Trust" else each for each in found]


def take_matter(desk: Desk) -> int | None:
    """A client brings a new case."""
    client, lead = desk.choose("contacts", desk.where("contacts", is_client="true")), timekeeper(desk)
    area, stage = desk.choose("practice_areas"), desk.choose("matter_stages")
    if client is None or lead is None:
        return None
    table = desk.store.tables["matters"]
    number = len(table.rows) + 1
    word = str(client["last_name"] or client["name"]).split()[0]
    person = {"id": lead["id"]}
    return desk.add(
        "matters", number=number, display_number=f"{number:05d}-{word}", status="Open", billable=True,
        description=f"{desk.pick(vocabulary.CASES[vocabulary.AREAS[0][0]])} - {client['name']}",
        billing_method="hourly", open_date=desk.day(), matter_stage_updated_at=desk.writer.moment(), has_tasks=False,
        client={"id": client["id"]}, practice_area=_ref(area), matter_stage=_ref(stage), responsible_attorney=person,
        originating_attorney=person, user=person, group=_everybody(desk), currency=client["currency"],
        custom_rate={"type": "HourlyRate", "on_invoice": False}, account_balances=[],
    )  # fmt: skip


def _ref(record: Record | None) -> Record | None:
    return None if record is None else {"id": record["id"]}


def _everybody(desk: Desk) -> Record | None:
    return _ref(desk.choose("groups", desk.where("groups", type='"AccountGroup"')))


def close_matter(desk: Desk) -> int | None:
    """A case ends."""
    matter = desk.choose("matters", desk.where("matters", status='"Open"'))
    if matter is None or len(desk.store.tables["matters"].ids_referring("client", matter["client"]["id"])) < 1:
        return None
    desk.change("matters", matter["id"], status="Closed", close_date=desk.day())
    return int(matter["id"])


def reopen_matter(desk: Desk) -> int | None:
    """A closed or pending case is taken up."""
    matter = desk.choose("matters", lambda row: not desk.where("matters", status='"Open"')(row))
    if matter is None:
        return None
    opened = matter["open_date"] or desk.day()
    desk.change("matters", matter["id"], status="Open", open_date=opened, close_date=None)
    return int(matter["id"])


def hand_over_matter(desk: Desk) -> int | None:
    """A case gets another responsible attorney, stage or practice area."""
    matter, person = open_matter(desk), timekeeper(desk)
    if matter is None or person is None:
        return None
    mark = desk.chance()
    if mark < 0.4:
        desk.change("matters", matter["id"], responsible_attorney={"id": person["id"]})
    elif mark < 0.8:
        stage = _ref(desk.choose("matter_stages"))
        desk.change("matters", matter["id"], matter_stage=stage, matter_stage_updated_at=desk.writer.moment())
    else:
        desk.change("matters", matter["id"], practice_area=_ref(desk.choose("practice_areas")))
    return int(matter["id"])


def relate(desk: Desk) -> int | None:
    """Somebody gets a part in a case, or loses it."""
    if desk.happens(0.3):
        relation = desk.choose("relationships")
        if relation is not None:
            desk.remove("relationships", relation["id"])
            return int(relation["id"])
    matter, contact = open_matter(desk), desk.choose("contacts")
    if matter is None or contact is None:
        return None
    return desk.add("relationships", description=desk.pick(PARTS), matter={"id": matter["id"]},
                    contact={"id": contact["id"]})  # fmt: skip


def add_task(desk: Desk) -> int | None:
    """Something is to be done."""
    matter, person = open_matter(desk), timekeeper(desk)
    if matter is None or person is None:
        return None
    name, _ = desk.pick(vocabulary.TASKS)
    assignee = {
        "id": person["id"],
        "type": "User",
        "identifier": person["name"],
        "name": person["name"],
        "enabled": True,
    }
    if not matter["has_tasks"]:
        desk.change("matters", matter["id"], has_tasks=True)
    return desk.add(
        "tasks", name=name, status="pending", priority=desk.pick(("High", "Normal", "Low")), permission="public",
        due_at=(desk.today() + timedelta(days=desk.between(1, 30))).isoformat(), statute_of_limitations=False,
        notify_completion=False, time_entries_count=0, description_text_type="plain_text",
        assigner={"id": person["id"]}, assignee=assignee, matter={"id": matter["id"]},
    )  # fmt: skip


def finish_task(desk: Desk) -> int | None:
    """Something is done, or not wanted any more and removed."""
    task = desk.choose("tasks", lambda row: not desk.where("tasks", status='"complete"')(row), late=True)
    if task is None:
        return None
    if desk.happens(0.2) and not len(desk.store.tables["activities"].ids_referring("task", task["id"])):
        desk.remove("tasks", task["id"])
        left = desk.store.tables["tasks"].ids_referring("matter", task["matter"]["id"])
        if not len(left):
            desk.change("matters", task["matter"]["id"], has_tasks=False)
    else:
        desk.change("tasks", task["id"], status="complete", completed_at=desk.writer.moment())
    return int(task["id"])


def make_appointment(desk: Desk) -> int | None:
    """A meeting is put into the calendar, moved by a day, or called off."""
    known, mark = desk.choose("calendar_entries", late=True), desk.chance()
    if known is not None and mark < 0.3:
        desk.change("calendar_entries", known["id"], location="By telephone")
        return int(known["id"])
    if known is not None and mark < 0.4 and not known["time_entries_count"]:
        desk.remove("calendar_entries", known["id"])
        return int(known["id"])
    matter = open_matter(desk)
    if matter is None or known is None:
        return None
    day = (desk.today() + timedelta(days=desk.between(1, 40))).isoformat()
    return desk.add(
        "calendar_entries", summary=f"Client meeting: {matter['display_number']}", start_at=f"{day}T15:00:00-05:00",
        start_date=day, start_time="15:00", end_at=f"{day}T16:00:00-05:00", end_date=day, end_time="16:00",
        all_day=False, court_rule=False, permission="editor", time_entries_count=0,
        calendar_owner_id=known["calendar_owner_id"], calendar_owner=known["calendar_owner"],
        calendar_entry_event_type=known["calendar_entry_event_type"], attendees=[], calendars=known["calendars"],
        matter={"id": matter["id"]},
    )  # fmt: skip


def change_rate(desk: Desk) -> int | None:
    """Somebody's usual rate is raised; what was recorded keeps its price."""
    person = timekeeper(desk)
    if person is None:
        return None
    desk.change("users", person["id"], rate=amount(cents(person["rate"]) + 500))
    return int(person["id"])


def disable_user(desk: Desk) -> int | None:
    """Somebody leaves, or comes back; the owner stays, and always enough people to work."""
    places = desk.store.tables["users"].entity.positions
    enabled = sum(row[places["enabled"]] == "true" for row in desk.store.tables["users"].rows)
    person = desk.choose("users", desk.where("users", account_owner="false"))
    if person is None or (person["enabled"] and enabled <= 3):
        return None
    desk.change("users", person["id"], enabled=not person["enabled"])
    return int(person["id"])


def restrict_matter(desk: Desk) -> int | None:
    """A case is kept to the confidential circle, or opened to everybody again."""
    matter, circle = open_matter(desk), desk.choose("groups", desk.where("groups", type='"AdhocGroup"'))
    if matter is None or circle is None:
        return None
    is_kept = id_of(matter["group"]) == circle["id"]
    desk.change("matters", matter["id"], group=_everybody(desk) if is_kept else _ref(circle))
    return int(matter["id"])
