"""Stages of matters. The list documents no order; it is read in Clio's own."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import MatterStage

MATTER_STAGES = Entity(
    name="matter_stages",
    model=MatterStage,
    fields="id,etag,name,order,practice_area_id,created_at,updated_at",
    order="",
)
