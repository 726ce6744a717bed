"""Groups of users. Archived ones are asked for as well: whether the plain list holds them is not told."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import ClioGroup

GROUPS = Entity(
    name="groups",
    model=ClioGroup,
    fields="id,etag,name,type,client_connect_user,updated_at,users{id,name}",
    variants=({}, {"archived": "true"}),
    id_lists={"users": "user_ids"},
)
