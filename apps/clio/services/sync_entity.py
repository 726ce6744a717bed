"""Read one entity on from where it stands and write it, batch by batch, each with the place after it."""

import time
from dataclasses import dataclass, field

from django.db import DataError, connection

from apps.clio.errors import ClioRecordUnknown
from apps.clio.mirror import ENTITY_BY_NAME, Entity
from apps.clio.mirror.rows import lines_by_id
from apps.clio.mirror.write import write_batch
from apps.clio.models import SyncStep
from apps.clio.services.hold_run import HeldRun, keep_holding
from apps.clio.services.read_ahead import PagesAhead, Place, ReadPage, reading_ahead
from apps.clio.vendors.clio_api import ClioApi
from apps.core.jobs import extend_lease
from apps.core.tenancy import tenant

# Several pages per commit: a page alone would pay the fixed cost of a transaction twenty times as often.
BATCH_RECORDS = 4000
_BATCH_SECONDS = 2.0
_PATIENCE_SECONDS = 10.0
_ADVANCE = """
UPDATE clio_sync_steps SET state = %(state)s, variant = %(variant)s, cursor = %(cursor)s,
       expected = coalesce(expected, 0) + %(expected)s, records = records + %(records)s,
       changed = changed + %(changed)s, pages = pages + %(pages)s, worked_ms = worked_ms + %(worked_ms)s,
       finished_at = CASE WHEN %(state)s = 'done' THEN now() END
WHERE firm_id = %(firm_id)s AND id = %(step_id)s
"""
_COMPLETE = """
INSERT INTO clio_synced_entities AS known (firm_id, entity, first_completed_at, last_completed_at, records, read_from)
SELECT step.firm_id, step.entity, now(), now(),
       (SELECT count(*) FROM {table} WHERE firm_id = %(firm_id)s AND gone_at IS NULL), step.started_at
FROM clio_sync_steps step WHERE step.firm_id = %(firm_id)s AND step.id = %(step_id)s
ON CONFLICT (firm_id, entity) DO UPDATE SET last_completed_at = excluded.last_completed_at, records = excluded.records,
       read_from = excluded.read_from
"""


@dataclass(slots=True)
class _Batch:
    """Pages waiting to be written together, and the place after the last of them."""

    following: Place | None = None
    lines: dict[int, str] = field(default_factory=dict)
    records: int = 0
    pages: int = 0
    expected: int = 0

    def add(self, entity: Entity, read: ReadPage) -> None:
        try:
            lines = lines_by_id(entity, read.page.records)
        except (AttributeError, KeyError, TypeError) as error:
            raise ClioRecordUnknown(f"One of the {entity.name} has no known form ({type(error).__name__}).") from error
        self.lines.update(lines)
        self.records += len(lines)
        self.pages += 1
        self.following = read.following
        if read.opens:
            self.expected += read.page.total if read.page.total is not None else len(lines)


def sync_entity(held: HeldRun, step: SyncStep, api: ClioApi, *, until: float, changed: set[str]) -> None:
    """Bring the mirror's entity forward until its end or the monotonic instant `until`.

    changed: gets the entity's name if a row changed, also when this ends by an error.
    Every batch commits rows, version and place together, and the hold on the run is proved with each. What Clio refused
    or could not do is raised after the pages that came before it were written.
    """
    entity = ENTITY_BY_NAME[step.entity]
    since = step.since.isoformat() if step.since else ""
    begun = time.monotonic()
    with reading_ahead(api, entity, Place(step.variant, step.cursor), updated_since=since) as pages:
        while not pages.ended:
            batch = _collect(held, entity, pages)
            if batch is not None:
                if _commit(held, step, entity, batch, begun=begun):
                    changed.add(entity.name)
                begun = time.monotonic()
            if time.monotonic() >= until:
                pages.stop()
    if pages.failure is not None:
        raise pages.failure


def _collect(held: HeldRun, entity: Entity, pages: PagesAhead) -> _Batch | None:
    read = pages.next(timeout=_PATIENCE_SECONDS)
    if read is None:
        if not pages.ended:
            keep_holding(held)
            extend_lease()
        return None
    batch = _Batch()
    full_at = time.monotonic() + _BATCH_SECONDS
    while read is not None:
        batch.add(entity, read)
        if batch.records >= BATCH_RECORDS:
            break
        read = pages.next(timeout=full_at - time.monotonic())
    return batch


def _commit(held: HeldRun, step: SyncStep, entity: Entity, batch: _Batch, *, begun: float) -> int:
    with tenant(held.firm_id), connection.cursor() as cursor:
        # A crash of the server may take the last commits, rows and place alike: they are read again.
        cursor.execute("SET LOCAL synchronous_commit = off")
        keep_holding(held, made_progress=True)
        changed = 0
        if batch.lines:
            changed = _write(held, entity, batch)
        ids: dict[str, int | str] = {"firm_id": held.firm_id, "step_id": step.pk}
        worked_ms = int((time.monotonic() - begun) * 1000)  # waiting for pages, converting and writing them
        cursor.execute(_ADVANCE, ids | _advance(batch, changed, worked_ms))
        if batch.following is None:
            cursor.execute(_COMPLETE.format(table=entity.table), ids)
        extend_lease()
    return changed


def _write(held: HeldRun, entity: Entity, batch: _Batch) -> int:
    try:
        return write_batch(entity, firm_id=held.firm_id, lines=batch.lines.values()).changed
    except DataError as error:
        reason = str(error).splitlines()[0]
        raise ClioRecordUnknown(f"One of the {entity.name} holds a value that does not fit: {reason}.") from error


def _advance(batch: _Batch, changed: int, worked_ms: int) -> dict[str, int | str]:
    following = batch.following or Place()
    return {
        "state": (SyncStep.State.RUNNING if batch.following else SyncStep.State.DONE).value,
        "variant": following.variant,
        "cursor": following.cursor,
        "expected": batch.expected,
        "records": batch.records,
        "changed": changed,
        "pages": batch.pages,
        "worked_ms": worked_ms,
    }
