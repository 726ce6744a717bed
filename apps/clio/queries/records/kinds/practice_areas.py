"""Fields of law."""

from apps.clio.queries.records.declaration import Kind, RecordKind, Sort, Sought
from apps.clio.queries.records.fields import MADE, text
from apps.clio.queries.records.reach import areas_named, linked_to_matters

PRACTICE_AREAS = RecordKind(
    name="practice_areas",
    one="practice_area",
    about="Fields of law. Whoever sees a part of the firm sees those named in a grant and those of matters in scope.",
    table="clio_practice_areas",
    scope=linked_to_matters("r.clio_id", names=areas_named, links=("practice_area_id",)),
    fields=(text("name"), text("code"), text("category", "Clio's own classification"), *MADE),
    sorts=(Sort("name", Kind.TEXT),),
    sought=(Sought("the name", 'lower(r.name) COLLATE "C"'),),
    default_sort="name",
)
