"""Clients with unbilled work: the billable matters summed up by client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import contains, holds, of_matters, says_id
from apps.clio.sandbox.entities.unbilled import unbilled_by_matter
from apps.clio.sandbox.fragments import MONEY

if TYPE_CHECKING:
    from apps.clio.sandbox.store import Store


def _derive(store: Store, start: date | None, end: date | None) -> Iterable[Recorded]:
    matters, contacts = store.tables["matters"], store.tables["contacts"]
    client_at, name_at = matters.entity.positions["client"], contacts.entity.positions["name"]
    waiting = unbilled_by_matter(store, start, end)
    by_client: dict[int, list[int]] = defaultdict(list)
    for number in waiting:
        matter = matters.find(number)
        client = matter[client_at] if matter is not None else None
        if isinstance(client, int):
            by_client[client].append(number)
    for client, numbers in sorted(by_client.items()):
        contact = contacts.find(client)
        if contact is not None:
            own = [waiting[number] for number in numbers]
            row = (
                client, MONEY[sum(each.hours for each in own)], MONEY[sum(each.cents for each in own)],
                MONEY[sum(each.trust for each in own)], contact[name_at], str(len(own)), tuple(sorted(numbers)),
            )  # fmt: skip
            yield row, 0, 0


BILLABLE_CLIENTS = Entity(
    name="billable_clients",
    scalars=("id", "unbilled_hours", "unbilled_amount", "amount_in_trust", "name", "billable_matters_count"),
    nested={"billable_matters": Nested(target="billable_matters", many=True)},
    filters={
        "client_id": says_id(),
        "matter_id": holds("billable_matters"),
        "originating_attorney_id": of_matters("originating_attorney", "client"),
        "responsible_attorney_id": of_matters("responsible_attorney", "client"),
        "query": contains("name"),
    },
    ignored=("custom_field_values", "start_date", "end_date"),
    max_limit=25,
    has_single=False,
    has_ids=False,
    has_since=False,
    sums=("unbilled_hours", "unbilled_amount", "amount_in_trust"),
    derive=_derive,
)
