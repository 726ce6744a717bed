"""Matters with unbilled work: a snapshot without times, read whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import contains, of_matters, points_to, says_id
from apps.clio.sandbox.entities.lookups import CURRENCY_ID
from apps.clio.sandbox.entities.unbilled import unbilled_by_matter
from apps.clio.sandbox.fragments import MONEY, TEXT

if TYPE_CHECKING:
    from apps.clio.sandbox.store import Store


def _derive(store: Store, start: date | None, end: date | None) -> Iterable[Recorded]:
    table = store.tables["matters"]
    number_at, client_at = table.entity.positions["display_number"], table.entity.positions["client"]
    for number, waiting in sorted(unbilled_by_matter(store, start, end).items()):
        matter = table.find(number)
        assert matter is not None
        row = (
            number, TEXT["USD"], str(CURRENCY_ID), MONEY[waiting.hours], MONEY[waiting.cents], MONEY[waiting.trust],
            matter[number_at], matter[client_at],
        )  # fmt: skip
        yield row, 0, 0


BILLABLE_MATTERS = Entity(
    name="billable_matters",
    scalars=(
        "id", "currency_code", "currency_id", "unbilled_hours", "unbilled_amount", "amount_in_trust", "display_number",
    ),
    nested={"client": Nested(target="contacts")},
    filters={
        "client_id": points_to("client"),
        "matter_id": says_id(),
        "originating_attorney_id": of_matters("originating_attorney"),
        "responsible_attorney_id": of_matters("responsible_attorney"),
        "query": contains("display_number"),
    },
    ignored=("custom_field_values", "start_date", "end_date"),
    max_limit=1000,
    has_single=False,
    has_ids=False,
    has_since=False,
    sums=("unbilled_hours", "unbilled_amount", "amount_in_trust"),
    derive=_derive,
)  # fmt: skip
