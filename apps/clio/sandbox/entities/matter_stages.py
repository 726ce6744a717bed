"""Stages of matters. Every practice area may have its own; this firm has one set for all."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Recorded
from apps.clio.sandbox.entities.filters import says
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import NULL, TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    when, seconds = stamp(lookups.moment), instant(lookups.moment)
    for at, name in enumerate(vocabulary.STAGES):
        number = lookups.stages[at]
        yield (number, etag(number, 1), NULL, TEXT[name], str(at + 1), when, when), seconds, seconds


MATTER_STAGES = Entity(
    name="matter_stages",
    scalars=("id", "etag", "practice_area_id", "name", "order", "created_at", "updated_at"),
    filters={"practice_area_id": says("practice_area_id")},
    has_single=False,
    rows=_rows,
)
