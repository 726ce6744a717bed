"""What trust requests ask for. Positive: money wanted into trust (Clio states no sign)."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import points_to
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import DAY, MONEY, TEXT, etag, instant, stamp

FIRST_ID = 60_118_300


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    number = FIRST_ID
    for bill in firm.bills:
        if bill.kind == "trust_kind":
            number += 3
            when, seconds = stamp(bill.created), instant(bill.created)
            row = (
                number, etag(number, bill.created), DAY[bill.issued], MONEY[bill.sub_total], TEXT["Trust request"],
                when, when, bill.id, bill.matters[0].id, bill.client.id,
            )  # fmt: skip
            yield row, seconds, seconds


TRUST_LINE_ITEMS = Entity(
    name="trust_line_items",
    scalars=("id", "etag", "date", "total", "note", "created_at", "updated_at"),
    nested={
        "bill": Nested(target="bills"),
        "matter": Nested(target="matters"),
        "client": Nested(target="contacts"),
    },
    filters={"bill_id": points_to("bill"), "matter_id": points_to("matter")},
    has_single=False,
    sums=("total",),
    rows=_rows,
)
