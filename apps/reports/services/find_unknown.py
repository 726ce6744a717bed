"""Find the figures of a question that nothing kept can tell: of days without a snapshot, of closes that lack them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from apps.reports.contracts import Mode, SnapshotGap, Source
from apps.reports.contracts.explanation import ExplainedSum
from apps.reports.metrics.as_reported import is_of_the_day
from apps.reports.metrics.declaration import Item
from apps.reports.queries.closes import list_months_without_targets
from apps.reports.queries.snapshots import find_gaps, list_taken_days
from apps.reports.queries.sources.as_of import starts_of
from apps.reports.queries.sources.frozen import OF_TARGETS
from apps.reports.queries.sources.reading import Reading
from apps.reports.rules.snapshot_days import Watched, watched

Items = Mapping[str, Item]
"""The figures of a question by column, `metric.item`."""
_Piece = date | None
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The columns without a figure, by the first day of a piece as the answer tells it; None is the whole period.

    compared: those of the periods set beside. gaps: the days without a snapshot behind both. incomplete: columns whose
    figure misses what happened on such days.
    """

    pieces: Mapping[_Piece, frozenset[str]] = field(default_factory=dict)
    compared: Mapping[_Piece, frozenset[str]] = field(default_factory=dict)
    gaps: tuple[SnapshotGap, ...] = ()
    incomplete: frozenset[str] = frozenset()


NOTHING_UNKNOWN = Unknown()


@dataclass(slots=True)
class _Found:
    pieces: dict[_Piece, set[str]]
    days: set[date]
    incomplete: set[str]


def find_unknown(reading: Reading, compared: Sequence[Reading], items: Items) -> Unknown:
    """Return what of a question has no figure; restated there is nothing. Call it inside the transaction.

    reading, compared: as they are read, over closed months where they are.
    """
    own, beside = _Found(defaultdict(set), set(), set()), _Found(defaultdict(set), set(), set())
    _find(reading, items, own)
    for other in compared:
        _find(other, items, beside)
    if not (own.pieces or beside.pieces or own.days or beside.days):
        return NOTHING_UNKNOWN
    return Unknown(
        {piece: frozenset(columns) for piece, columns in own.pieces.items()},
        {piece: frozenset(columns) for piece, columns in beside.pieces.items()},
        find_gaps(scope=reading.scope, days=own.days | beside.days),
        frozenset(own.incomplete),
    )


def without_unknown(reading: Reading, item: Item, sums: Iterable[ExplainedSum]) -> Iterable[ExplainedSum]:
    """Return what a figure is made of, without amounts where nothing kept can tell it."""
    unknown = find_unknown(reading, (), {"": item})
    return (replace(each, total=None) for each in sums) if unknown.pieces.get(None) else sums


def _find(reading: Reading, items: Items, found: _Found) -> None:
    if reading.mode is Mode.AS_REPORTED:
        left = {column for column, item in items.items() if _is_of(item, {Source.WIP_LEFT})}
        daily = {column for column, item in items.items() if is_of_the_day(item, is_frozen=reading.is_frozen)} - left
        if daily:
            _find_days(reading, daily, found)
        if left:
            _find_watched(reading, left, found)
    planned = {column for column, item in items.items() if _is_of(item, OF_TARGETS)} if reading.is_frozen else set()
    if planned:
        _find_targets(reading, planned, found)


def _is_of(item: Item, sources: Iterable[Source]) -> bool:
    return not {each.source for each in item.uses()}.isdisjoint(sources)


def _find_days(reading: Reading, columns: set[str], found: _Found) -> None:
    """Figures of a day: nothing but that day's snapshot tells them."""
    pieces = _pieces(reading)
    missing = {gap.day for gap in find_gaps(scope=reading.scope, days=[last for _, _, last in pieces])}
    found.days |= missing
    for piece, _, last in pieces:
        if last in missing:
            found.pieces[piece] |= columns


def _find_watched(reading: Reading, columns: set[str], found: _Found) -> None:
    """What left from one snapshot to the next: without two of them nothing can be seen going."""
    taken = list_taken_days(firm_id=reading.scope.firm_id, last=reading.last)
    for piece, first, last in _pieces(reading):
        state = watched(first, last, taken)
        if state is Watched.NEVER:
            found.pieces[piece] |= columns
        if state is not Watched.ALWAYS:
            found.incomplete |= columns
            found.days |= {last} - {*taken} | ({first - _ONE_DAY} if not taken or taken[0] >= first else set())


def _find_targets(reading: Reading, columns: set[str], found: _Found) -> None:
    """Targets: months closed before closes kept them have none."""
    pieces = _pieces(reading)
    first, last = pieces[0][1].replace(day=1), pieces[0][2]
    lacking = list_months_without_targets(firm_id=reading.scope.firm_id, first=first, last=last)
    for piece, start, end in pieces:
        if any(start.replace(day=1) <= month <= end for month in lacking):
            found.pieces[piece] |= columns


def _pieces(reading: Reading) -> list[tuple[_Piece, date, date]]:
    """Return the whole period, then its pieces: how the answer names them, first day and last day."""
    spans: dict[_Piece, tuple[date, date]] = {None: (reading.first, reading.last)}
    if reading.grain:
        # Two pieces of an earlier period may fall on one of the later, such as 28 and 29 February.
        for piece, (first, last) in zip(starts_of(reading), reading.ends(), strict=True):
            spans[piece] = (spans.get(piece, (first, last))[0], last)
    return [(piece, first, last) for piece, (first, last) in spans.items()]
