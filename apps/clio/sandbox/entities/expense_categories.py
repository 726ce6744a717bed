"""Kinds of expenses. `rate` is a whole number here as in Clio's document, so cents fall off."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import contains, says
from apps.clio.sandbox.entities.lookups import CATEGORIES, Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    when, seconds = stamp(lookups.moment), instant(lookups.moment)
    for name, kind, base in CATEGORIES:
        number = lookups.categories[name]
        row = (
            number, etag(number, 1), TEXT[name], str(base // 100), TEXT[kind], TEXT["no_tax"], FLAGS[1], when, when,
            lookups.currency, (lookups.group,),
        )  # fmt: skip
        yield row, seconds, seconds


EXPENSE_CATEGORIES = Entity(
    name="expense_categories",
    scalars=(
        "id", "etag", "name", "rate", "entry_type", "tax_setting", "accessible_to_user", "created_at", "updated_at",
    ),
    nested={
        "currency": Nested(target="currencies"),
        "groups": Nested(target="groups", many=True),
        "utbms_code": Nested(shapes.UTBMS_CODE, is_kept=False),
    },
    unset=("xero_expense_code",),
    filters={
        "entry_type": says("entry_type", {kind: kind for kind in ("hard_cost", "soft_cost", "unassociated")}),
        "query": contains("name"),
    },
    orders=("name", "rate", "entry_type"),
    has_ids=False,
    rows=_rows,
)  # fmt: skip
