"""Read one entity on from where it stands and write it, batch by batch, each with the place after it."""

import re
import time
from dataclasses import dataclass, field

from django.db import DataError, connection

from apps.clio.contracts import Grant
from apps.clio.errors import NOT_UNICODE, ClioRecordUnknown
from apps.clio.mirror import ENTITY_BY_NAME, Entity
from apps.clio.mirror.rows import ODD, find_odd_record, lines_by_id, merge_newest
from apps.clio.mirror.write import write_batch
from apps.clio.models import SyncStep
from apps.clio.services.access_token import check_still_granted
from apps.clio.services.hold_run import HeldRun, keep_holding
from apps.clio.services.read_ahead import PagesAhead, Place, ReadPage, reading_ahead
from apps.clio.vendors.clio_api import ClioApi
from apps.core.jobs import extend_lease
from apps.core.tenancy import tenant

# Several pages per commit: a page alone would pay the fixed cost of a transaction twenty times as often.
BATCH_RECORDS = 4000
_BATCH_SECONDS = 2.0
_PATIENCE_SECONDS = 10.0
# Where PostgreSQL's COPY stopped; the value it also tells is left out.
_PLACE = re.compile(r"COPY \w+, line (?P<line>\d+)(?:, column (?P<column>\w+))?")
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
       read_from = excluded.read_from, refused = '',
       first_completed_at = coalesce(known.first_completed_at, excluded.first_completed_at)
"""


@dataclass(slots=True)
class _Batch:
    """Pages waiting to be written together, and the place after the last of them."""

    following: Place | None = None
    lines: dict[int, str] = field(default_factory=dict)
    records: int = 0
    pages: int = 0
    expected: int = 0
    parts: "list[_Batch]" = field(default_factory=list)
    failure: ClioRecordUnknown | None = None

    def add(self, entity: Entity, page: "_Batch") -> None:
        merge_newest(entity, self.lines, page.lines)
        self.records += page.records
        self.pages += page.pages
        self.expected += page.expected
        self.following = page.following
        self.parts.append(page)


def _batch_of(entity: Entity, read: ReadPage) -> _Batch:
    try:
        lines = lines_by_id(entity, read.page.records)
    except ODD as error:
        odd = find_odd_record(entity, read.page.records)
        words = (NOT_UNICODE,) if isinstance(error, UnicodeDecodeError) else ()
        raise ClioRecordUnknown(*words, record_id=odd) from error
    expected = 0
    if read.opens:
        expected = read.page.total if read.page.total is not None else len(lines)
    return _Batch(following=read.following, lines=lines, records=len(lines), pages=1, expected=expected)


def sync_entity(held: HeldRun, step: SyncStep, api: ClioApi, *, until: float, changed: set[str]) -> None:
    """Bring the mirror's entity forward until its end or the monotonic instant `until`.

    changed: gets the entity's name if a row changed, also when this ends by an error.
    Every batch commits rows, version and place together; that the run is still held and the firm still connected is
    proved with each. What Clio refused or could not do, and a record that cannot be kept, is raised after the pages
    that came before it were written.
    """
    entity = ENTITY_BY_NAME[step.entity]
    since = step.since.isoformat() if step.since else ""
    writer = _Writer(held, step, entity, api.grant, changed)
    with reading_ahead(api, entity, Place(step.variant, step.cursor), updated_since=since) as pages:
        while not pages.ended:
            batch = _collect(held, entity, pages)
            if batch is not None:
                writer.write(batch)
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
        try:
            batch.add(entity, _batch_of(entity, read))
        except ClioRecordUnknown as odd:
            batch.failure = odd
            break
        if batch.records >= BATCH_RECORDS:
            break
        read = pages.next(timeout=full_at - time.monotonic())
    return batch


@dataclass(slots=True)
class _Writer:
    """Commits batches of one entity; `begun` is when waiting for the present batch began."""

    held: HeldRun
    step: SyncStep
    entity: Entity
    grant: Grant
    changed: set[str]
    begun: float = field(default_factory=time.monotonic)

    def write(self, batch: _Batch) -> None:
        """Write the batch, and raise what its reading ended with; a page that cannot be kept spares those before it."""
        try:
            self._commit(batch)
        except ClioRecordUnknown:
            if batch.pages == 1:
                raise
            for page in batch.parts:
                self._commit(page)
        if batch.failure is not None:
            raise batch.failure

    def _commit(self, batch: _Batch) -> None:
        if not batch.pages:
            return
        firm_id = self.held.firm_id
        with tenant(firm_id), connection.cursor() as cursor:
            # A crash of the server may take the last commits, rows and place alike: they are read again.
            cursor.execute("SET LOCAL synchronous_commit = off")
            check_still_granted(self.grant, firm_id=firm_id)
            keep_holding(self.held, made_progress=True)
            changed = _write(firm_id, self.entity, batch) if batch.lines else 0
            ids: dict[str, int | str] = {"firm_id": firm_id, "step_id": self.step.pk}
            worked_ms = int((time.monotonic() - self.begun) * 1000)  # waiting for pages, converting and writing them
            cursor.execute(_ADVANCE, ids | _advance(batch, changed, worked_ms))
            if batch.following is None:
                cursor.execute(_COMPLETE.format(table=self.entity.table), ids)
            extend_lease()
        self.begun = time.monotonic()
        if changed:
            self.changed.add(self.entity.name)


def _write(firm_id: int, entity: Entity, batch: _Batch) -> int:
    try:
        return write_batch(entity, firm_id=firm_id, lines=batch.lines.values()).changed
    except DataError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        place = _PLACE.search(getattr(diagnosis, "context", None) or "")
        if place is None:
            raise ClioRecordUnknown("holds a value that does not fit") from error
        where = f" {place['column']}" if place["column"] else ""
        record_id = list(batch.lines)[int(place["line"]) - 1]
        raise ClioRecordUnknown(f"holds a value that does not fit{where}", record_id=record_id) from error


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
