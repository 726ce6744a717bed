"""Rates agreed with a client for a timekeeper. The client is named by a plain id, not a nested object."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import says_number
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, MONEY, NULL, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for agreed in firm.rates:
        when, seconds = stamp(agreed.created), instant(agreed.created)
        row = (
            agreed.id, etag(agreed.id, agreed.created), MONEY[agreed.rate], FLAGS[0], when, when,
            str(agreed.client.id), NULL, agreed.person.id, None,
        )  # fmt: skip
        yield row, seconds, seconds


ACTIVITY_RATES = Entity(
    name="activity_rates",
    scalars=("id", "etag", "rate", "flat_rate", "created_at", "updated_at", "contact_id", "co_counsel_contact_id"),
    nested={"user": Nested(target="users"), "group": Nested(target="groups")},
    filters={
        "contact_id": says_number("contact_id"),
        "co_counsel_contact_id": says_number("co_counsel_contact_id"),
    },
    rows=_rows,
)
