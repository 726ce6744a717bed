"""Find the pieces of a question as reported that no snapshot knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.reports.contracts import Mode, SnapshotGap
from apps.reports.queries.snapshots import find_gaps
from apps.reports.queries.sources.as_of import points_of
from apps.reports.queries.sources.reading import Reading


@dataclass(frozen=True, slots=True)
class Unknown:
    """Pieces without figures, by the first day as the answer tells it; None is the period as a whole.

    compared: those of the period set beside. gaps: the days behind both.
    """

    pieces: frozenset[date | None] = frozenset()
    compared: frozenset[date | None] = frozenset()
    gaps: tuple[SnapshotGap, ...] = ()


NOTHING_UNKNOWN = Unknown()


def find_unknown(reading: Reading, compared: Sequence[Reading]) -> Unknown:
    """Return the pieces whose last day has no snapshot; restated there are none. Call it inside the transaction."""
    if reading.mode is Mode.RESTATED:
        return NOTHING_UNKNOWN
    asked, beside = _days(reading), [each for other in compared for each in _days(other)]
    gaps = find_gaps(scope=reading.scope, days=[day for _, day in (*asked, *beside)])
    missing = {gap.day for gap in gaps}
    return Unknown(
        frozenset(piece for piece, day in asked if day in missing),
        frozenset(piece for piece, day in beside if day in missing),
        gaps,
    )


def _days(reading: Reading) -> list[tuple[date | None, date]]:
    whole: list[tuple[date | None, date]] = [(None, reading.last)]
    return [*whole, *zip(*points_of(reading), strict=True)] if reading.grain else whole
