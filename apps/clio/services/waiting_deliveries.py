"""The inbox of deliveries from the reader's side: what to read next, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from apps.clio.rules.webhooks import MOST_ATTEMPTS, MOST_IDS, batch_size, is_ripe, retry_after
from apps.core.tenancy import tenant

_LOOK_AGAIN_SECONDS = 60
# One row per record that waits, however often it was announced.
_WAITING = """
SELECT model, record_id, max(attempts), array_agg(id), extract(epoch FROM clock_timestamp() - min(received_at))::float8,
       extract(epoch FROM clock_timestamp() - max(received_at))::float8, bool_or(outcome = 'missed')
FROM clio_webhook_deliveries
WHERE firm_id = %s AND handled_at IS NULL AND available_at <= statement_timestamp()
GROUP BY model, record_id ORDER BY min(id)
"""
_SETTLE = "UPDATE clio_webhook_deliveries SET handled_at = now(), outcome = %s WHERE firm_id = %s AND id = ANY(%s)"
_TRY_LATER = """
UPDATE clio_webhook_deliveries
SET attempts = attempts + 1, available_at = statement_timestamp() + make_interval(secs => %s)
WHERE firm_id = %s AND id = ANY(%s)
"""
_LOOK_AGAIN = """
UPDATE clio_webhook_deliveries
SET outcome = 'missed', available_at = statement_timestamp() + make_interval(secs => %s)
WHERE firm_id = %s AND id = ANY(%s)
"""
_POSTPONE = """
UPDATE clio_webhook_deliveries SET available_at = statement_timestamp() + make_interval(secs => %s)
WHERE firm_id = %s AND handled_at IS NULL AND available_at <= statement_timestamp()
"""


@dataclass(frozen=True, slots=True)
class Announced:
    """A record that waits to be read: the deliveries that named it, and how often reading it failed.

    was_missed: Clio did not have it a moment ago, and it is looked for once more.
    """

    model: str
    record_id: str
    attempts: int
    deliveries: tuple[int, ...]
    waits_seconds: float
    quiet_seconds: float
    was_missed: bool = False


def next_batch(*, firm_id: int) -> tuple[list[Announced], bool]:
    """Return the records of one model to read now, and whether any wait at all.

    A full batch goes at once; fewer wait for others until the stream of announcements pauses, but never long. Of what
    may go the fewest go first: a single bill does not wait for the end of a burst of activities.
    """
    with tenant(firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(_WAITING, [firm_id])
        waiting = [Announced(row[0], row[1], row[2], tuple(row[3]), *row[4:]) for row in cursor.fetchall()]
    groups: dict[tuple[str, int], list[Announced]] = defaultdict(list)
    for each in waiting:
        groups[each.model, each.attempts].append(each)
    may_go = [group for group in groups.values() if len(group) >= MOST_IDS or _is_ripe(group)]
    if may_go:
        group = min(may_go, key=len)
        return group[: batch_size(group[0].attempts)], True
    return [], bool(waiting)


def _is_ripe(group: Sequence[Announced]) -> bool:
    return group[0].attempts > 0 or is_ripe(
        waits_seconds=max(each.waits_seconds for each in group), quiet_seconds=min(each.quiet_seconds for each in group)
    )


def settle(announced: Iterable[Announced], *, firm_id: int, outcome: str) -> None:
    """Note that the records were read, or that nobody will: nothing more is to be done for these deliveries.

    Those that came since then name the record again; they wait for the next reading.
    """
    _update(_SETTLE, outcome, firm_id, announced)


def try_later(announced: Sequence[Announced], *, firm_id: int) -> None:
    """Put records back that could not be read; after the last try they are given up, and the sweeps remain."""
    spent = [each for each in announced if each.attempts + 1 >= MOST_ATTEMPTS]
    settle(spent, firm_id=firm_id, outcome="given_up")
    rest = [each for each in announced if each.attempts + 1 < MOST_ATTEMPTS]
    if rest:
        _update(_TRY_LATER, retry_after(rest[0].attempts).total_seconds(), firm_id, rest)


def look_again(announced: Iterable[Announced], *, firm_id: int) -> None:
    """Look once more, in a minute, for records Clio did not have."""
    _update(_LOOK_AGAIN, _LOOK_AGAIN_SECONDS, firm_id, announced)


def postpone(*, firm_id: int, by: timedelta) -> None:
    """Let all that is due wait: the firm may not be synced now."""
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(_POSTPONE, [by.total_seconds(), firm_id])


def _update(statement: str, value: str | float, firm_id: int, announced: Iterable[Announced]) -> None:
    ids = [delivery for each in announced for delivery in each.deliveries]
    if ids:
        with tenant(firm_id), connection.cursor() as cursor:
            cursor.execute(statement, [value, firm_id, ids])
