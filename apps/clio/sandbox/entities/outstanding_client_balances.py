"""What each client owes on issued bills: a snapshot, worked out from the bills whenever it is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import of_matters, on_or_after, on_or_before, points_to
from apps.clio.sandbox.entities.lookups import CURRENCY_ID
from apps.clio.sandbox.entities.unbilled import cents
from apps.clio.sandbox.fragments import FLAGS, MONEY, NULL, TEXT, etag, utc_stamp

if TYPE_CHECKING:
    from apps.clio.sandbox.store import Store

FIRST_ID = 7_000_000_000
"""Added to the client's id: Clio's rows have ids of their own."""


def _derive(store: Store, start: date | None, end: date | None) -> Iterable[Recorded]:
    table = store.tables["bills"]
    places = table.entity.positions
    owing: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(table.rows):
        is_revenue = row[places["kind"]] != TEXT["trust_kind"]
        client = row[places["client"]]
        if row[places["state"]] == TEXT["awaiting_payment"] and is_revenue and isinstance(client, int):
            owing[client].append(at)
    paid = _last_payments(store, owing.keys())
    for client, positions in sorted(owing.items()):
        rows = [table.rows[at] for at in positions]
        total = sum(cents(row[places["balance"]]) for row in rows)
        if total > 0:
            created = min(table.created[at] for at in positions)
            updated = max(table.updated[at] for at in positions)
            yield _row(client, rows, places, total, paid.get(client, NULL), created, updated), created, updated


def _row(
    client: int, rows: list[Row], places: dict[str, int], total: int, paid: str, created: int, updated: int
) -> Row:
    number = FIRST_ID + client
    matters = sorted({each for row in rows for each in _ids(row[places["matters"]])})
    sent = [str(row[places["last_sent_at"]]) for row in rows if row[places["last_sent_at"]] != NULL]
    return (
        number, etag(number, updated * 100 + total), f"[{','.join(map(str, matters))}]", paid,
        f'{max(sent)[:11]}"' if sent else NULL, max(str(row[places["due_at"]]) for row in rows),
        MONEY[sum(cents(row[places["pending"]]) for row in rows)], FLAGS[0], MONEY[total], utc_stamp(created),
        utc_stamp(updated), client, tuple(int(str(row[0])) for row in rows), CURRENCY_ID,
    )  # fmt: skip


def _ids(cell: object) -> tuple[int, ...]:
    return tuple(each for each in cell if isinstance(each, int)) if isinstance(cell, tuple) else ()


def _last_payments(store: Store, clients: Iterable[int]) -> dict[int, str]:
    """Return the day of each client's last live payment, as it stands in a row."""
    table, wanted = store.tables["allocations"], set(clients)
    places = table.entity.positions
    found: dict[int, str] = {}
    for row in table.rows:
        client = row[places["contact"]]
        parent = getattr(row[places["parent"]], "fragments", {})
        if client in wanted and row[places["voided_at"]] == NULL and parent.get("type") == TEXT["Payment"]:
            assert isinstance(client, int)
            found[client] = max(found.get(client, ""), str(row[places["date"]]))
    return found


OUTSTANDING_CLIENT_BALANCES = Entity(
    name="outstanding_client_balances",
    scalars=(
        "id", "etag", "associated_matter_ids", "last_payment_date", "last_shared_date", "newest_issued_bill_due_date",
        "pending_payments_total", "reminders_enabled", "total_outstanding_balance", "created_at", "updated_at",
    ),
    nested={
        "contact": Nested(target="contacts"),
        "outstanding_bills": Nested(target="bills", many=True),
        "currency": Nested(target="currencies"),
    },
    filters={
        "contact_id": points_to("contact"),
        "last_paid_start_date": on_or_after("last_payment_date"),
        "last_paid_end_date": on_or_before("last_payment_date"),
        "newest_bill_due_start_date": on_or_after("newest_issued_bill_due_date"),
        "newest_bill_due_end_date": on_or_before("newest_issued_bill_due_date"),
        "originating_attorney_id": of_matters("originating_attorney", "client"),
        "responsible_attorney_id": of_matters("responsible_attorney", "client"),
    },
    has_single=False,
    has_ids=False,
    has_since=False,
    sums=("total_outstanding_balance",),
    derive=_derive,
)  # fmt: skip
