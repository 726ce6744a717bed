"""Practice areas."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import PracticeArea

PRACTICE_AREAS = Entity(
    name="practice_areas",
    model=PracticeArea,
    fields=("id,etag,name,code,category,created_at,updated_at"),
    serves_first=True,
)
