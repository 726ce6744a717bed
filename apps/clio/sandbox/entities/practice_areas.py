"""Practice areas."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Recorded
from apps.clio.sandbox.entities.filters import contains, says
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    when, seconds = stamp(lookups.moment), instant(lookups.moment)
    for name, category, _ in vocabulary.AREAS:
        number = lookups.areas[name]
        code = TEXT["".join(word[0] for word in name.split())]
        yield (number, etag(number, 1), TEXT[name], code, TEXT[category], when, when), seconds, seconds


PRACTICE_AREAS = Entity(
    name="practice_areas",
    scalars=("id", "etag", "name", "code", "category", "created_at", "updated_at"),
    filters={"code": says("code"), "name": contains("name")},
    orders=("name", "category", "code"),
    rows=_rows,
)
