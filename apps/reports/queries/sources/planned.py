"""What was done by whom targets are about (K44): the same people, or practice areas, on both sides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources.dated import BILLED, SETTLED, TIME, DatedSource
from apps.reports.queries.sources.plan import (
    FIRM,
    MATTERS_BROUGHT_BY,
    PERSON,
    kind_of,
    subjects_in,
    targets_of,
)
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import RowShape


@dataclass(frozen=True, slots=True)
class SubjectSource:
    """The rows of a source that are of the people or practice areas a reading's targets are about.

    They are those the scope holds wholly: a part of a person's work is set against nothing. measure: of the targets.
    is_planned: only those of whom there is such a target in the period.
    """

    base: DatedSource
    measure: str
    is_planned: bool = False

    @property
    def shape(self) -> RowShape:
        """Tell how its rows carry the dimensions."""
        return self.base.shape

    @property
    def columns(self) -> Mapping[str, str]:
        """Return the columns its measures add up."""
        return self.base.columns

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        kind, whose = kind_of(reading), self._subjects(reading)
        # Filters of two such sources in one statement are values of different names.
        narrow = replace(reading, prefix=f"{reading.prefix}{self.measure}_{'planned' if self.is_planned else 'done'}_")
        if whose is not None:
            dimension = Dimension.TIMEKEEPER if kind in (PERSON, FIRM) else Dimension.PRACTICE_AREA
            admitted = tuple(each for each in sorted(whose) if each in reading.filters.get(dimension, whose))
            narrow = replace(narrow, filters={**reading.filters, dimension: admitted})
        return self.base.piece(narrow, measures)

    def _subjects(self, reading: Reading) -> Collection[int] | None:
        """Return the ids of the people or practice areas; None is everybody, as the firm's targets are about."""
        kind = kind_of(reading)
        if not self.is_planned:
            return subjects_in(reading.scope, kind)
        found = [each for each in targets_of(reading) if each.measure == self.measure]
        if kind == FIRM:
            return None if found else ()
        return {person or area or 0 for person, area in ((each.timekeeper_id, each.practice_area_id) for each in found)}


PLAN_TIME, PLANNED_TIME = SubjectSource(TIME, "hours"), SubjectSource(TIME, "hours", is_planned=True)
PLAN_BILLED, PLANNED_BILLED = SubjectSource(BILLED, "billed"), SubjectSource(BILLED, "billed", is_planned=True)
PLAN_COLLECTED = SubjectSource(SETTLED, "collected")
PLANNED_COLLECTED = SubjectSource(SETTLED, "collected", is_planned=True)
MATTERS_BROUGHT = SubjectSource(MATTERS_BROUGHT_BY, "new_matters")
PLANNED_MATTERS = SubjectSource(MATTERS_BROUGHT_BY, "new_matters", is_planned=True)
