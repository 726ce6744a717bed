"""Hold a run while working on it: one worker at a time, by a claim that expires and is checked at every commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from apps.clio.errors import RunHeldElsewhere, RunLost
from apps.clio.models import SyncRun
from apps.core.tenancy import tenant

HOLD_SECONDS = 60
# A parked run is looked at again after a while, should nobody announce that its reason is gone.
LOOK_AGAIN = timedelta(minutes=15)
# The worker's clock, which made the appointment, and the database's may differ.
_EARLY_SECONDS = 5
_HOLD = """
UPDATE clio_sync_runs SET held_by = %s, held_until = now() + make_interval(secs => %s), state = 'running', reason = '',
       detail = '', goes_on_at = NULL
WHERE firm_id = %s AND finished_at IS NULL AND (held_until IS NULL OR held_until < now())
RETURNING new.id, new.kind, coalesce(old.goes_on_at > now() + make_interval(secs => %s), false)
"""
_KEEP_REFUSALS = """
INSERT INTO clio_synced_entities (firm_id, entity, refused)
SELECT firm_id, entity, detail FROM clio_sync_steps WHERE firm_id = %s AND run_id = %s AND state = 'refused'
ON CONFLICT (firm_id, entity) DO UPDATE SET refused = excluded.refused
"""


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run in our hands. is_early: somebody asked for it before its wait was over."""

    run_id: int
    firm_id: int
    kind: str
    holder: UUID
    is_early: bool = False


def hold_run(*, firm_id: int) -> HeldRun | None:
    """Take the firm's open run; None if there is none. Raises RunHeldElsewhere while another worker holds it."""
    holder = uuid4()
    with tenant(firm_id):
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [holder, HOLD_SECONDS, firm_id, _EARLY_SECONDS])
            row = cursor.fetchone()
        if row is not None:
            return HeldRun(run_id=row[0], firm_id=firm_id, kind=row[1], holder=holder, is_early=row[2])
        other = SyncRun.objects.filter(firm_id=firm_id, finished_at=None).first()
    if other is None:
        return None
    left = (other.held_until - timezone.now()).total_seconds() if other.held_until else 0
    raise RunHeldElsewhere(retry_after_seconds=max(left, 1))


def keep_holding(held: HeldRun, *, made_progress: bool = False) -> None:
    """Renew the hold in the open or an own transaction. Raises RunLost if the run was taken over."""
    change = "held_until = now() + make_interval(secs => %s)" + (", failures = 0" if made_progress else "")
    _update(held, change, [HOLD_SECONDS])


def let_go(held: HeldRun, *, goes_on_in_seconds: float, failed: bool = False, detail: str = "") -> None:
    """Put the run down; it goes on later. failed: this counts as a failure in a row."""
    change = "held_by = NULL, held_until = NULL, goes_on_at = now() + make_interval(secs => %s), detail = %s, "
    _update(held, change + "failures = failures + %s", [goes_on_in_seconds, detail, int(failed)])


def park(held: HeldRun, *, reason: str, detail: str) -> None:
    """Stop working on the run until somebody removes the reason; its places are kept."""
    change = "held_by = NULL, held_until = NULL, state = 'parked', reason = %s, detail = %s, goes_on_at = now() + %s"
    _update(held, change, [reason, detail, LOOK_AGAIN])


def finish(held: HeldRun, *, state: SyncRun.State, reason: str = "", detail: str = "") -> None:
    """End the run, and keep beyond it which entities it was refused."""
    change = "held_by = NULL, held_until = NULL, finished_at = now(), state = %s, reason = %s, detail = %s"
    with tenant(held.firm_id), connection.cursor() as cursor:
        _update(held, change, [state.value, reason, detail])
        cursor.execute(_KEEP_REFUSALS, [held.firm_id, held.run_id])


def _update(held: HeldRun, change: str, values: Sequence[Any]) -> None:
    query = f"UPDATE clio_sync_runs SET {change} WHERE firm_id = %s AND id = %s AND held_by = %s"  # noqa: S608
    with tenant(held.firm_id), connection.cursor() as cursor:
        cursor.execute(query, [*values, held.firm_id, held.run_id, held.holder])
        if cursor.rowcount != 1:
            raise RunLost(f"run {held.run_id}")
