"""Relationships, mirrored."""

from apps.clio.models.columns import identifier, text
from apps.clio.models.mirrored import Mirrored, listed_by


class Relationship(Mirrored):
    """What a contact is to a matter, in free words; the attorneys are on the matter itself."""

    description = text()
    matter_id = identifier()
    contact_id = identifier()
    contact_name = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_relationships"
        indexes = [listed_by("clio_relationships", "matter_id"), listed_by("clio_relationships", "contact_id")]
