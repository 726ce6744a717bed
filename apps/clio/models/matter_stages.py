"""Stages of matters, mirrored."""

from apps.clio.models.columns import identifier, text
from apps.clio.models.mirrored import Mirrored


class MatterStage(Mirrored):
    """A step in the course of a matter. `practice_area_id` is text in the contract: a number fits as well."""

    name = text()
    order = identifier()
    practice_area_id = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_matter_stages"
