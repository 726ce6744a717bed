"""Take a turn at a task of the firm's that only one worker may be at, by a claim that expires."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from apps.clio.errors import TurnTaken
from apps.core.tenancy import tenant

HOLD_SECONDS = 60
_TAKE = """
INSERT INTO clio_turns AS turn (firm_id, task, held_by, held_until)
VALUES (%(firm)s, %(task)s, %(holder)s, now() + make_interval(secs => %(seconds)s))
ON CONFLICT (firm_id, task) DO UPDATE SET held_by = excluded.held_by, held_until = excluded.held_until
WHERE turn.held_until IS NULL OR turn.held_until < now()
RETURNING id
"""
_LEFT = """
SELECT extract(epoch FROM held_until - clock_timestamp())::float8 FROM clio_turns WHERE firm_id = %s AND task = %s
"""
_KEEP = """
UPDATE clio_turns SET held_until = now() + make_interval(secs => %s)
WHERE firm_id = %s AND task = %s AND held_by = %s
"""
_LEAVE = "UPDATE clio_turns SET held_by = NULL, held_until = NULL WHERE firm_id = %s AND task = %s AND held_by = %s"


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """A turn in our hands."""

    firm_id: int
    task: str
    holder: UUID

    def keep(self) -> None:
        """Renew it. Raises TurnTaken when it ran out and is somebody else's by now."""
        with tenant(self.firm_id), connection.cursor() as cursor:
            cursor.execute(_KEEP, [HOLD_SECONDS, self.firm_id, self.task, self.holder])
            if cursor.rowcount != 1:
                raise TurnTaken(retry_after_seconds=HOLD_SECONDS)


@contextmanager
def turn_at(task: str, *, firm_id: int) -> Iterator[HeldTurn]:
    """Be the only one at a task of the firm's until the block ends. Raises TurnTaken while somebody else is.

    Renew it with `keep` well within HOLD_SECONDS; whoever dies with it frees it by that.
    """
    turn = HeldTurn(firm_id, task, uuid4())
    with tenant(firm_id), connection.cursor() as cursor:
        values: dict[str, Any] = {"firm": firm_id, "task": task, "holder": turn.holder, "seconds": HOLD_SECONDS}
        cursor.execute(_TAKE, values)
        if cursor.fetchone() is None:
            cursor.execute(_LEFT, [firm_id, task])
            left = cursor.fetchone()
            raise TurnTaken(retry_after_seconds=max(left[0] or 0.0, 1.0) if left else 1.0)
    try:
        yield turn
    finally:
        with tenant(firm_id), connection.cursor() as cursor:
            cursor.execute(_LEAVE, [firm_id, task, turn.holder])
