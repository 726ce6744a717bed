"""Time entries; by person and day they are added up once for all that is asked of hours and capacity."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from apps.reports.contracts import Measure
from apps.reports.queries.sources import dated, person_days
from apps.reports.queries.sources.dated import DatedSource
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import choose_rows, listed_measures


@dataclass(frozen=True, slots=True)
class TimeSource(DatedSource):
    """Time entries by the day of the work."""

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        if not person_days.may_answer(reading):
            return DatedSource.piece(self, reading, measures)
        chosen = choose_rows(reading, self.shape)
        by_person = replace(chosen, keys=(*chosen.keys, "r.timekeeper_id"))
        worked = self.rows(reading, by_person, self.kinds, self.columns)
        return person_days.sums_of_hours(reading, worked, listed_measures(measures))


TIME = TimeSource(**{each.name: getattr(dated.TIME, each.name) for each in fields(dated.TIME)})
