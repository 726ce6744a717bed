"""Acts of billing: drafts written, changed, submitted, approved, re-opened, voided, deleted."""

from __future__ import annotations

from datetime import date, timedelta

from apps.clio.sandbox.changes import Record
from apps.clio.sandbox.entities.entity import Row
from apps.clio.sandbox.firm.arithmetic import extend
from apps.clio.sandbox.live.amounts import amount, cents, id_of
from apps.clio.sandbox.live.banking import account_of
from apps.clio.sandbox.live.bills import reckon
from apps.clio.sandbox.live.desk import Desk
from apps.clio.sandbox.live.work import open_matter

DRAFTS = ("draft", "awaiting_approval")
LARGEST = 60
"""Entries on a bill written here."""


def draft_bill(desk: Desk) -> int | None:
    """What waits on a matter becomes a draft."""
    matter = open_matter(desk)
    ready = _waiting(desk, matter["id"])[:LARGEST] if matter else []
    if matter is None or not ready or not matter["billable"]:
        return None
    numbers = desk.store.tables["bills"]
    days = sorted(entry["date"] for entry in ready)
    bill = desk.add(
        "bills", number=f"{10_001 + len(numbers.rows)}-{numbers.top + 1}", type="MatterBill", kind="revenue_kind",
        state="draft", subject=f"Professional services {desk.day()[:7]}", issued_at=desk.day(),
        due_at=(desk.today() + timedelta(days=30)).isoformat(), start_at=days[0], end_at=days[-1],
        pending=amount(0), tax_rate=amount(0), secondary_tax_rate=amount(0), shared=False,
        client=matter["client"], matters=[{"id": matter["id"]}], user=_biller(desk), currency=matter["currency"],
        group=matter["group"], destination_account=_account(desk),
    )  # fmt: skip
    for entry in ready:
        _bill_entry(desk, bill, entry)
    reckon(desk, bill)
    return bill


def _waiting(desk: Desk, matter_id: int) -> list[Record]:
    loose = [entry for entry in desk.referring("activities", "matter", matter_id) if entry["bill"] is None]
    wanted = [entry for entry in loose if entry["no_charge"] or not entry["non_billable"]]
    return [entry for entry in wanted if entry["id"] not in desk.store.written_off]


def _biller(desk: Desk) -> Record | None:
    user = desk.choose("users", desk.where("users", account_owner="true"))
    return {"id": user["id"]} if user else None


def _account(desk: Desk) -> Record | None:
    number = account_of(desk, "Operating")
    return None if number is None else {"id": number}


def _bill_entry(desk: Desk, bill: int, entry: Record) -> None:
    """Put an entry on a bill: its line, and what it says of itself."""
    is_time = entry["type"] == "TimeEntry"
    hundredths = cents(entry["rounded_quantity"]) // 3600 if is_time else cents(entry["rounded_quantity"])
    value = 0 if entry["no_charge"] else cents(entry["total"])
    desk.add(
        "line_items", type="NoChargeLineItem" if entry["no_charge"] else "ActivityLineItem",
        kind="Service" if is_time else "Expense", date=entry["date"], description=entry["note"], price=entry["price"],
        quantity=amount(hundredths), sub_total=amount(value), total=amount(value), tax=amount(0),
        secondary_tax=amount(0), taxable=False, secondary_taxable=False, group_ordering=1 if is_time else 2,
        bill={"id": bill}, activity={"id": entry["id"]}, matter=entry["matter"], user=entry["user"],
    )  # fmt: skip
    desk.change("activities", entry["id"], bill={"id": bill}, on_bill=True, billed=False)


def some_bill(desk: Desk, *states: str, untouched: bool = False, bears_interest: bool = False) -> Record | None:
    """Return a revenue bill in one of these states, rather a new one.

    untouched: with no money on it, ever. bears_interest: of a client who agreed to interest.
    """
    places = desk.store.tables["bills"].entity.positions
    state, kind, wanted = places["state"], places["kind"], {f'"{each}"' for each in states}
    interest, settled = places["interest"], desk.store.tables["allocations"]

    def fits(row: Row) -> bool:
        if bears_interest and row[interest] is None:
            return False
        return row[state] in wanted and row[kind] == '"revenue_kind"' and not (
            untouched and len(settled.ids_referring("bill", int(str(row[0]))))
        )  # fmt: skip

    return desk.choose("bills", fits, late=True)


def change_draft(desk: Desk) -> int | None:
    """A draft gets a discount, loses an entry or has a line cut; its lines are written anew, with new ids."""
    bill = some_bill(desk, *DRAFTS)
    if bill is None:
        return None
    number, lines = int(bill["id"]), desk.referring("line_items", "bill", bill["id"])
    if desk.happens(0.4):
        rate = {"rate": amount(desk.between(2, 10) * 100), "type": "percentage"}
        desk.change("bills", number, discount=None if bill["discount"] else rate, discount_services_only="false")
    elif len(lines) > 1:
        _drop_line(desk, desk.pick(lines))
    for line in desk.referring("line_items", "bill", number):
        _write_anew(desk, line)
    reckon(desk, number)
    return number


def _drop_line(desk: Desk, line: Record) -> None:
    desk.remove("line_items", line["id"])
    if line["activity"] is not None and desk.find("activities", id_of(line["activity"])):
        desk.change("activities", line["activity"]["id"], bill=None, on_bill=False, billed=False)


def _write_anew(desk: Desk, line: Record) -> None:
    cut: Record = {}
    if (
        line["kind"] == "Service"
        and line["type"] == "ActivityLineItem"
        and cents(line["quantity"]) > 20
        and desk.happens(0.1)
    ):
        less = cents(line["quantity"]) - 10
        cut = {"quantity": amount(less), "sub_total": amount(extend(cents(line["price"]), less)), "discount": None}
    desk.remove("line_items", line["id"])
    kept = {name: value for name, value in line.items() if name not in ("id", "etag", "created_at", "updated_at")}
    desk.add("line_items", **kept | cut)


def submit_draft(desk: Desk) -> int | None:
    """A draft is handed in for approval."""
    return _restate(desk, some_bill(desk, "draft"), "awaiting_approval")


def approve_bill(desk: Desk) -> int | None:
    """A bill goes out today; its entries count as billed."""
    bill = some_bill(desk, *DRAFTS)
    if bill is None or cents(bill["due"]) <= 0:
        return None
    span = date.fromisoformat(bill["due_at"]) - date.fromisoformat(bill["issued_at"])
    sent = desk.writer.moment() if desk.happens(0.8) else None
    desk.change("bills", bill["id"], state="awaiting_payment", issued_at=desk.day(), last_sent_at=sent,
                due_at=(desk.today() + span).isoformat(), shared=sent is not None)  # fmt: skip
    _mark_entries(desk, bill["id"], billed=True)
    reckon(desk, bill["id"])
    return int(bill["id"])


def reopen_bill(desk: Desk) -> int | None:
    """An issued bill without money on it is taken back into draft."""
    bill = some_bill(desk, "awaiting_payment", untouched=True)
    if bill is None or len(desk.store.tables["interest_charges"].ids_referring("bill", bill["id"])):
        return None
    _mark_entries(desk, bill["id"], billed=False)
    return _restate(desk, bill, "draft")


def void_bill(desk: Desk) -> int | None:
    """An issued bill without money on it is voided; its lines stay, its entries are free again."""
    bill = some_bill(desk, "awaiting_payment", untouched=True)
    if bill is not None:
        _free_entries(desk, bill["id"])
    return _restate(desk, bill, "void")


def delete_draft(desk: Desk) -> int | None:
    """A draft is deleted; its lines go, its entries are free again, the bill keeps its number in the state deleted."""
    bill = some_bill(desk, *DRAFTS)
    if bill is not None:
        _free_entries(desk, bill["id"])
        for line in desk.referring("line_items", "bill", bill["id"]):
            desk.remove("line_items", line["id"])
    return _restate(desk, bill, "deleted")


def _restate(desk: Desk, bill: Record | None, state: str) -> int | None:
    if bill is None:
        return None
    desk.change("bills", bill["id"], state=state)
    reckon(desk, bill["id"])
    return int(bill["id"])


def _mark_entries(desk: Desk, bill: int, *, billed: bool) -> None:
    for entry in desk.referring("activities", "bill", bill):
        desk.change("activities", entry["id"], billed=billed, on_bill=True)


def _free_entries(desk: Desk, bill: int) -> None:
    for entry in desk.referring("activities", "bill", bill):
        desk.change("activities", entry["id"], bill=None, on_bill=False, billed=False)
