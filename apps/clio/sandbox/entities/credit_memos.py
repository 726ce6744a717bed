"""Credit memos: write-offs and discounts on issued bills."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import points_to
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import DAY, FLAGS, MONEY, TEXT, etag, instant, optional_stamp, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for memo in firm.memos:
        updated = memo.voided or memo.created
        row = (
            memo.id, etag(memo.id, updated), DAY[memo.day], MONEY[memo.amount], TEXT[memo.reference],
            FLAGS[memo.is_discount], optional_stamp(memo.voided), stamp(memo.created), stamp(updated),
            memo.person.id if memo.person else None, memo.client.id, tuple(item.id for item in memo.allocations),
        )  # fmt: skip
        yield row, instant(memo.created), instant(updated)


CREDIT_MEMOS = Entity(
    name="credit_memos",
    scalars=("id", "etag", "date", "amount", "description", "discount", "voided_at", "created_at", "updated_at"),
    nested={
        "user": Nested(target="users"),
        "contact": Nested(target="contacts"),
        "allocations": Nested(target="allocations", many=True),
    },
    filters={"contact_id": points_to("contact")},
    orders=("date",),
    default_order="date(asc)",
    sums=("amount",),
    rows=_rows,
)
