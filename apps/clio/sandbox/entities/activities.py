"""Activities: time and expense entries, by far the longest table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import (
    Filter,
    Test,
    contains,
    flag,
    nowhere,
    on_or_after,
    on_or_before,
    one_of,
    points_to,
    refers_to_none,
    says,
)  # fmt: skip
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Activity, Firm
from apps.clio.sandbox.fragments import DAY, FLAGS, HOURS, MONEY, NULL, TEXT, etag, instant, stamp

if TYPE_CHECKING:
    from apps.clio.sandbox.store import Store

TYPES = ("TimeEntry", "ExpenseEntry", "HardCostEntry", "SoftCostEntry")
TAXES = ("no_tax", "tax_1_only", "tax_2_only", "tax_1_and_tax_2")
STATUSES = ("billed", "draft", "unbilled", "non_billable", "billable", "written_off")


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for entry in firm.activities:
        yield _row(entry, lookups), instant(entry.created), instant(entry.updated)


def _row(entry: Activity, lookups: Lookups) -> Row:
    is_time, matter, bill = entry.type == "TimeEntry", entry.matter, entry.bill
    no, yes = FLAGS
    created = stamp(entry.created)
    return (
        entry.id, etag(entry.id, entry.updated), TEXT[entry.type], DAY[entry.day],
        MONEY[entry.quantity * 100], MONEY[entry.rounded * 100],
        HOURS[entry.quantity] if is_time else NULL, HOURS[entry.rounded] if is_time else NULL, no,
        MONEY[entry.price], MONEY[0] if entry.non_billable else MONEY[entry.total],
        yes if entry.non_billable else no, MONEY[entry.total] if entry.non_billable else MONEY[0],
        yes if entry.no_charge else no, yes if entry.flat else no, yes if entry.contingency else no,
        yes if bill is not None and bill.approved else no, yes if bill is not None else no,
        TEXT[entry.note], NULL, TEXT[_tax_setting(entry)],
        created, created if entry.updated == entry.created else stamp(entry.updated),
        entry.person.id, matter.id if matter is not None else None,
        lookups.descriptions[entry.category] if is_time else None,
        None if is_time else lookups.categories[entry.category],
        bill.id if bill is not None else None, entry.vendor.id if entry.vendor is not None else None, lookups.currency,
        entry.task.id if entry.task is not None else None, entry.event.id if entry.event is not None else None,
    )  # fmt: skip


def _tax_setting(entry: Activity) -> str:
    if entry.matter is None:
        return TAXES[0]
    first, second = entry.matter.client.taxes
    return TAXES[3] if second else TAXES[1] if first else TAXES[0]


def _status(entity: Entity, text: str, store: Store) -> Test:
    """Return the test of one of Clio's words for where an entry stands."""
    non_billable, billed, on_bill = (entity.positions[name] for name in ("non_billable", "billed", "on_bill"))
    no, yes = FLAGS
    gone = store.written_off
    tests: dict[str, Test] = {
        "billed": lambda row: row[billed] == yes,
        "draft": lambda row: row[on_bill] == yes and row[billed] == no,
        "unbilled": lambda row: row[on_bill] == no and row[non_billable] == no and row[0] not in gone,
        "non_billable": lambda row: row[non_billable] == yes,
        "billable": lambda row: row[non_billable] == no,
        "written_off": lambda row: row[0] in gone,
    }
    return tests[one_of(text, STATUSES)]


ACTIVITIES = Entity(
    name="activities",
    scalars=(
        "id", "etag", "type", "date", "quantity", "rounded_quantity", "quantity_in_hours", "rounded_quantity_in_hours",
        "quantity_redacted", "price", "total", "non_billable", "non_billable_total", "no_charge", "flat_rate",
        "contingency_fee", "billed", "on_bill", "note", "reference", "tax_setting", "created_at", "updated_at",
    ),
    nested={
        "user": Nested(target="users"),
        "matter": Nested(target="matters"),
        "activity_description": Nested(target="activity_descriptions"),
        "expense_category": Nested(target="expense_categories"),
        "bill": Nested(target="bills"),
        "vendor": Nested(target="contacts"),
        "currency": Nested(target="currencies"),
        "task": Nested(target="tasks"),
        "calendar_entry": Nested(target="calendar_entries"),
        "communication": Nested(shapes.COMMUNICATION, is_kept=False),
        "client_portal": Nested(shapes.CLIENT_PORTAL, is_kept=False),
        "matter_note": Nested(shapes.NOTE, is_kept=False),
        "contact_note": Nested(shapes.NOTE, is_kept=False),
        "subject": Nested(shapes.POLYMORPHIC_OBJECT, is_kept=False),
        "timer": Nested(shapes.TIMER, is_kept=False),
        "utbms_expense": Nested(shapes.UTBMS_CODE, is_kept=False),
        "text_message_conversation": Nested(shapes.ACTIVITY_TEXT_MESSAGE_CONVERSATION, is_kept=False),
        "document_version": Nested(shapes.DOCUMENT_VERSION, is_kept=False),
        "legal_aid_uk_activity": Nested(shapes.LEGAL_AID_UK_ACTIVITY, is_kept=False),
    },
    filters={
        "start_date": on_or_after("date"),
        "end_date": on_or_before("date"),
        "status": Filter(nowhere, across=_status),
        "type": says("type", {name: name for name in TYPES}),
        "user_id": points_to("user"),
        "matter_id": points_to("matter"),
        "activity_description_id": points_to("activity_description"),
        "expense_category_id": points_to("expense_category"),
        "task_id": points_to("task"),
        "calendar_entry_id": points_to("calendar_entry"),
        "communication_id": refers_to_none(),
        "contact_note_id": refers_to_none(),
        "matter_note_id": refers_to_none(),
        "flat_rate": flag("flat_rate"),
        "query": contains("note"),
    },
    ignored=("grant_id", "only_unaccounted_for"),
    orders=("date", "created_at", "updated_at", "price", "total", "type", "note", "non_billable", "non_billable_total",
            "user.name", "vendor.name", "expense_category.name"),
    order_paths={"display_number": "matter.display_number"},
    sums=("total", "non_billable_total", "quantity", "rounded_quantity"),
    rows=_rows,
)  # fmt: skip
