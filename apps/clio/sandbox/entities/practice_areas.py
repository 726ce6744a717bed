"""Practice areas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from apps.clio.sandbox.entities.entity import Entity, Recorded
from apps.clio.sandbox.entities.filters import Filter, Test, contains, nowhere, number, says
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import TEXT, etag, instant, stamp

if TYPE_CHECKING:
    from apps.clio.sandbox.store import Store


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    when, seconds = stamp(lookups.moment), instant(lookups.moment)
    for name, category, _ in vocabulary.AREAS:
        number = lookups.areas[name]
        code = TEXT["".join(word[0] for word in name.split())]
        yield (number, etag(number, 1), TEXT[name], code, TEXT[category], when, when), seconds, seconds


def _of_matter(entity: Entity, text: str, store: Store) -> Test:
    table = store.tables["matters"]
    row = table.find(number(text))
    area = None if row is None else row[table.entity.positions["practice_area"]]
    return lambda own: own[0] == area


PRACTICE_AREAS = Entity(
    name="practice_areas",
    scalars=("id", "etag", "name", "code", "category", "created_at", "updated_at"),
    filters={"code": says("code"), "name": contains("name"), "matter_id": Filter(nowhere, across=_of_matter)},
    orders=("name", "category", "code"),
    rows=_rows,
)
