"""What contacts are to matters. The list documents no order; it is read in Clio's own."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import Relationship

RELATIONSHIPS = Entity(
    name="relationships",
    model=Relationship,
    fields="id,etag,description,created_at,updated_at,matter{id},contact{id,name}",
    order="",
    needs=("contacts", "matters"),
)
