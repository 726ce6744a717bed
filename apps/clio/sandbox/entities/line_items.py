"""Line items of all bills. Clio documents no single for them."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.bills import discount_of
from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import contains, points_to, says, says_number
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import DAY, FLAGS, MONEY, TEXT, etag, instant, optional_text, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    known_bill, created, updated, seconds, changed = 0, "", "", 0, 0
    for bill, line in firm.lines:
        if bill.id != known_bill:
            known_bill, created, updated = bill.id, stamp(bill.created), stamp(bill.booked)
            seconds, changed = instant(bill.created), instant(bill.booked)
        row = (
            line.id, etag(line.id, bill.booked), TEXT[line.type], TEXT[line.kind], DAY[line.day],
            TEXT[line.description], optional_text(line.note), MONEY[line.price], MONEY[line.hundredths],
            MONEY[line.gross], MONEY[line.gross - line.less_discount], MONEY[line.tax], MONEY[line.second_tax],
            FLAGS[bill.taxes[0] > 0], FLAGS[bill.taxes[1] > 0], "1" if line.kind == "Service" else "2",
            created, updated,
            bill.id, line.activity.id if line.activity is not None else None, line.matter.id,
            line.person.id if line.person is not None else None, discount_of(line.discount),
        )  # fmt: skip
        yield row, seconds, changed


LINE_ITEMS = Entity(
    name="line_items",
    scalars=(
        "id", "etag", "type", "kind", "date", "description", "note", "price", "quantity", "sub_total", "total", "tax",
        "secondary_tax", "taxable", "secondary_taxable", "group_ordering", "created_at", "updated_at",
    ),
    nested={
        "bill": Nested(target="bills"),
        "activity": Nested(target="activities"),
        "matter": Nested(target="matters"),
        "user": Nested(target="users"),
        "discount": Nested(shapes.DISCOUNT),
        "included_line_item_totals": Nested(shapes.LINE_ITEM_TOTALS, is_kept=False),
    },
    filters={
        "bill_id": points_to("bill"),
        "activity_id": points_to("activity"),
        "matter_id": points_to("matter"),
        "kind": says("kind"),
        "query": contains("description", "note"),
        "group_ordering": says_number("group_ordering"),
    },
    ignored=("display",),
    orders=("date", "created_at", "updated_at"),
    has_single=False,
    sums=("sub_total", "total", "tax", "secondary_tax"),
    rows=_rows,
)  # fmt: skip
