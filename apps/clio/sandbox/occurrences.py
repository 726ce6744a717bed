"""Repeated calendar entries, one row per occurrence: what `expanded=true` asks for. Weekly rules only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from apps.clio.sandbox.entities.calendar_entries import CALENDAR_ENTRIES
from apps.clio.sandbox.entities.entity import Row
from apps.clio.sandbox.entities.filters import seconds_of
from apps.clio.sandbox.fragments import NULL

WEEKLY = "FREQ=WEEKLY"
LONGEST = 520
"""Occurrences of one entry at most: ten years of weeks."""
PLACES = CALENDAR_ENTRIES.positions


def occurrences(rows: Iterable[Row], since: str | None, until: str | None) -> list[Row]:
    """Return what lies in a span of instants, by its start; single entries as they are."""
    low = seconds_of(since) if since else None
    high = seconds_of(until) if until else None
    found = [
        (start, row)
        for each in rows
        for start, end, row in _expanded(each)
        if (low is None or end >= low) and (high is None or start <= high)
    ]
    return [row for _, row in sorted(found, key=lambda pair: (pair[0], str(pair[1][0])))]


def _expanded(row: Row) -> Iterator[tuple[float, float, Row]]:
    start, end = (datetime.fromisoformat(str(row[PLACES[name]]).strip('"')) for name in ("start_at", "end_at"))
    if WEEKLY not in str(row[PLACES["recurrence_rule"]]):
        yield start.timestamp(), end.timestamp(), row
        return
    for week in range(LONGEST):
        shift = timedelta(weeks=week)
        yield (start + shift).timestamp(), (end + shift).timestamp(), _occurrence(row, start + shift, end + shift)


def _occurrence(row: Row, start: datetime, end: datetime) -> Row:
    """Return one occurrence: an id of its own, its times, and the entry it comes from."""
    cells = list(row)
    values = {
        "id": f"{row[0]}-{start:%Y%m%d}", "start_at": f'"{start.isoformat()}"', "end_at": f'"{end.isoformat()}"',
        "start_date": f'"{start.date().isoformat()}"', "end_date": f'"{end.date().isoformat()}"',
        "parent_calendar_entry_id": str(row[0]), "recurrence_rule": NULL,
    }  # fmt: skip
    for name, text in values.items():
        cells[PLACES[name]] = text
    return tuple(cells)
