"""Allocations: what of a payment or credit memo went to which bill. The only trace of offline payments."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import Filter, Test, has_part, points_to
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.errors import MalformedParameter
from apps.clio.sandbox.firm.records import Allocation, Firm, Money
from apps.clio.sandbox.fragments import DAY, FLAGS, MONEY, NULL, TEXT, etag, instant, optional_stamp, stamp

PARENT_TYPES = {"1": "Payment", "2": "CreditMemo"}
ONLINE = {"card": "Card", "echeck": "eCheck"}


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    parents: dict[int, Embedded] = {}
    for item in firm.allocations:
        money = item.parent
        parent = parents.get(id(money)) or parents.setdefault(id(money), _parent(money))
        updated = item.voided or money.created
        yield _row(item, parent, updated, lookups), instant(money.created), instant(updated)


def _row(item: Allocation, parent: Embedded, updated: int, lookups: Lookups) -> Row:
    money, bill = item.parent, item.bill
    is_payment = money.type == "Payment"
    online = ONLINE.get(money.source)
    source = {"trust": lookups.trust, "operating": lookups.operating}.get(money.source)
    target = lookups.trust if money.source == "trust_deposit" else lookups.operating
    return (
        item.id, etag(item.id, updated), DAY[money.day], MONEY[item.amount], FLAGS[item.is_interest],
        optional_stamp(item.voided), TEXT[money.reference], TEXT[online] if online else NULL, FLAGS[online is not None],
        FLAGS[item.voided is None], stamp(money.created), stamp(updated),
        bill.id, item.matter.id if item.matter is not None else None, bill.client.id, parent, source,
        target if is_payment else None,
    )  # fmt: skip


def _parent(money: Money) -> Embedded:
    return Embedded(id=str(money.id), type=TEXT[money.type], identifier=TEXT[money.reference])


def _status(entity: Entity, text: str) -> Test:
    at = entity.positions["voided_at"]
    if text not in ("valid", "invalid"):
        raise MalformedParameter(f"{text!r} is neither valid nor invalid.")
    return (lambda row: row[at] == NULL) if text == "valid" else (lambda row: row[at] != NULL)


def _parent_type(entity: Entity, text: str) -> Test:
    """Clio's document types it as an integer and says no more; the words of `parent{type}` are taken as well."""
    at, wanted = entity.positions["parent"], PARENT_TYPES.get(text, text)
    if wanted not in PARENT_TYPES.values():
        raise MalformedParameter(f"{text!r} is no type of a parent.")
    return lambda row: getattr(row[at], "fragments", {}).get("type") == TEXT[wanted]


ALLOCATIONS = Entity(
    name="allocations",
    scalars=(
        "id", "etag", "date", "amount", "interest", "voided_at", "description", "payment_type", "has_online_payment",
        "destroyable", "created_at", "updated_at",
    ),
    nested={
        "bill": Nested(target="bills"),
        "matter": Nested(target="matters"),
        "contact": Nested(target="contacts"),
        "parent": Nested(shapes.POLYMORPHIC_OBJECT),
        "source_bank_account": Nested(target="bank_accounts"),
        "destination_bank_account": Nested(target="bank_accounts"),
    },
    filters={
        "bill_id": points_to("bill"),
        "matter_id": points_to("matter"),
        "contact_id": points_to("contact"),
        "parent_id": has_part("parent", "id"),
        "parent_type": Filter(_parent_type),
        "status": Filter(_status),
    },
    orders=("date",),
    default_order="date(asc)",
    sums=("amount",),
    rows=_rows,
)  # fmt: skip
