"""Interest charged on overdue bills. Clio documents no single for them."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import points_to
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import DAY, MONEY, TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for charge in firm.interest:
        bill, created = charge.bill, charge.day * 86_400 + 10_000
        balance = Embedded(id=str(bill.matters[0].id), amount=MONEY[charge.total], type=TEXT["Matter"])
        row = (
            charge.id, etag(charge.id, created), DAY[charge.day], TEXT["Interest on overdue balance"],
            MONEY[charge.total], stamp(created), stamp(created),
            bill.id, (balance,), tuple(matter.id for matter in bill.matters),
        )  # fmt: skip
        yield row, instant(created), instant(created)


INTEREST_CHARGES = Entity(
    name="interest_charges",
    scalars=("id", "etag", "date", "description", "total", "created_at", "updated_at"),
    nested={
        "bill": Nested(target="bills"),
        "balances": Nested(shapes.BALANCE, many=True),
        "matters": Nested(target="matters", many=True),
    },
    filters={"bill_id": points_to("bill")},
    orders=("date",),
    has_single=False,
    sums=("total",),
    rows=_rows,
)
