"""The part a contact plays in a matter. Attorneys of the firm are not here."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import points_to
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import etag, instant, optional_text, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for relation in firm.relations:
        when, seconds = stamp(relation.created), instant(relation.created)
        row = (
            relation.id, etag(relation.id, relation.created), optional_text(relation.part), when, when,
            relation.matter.id, relation.contact.id,
        )  # fmt: skip
        yield row, seconds, seconds


RELATIONSHIPS = Entity(
    name="relationships",
    scalars=("id", "etag", "description", "created_at", "updated_at"),
    nested={"matter": Nested(target="matters"), "contact": Nested(target="contacts")},
    filters={"contact_id": points_to("contact"), "matter_id": points_to("matter")},
    rows=_rows,
)
