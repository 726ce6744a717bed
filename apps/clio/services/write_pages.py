"""Write pages of a list to the mirror, batch by batch, each in one transaction with the place after it."""

import math
import re
import time
from dataclasses import dataclass, field

from django.db import DataError, connection

from apps.clio.contracts import Grant, RecordKey
from apps.clio.errors import ClioRecordUnknown
from apps.clio.mirror import Entity
from apps.clio.mirror.gone import finish_reading
from apps.clio.mirror.rows import merge_newest
from apps.clio.mirror.write import write_batch
from apps.clio.models import ReconciliationCare, SyncChain, SyncStep
from apps.clio.services.access_token import check_still_granted
from apps.clio.services.hold_run import HeldRun, keep_holding
from apps.clio.services.read_ahead import ReadPage
from apps.core.jobs import extend_lease
from apps.core.tenancy import tenant

# Several pages per commit: a page alone would pay the fixed cost of a transaction twenty times as often.
BATCH_RECORDS = 4000
# Where PostgreSQL's COPY stopped; the value it also tells is left out.
_PLACE = re.compile(r"COPY \w+, line (?P<line>\d+)(?:, column (?P<column>\w+))?")
_ADVANCE_CHAIN = """
UPDATE clio_sync_chains SET cursor = %(cursor)s, state = CASE WHEN %(ends)s THEN 'done' ELSE state END,
       expected = coalesce(expected, %(expected)s), records = records + %(records)s, pages = pages + %(pages)s
WHERE firm_id = %(firm_id)s AND id = %(chain_id)s
"""
_ADVANCE_STEP = """
UPDATE clio_sync_steps SET expected = coalesce(expected, 0) + coalesce(%(expected)s, 0),
       records = records + %(records)s, changed = changed + %(changed)s, pages = pages + %(pages)s,
       worked_ms = worked_ms + %(worked_ms)s, asked_ms = asked_ms + %(asked_ms)s, parsed_ms = parsed_ms + %(parsed_ms)s,
       wrote_ms = wrote_ms + %(wrote_ms)s
WHERE firm_id = %(firm_id)s AND id = %(step_id)s
"""
_IS_READ = "SELECT NOT EXISTS (SELECT FROM clio_sync_chains WHERE firm_id = %s AND step_id = %s AND state <> 'done')"
_END_STEP = "UPDATE clio_sync_steps SET state = 'done', finished_at = now() WHERE firm_id = %s AND id = %s"
_COMPLETE = """
INSERT INTO clio_synced_entities AS known (firm_id, entity, first_completed_at, last_completed_at, records, read_from,
                                           in_each_run, open_read_at)
SELECT step.firm_id, step.entity, now(), now(),
       (SELECT count(*) FROM {table} WHERE firm_id = %(firm_id)s AND gone_at IS NULL), step.started_at, %(in_each_run)s,
       CASE WHEN step.since IS NULL OR step.reads_open THEN step.started_at END
FROM clio_sync_steps step WHERE step.firm_id = %(firm_id)s AND step.id = %(step_id)s
ON CONFLICT (firm_id, entity) DO UPDATE SET last_completed_at = excluded.last_completed_at, records = excluded.records,
       read_from = excluded.read_from, refused = '', in_each_run = excluded.in_each_run,
       open_read_at = coalesce(excluded.open_read_at, known.open_read_at),
       first_completed_at = coalesce(known.first_completed_at, excluded.first_completed_at)
RETURNING old.first_completed_at IS NULL, coalesce(old.refused, '') <> ''
"""


@dataclass(slots=True)
class Batch:
    """Pages of one list waiting to be written together, when the first was asked for, the place after the last."""

    since: float = field(default_factory=time.monotonic)
    lines: dict[RecordKey, str] = field(default_factory=dict)
    records: int = 0
    pages: int = 0
    expected: int | None = None
    cursor: str = ""
    asked_at: float = math.inf
    asked_seconds: float = 0.0
    parsed_seconds: float = 0.0
    parts: list["Batch"] = field(default_factory=list)

    def add(self, entity: Entity, read: ReadPage) -> None:
        """Take one more page in."""
        page = Batch(since=self.since, lines=read.lines, records=len(read.lines), pages=1, cursor=read.next_url)
        page.asked_at, page.asked_seconds, page.parsed_seconds = read.asked_at, read.asked_seconds, read.parsed_seconds
        if read.opens:
            page.expected = read.total if read.total is not None else len(read.lines)
        self.parts.append(page)
        merge_newest(entity, self.lines, read.lines)
        self.records += page.records
        self.pages += 1
        self.expected = page.expected if self.expected is None else self.expected
        self.cursor = page.cursor
        self.asked_at = min(self.asked_at, page.asked_at)
        self.asked_seconds += page.asked_seconds
        self.parsed_seconds += page.parsed_seconds


@dataclass(slots=True)
class ActiveList:
    """A list being read, its pages not yet written, and how fast Clio answers for it."""

    chain: SyncChain
    step: SyncStep
    entity: Entity
    batch: Batch = field(default_factory=Batch)
    pages: int = 0
    asked_seconds: float = 0.0
    total: int | None = None
    allowed_per_minute: int | None = None

    def add(self, read: ReadPage) -> None:
        """Take a page in."""
        self.batch.add(self.entity, read)
        self.pages += 1
        self.asked_seconds += read.asked_seconds
        self.total = read.total if read.opens else self.total
        self.allowed_per_minute = read.allowed_per_minute

    def take_batch(self) -> Batch:
        """Return what waits to be written, and begin anew."""
        batch, self.batch = self.batch, Batch()
        return batch


@dataclass(frozen=True, slots=True)
class Progress:
    """What a batch brought. is_read: the entity is at its end with it; is_first: for the first time ever."""

    is_read: bool = False
    is_first: bool = False


@dataclass(slots=True)
class PageWriter:
    """Commits batches of a run's lists; that the run is still held and the firm still connected is proved with each."""

    held: HeldRun
    grant: Grant
    changed: set[str]
    _worked_until: dict[int, float] = field(default_factory=dict)

    def write(self, active: ActiveList) -> Progress:
        """Write what waits of a list, and tell what it brought.

        A page that cannot be kept spares those before it: ClioRecordUnknown.
        """
        batch = active.take_batch()
        try:
            return self._commit(active, batch)
        except ClioRecordUnknown:
            if batch.pages == 1:
                raise
            return [self._commit(active, page) for page in batch.parts][-1]

    def begin(self, step: SyncStep) -> None:
        """Count working time of an entity from now on, if it is not counted yet."""
        self._worked_until.setdefault(step.pk, time.monotonic())

    def _commit(self, active: ActiveList, batch: Batch) -> Progress:
        firm_id, begun, step, entity = self.held.firm_id, time.monotonic(), active.step, active.entity
        progress, changed = Progress(), 0
        with tenant(firm_id), connection.cursor() as cursor:
            # A crash of the server may take the last commits, rows and place alike: they are read again.
            cursor.execute("SET LOCAL synchronous_commit = off")
            check_still_granted(self.grant, firm_id=firm_id)
            keep_holding(self.held, made_progress=True)
            if batch.lines:
                changed = _write(firm_id, entity, batch, step.pk)
            cursor.execute(_ADVANCE_CHAIN, _place(firm_id, active.chain, batch))
            if not batch.cursor:
                progress, gone = end_if_read(step, entity, firm_id=firm_id)
                changed += gone
            cursor.execute(_ADVANCE_STEP, self._progress(step, batch, changed, time.monotonic() - begun))
            extend_lease()
        if changed:
            self.changed.add(entity.name)
        return progress

    def _progress(self, step: SyncStep, batch: Batch, changed: int, wrote: float) -> dict[str, int | None]:
        now = time.monotonic()
        worked = now - self._worked_until.get(step.pk, now)
        self._worked_until[step.pk] = now
        return {
            "firm_id": self.held.firm_id,
            "step_id": step.pk,
            "expected": batch.expected,
            "records": batch.records,
            "changed": changed,
            "pages": batch.pages,
            "worked_ms": int(worked * 1000),
            "asked_ms": int(batch.asked_seconds * 1000),
            "parsed_ms": int(batch.parsed_seconds * 1000),
            "wrote_ms": int(wrote * 1000),
        }


def _place(firm_id: int, chain: SyncChain, batch: Batch) -> dict[str, int | str | bool | None]:
    return {
        "firm_id": firm_id,
        "chain_id": chain.pk,
        "cursor": batch.cursor,
        "ends": not batch.cursor,
        "expected": batch.expected,
        "records": batch.records,
        "pages": batch.pages,
    }


def end_if_read(step: SyncStep, entity: Entity, *, firm_id: int) -> tuple[Progress, int]:
    """End an entity's step if none of its lists is left; return what that means and how many rows it made gone.

    Belongs inside `tenant(firm_id)`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IS_READ, [firm_id, step.pk])
        if not cursor.fetchone()[0]:
            return Progress(), 0
        gone = finish_reading(entity, firm_id=firm_id, reading=step.pk).changed
        cursor.execute(_END_STEP, [firm_id, step.pk])
        ids = {"firm_id": firm_id, "step_id": step.pk, "in_each_run": not entity.every_hours}
        cursor.execute(_COMPLETE.format(table=entity.table), ids)
        is_first, was_refused = cursor.fetchone()
        if was_refused:  # rights came back: what was read meanwhile may be redacted, and nothing tells it changed since
            ReconciliationCare.objects.filter(firm_id=firm_id).update(wholly_at=None)
        return Progress(is_read=True, is_first=is_first), gone


def _write(firm_id: int, entity: Entity, batch: Batch, reading: int) -> int:
    try:
        lines, asked_at = batch.lines.values(), batch.asked_at
        return write_batch(entity, firm_id=firm_id, lines=lines, asked_at=asked_at, reading=reading).changed
    except DataError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        place = _PLACE.search(getattr(diagnosis, "context", None) or "")
        if place is None:
            raise ClioRecordUnknown("holds a value that does not fit") from error
        where = f" {place['column']}" if place["column"] else ""
        record_id = list(batch.lines)[int(place["line"]) - 1]
        raise ClioRecordUnknown(f"holds a value that does not fit{where}", record_id=record_id) from error
