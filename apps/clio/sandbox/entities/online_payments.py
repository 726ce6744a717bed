"""Payments by card or eCheck through Clio Payments. They have states, no etag, and are never deleted."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import holds, points_to, says
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.banking import OnlinePayment
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, MONEY, NULL, TEXT, instant, stamp

STATES = (
    "pending", "authorized", "completed", "voided", "failed", "canceled", "requires_confirmation",
    "completed_requiring_allocation",
)  # fmt: skip


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    owner = next(person.id for person in firm.people if person.is_owner)
    for payment in firm.online_payments:
        yield _row(payment, lookups, owner), instant(payment.created), instant(payment.updated)


def _row(payment: OnlinePayment, lookups: Lookups, owner: int) -> Row:
    items = payment.money.allocations if payment.state != "failed" else []
    bills = dict.fromkeys(item.bill.id for item in payment.money.allocations)
    matters = dict.fromkeys(matter.id for item in payment.money.allocations for matter in item.bill.matters)
    return (
        payment.id, MONEY[payment.amount], TEXT[payment.confirmation] if payment.confirmation else NULL, TEXT["USD"],
        FLAGS[1], TEXT[payment.money.reference], f'"contact{payment.client.id}@mail.example"', TEXT[payment.state],
        stamp(payment.created), stamp(payment.updated),
        payment.moves[0].id if payment.moves else None, payment.client.id, lookups.operating, owner,
        tuple(item.id for item in items), tuple(bills), tuple(matters),
    )  # fmt: skip


ONLINE_PAYMENTS = Entity(
    name="clio_payments/payments",
    scalars=(
        "id", "amount", "confirmation_number", "currency", "deposit_as_revenue", "description", "email_address",
        "state", "created_at", "updated_at",
    ),
    nested={
        "bank_transaction": Nested(target="bank_transactions"),
        "contact": Nested(target="contacts"),
        "destination_account": Nested(target="bank_accounts"),
        "user": Nested(target="users"),
        "allocations": Nested(target="allocations", many=True),
        "bills": Nested(target="bills", many=True),
        "matters": Nested(target="matters", many=True),
        "clio_payments_link": Nested(shapes.CLIO_PAYMENTS_LINK, is_kept=False),
    },
    filters={
        "bill_id": holds("bills"),
        "contact_id": points_to("contact"),
        "state": says("state", {state: state for state in STATES}),
    },
    has_since=False,
    sums=("amount",),
    rows=_rows,
)  # fmt: skip
