"""Hold a job while it runs: claim, extend, finish. A lease that ran out belongs to whoever claims it next."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.core.errors import FirmErased
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
LEASE_SECONDS = 90
_EXTEND_SECONDS = 30


class LeaseLost(RuntimeError):
    """Another worker took the job over; whoever meets this must stop and write nothing more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in our hands."""

    job_id: int
    firm_id: int | None
    name: str
    arguments: dict[str, Any]
    queue: str
    attempts: int
    token: UUID
    request_id: str


_current: ContextVar[Claim | None] = ContextVar("current_job", default=None)
_CLAIM = """
UPDATE core_job SET status = 'running', attempts = attempts + 1, lease_token = %(token)s,
       lease_until = now() + make_interval(secs => %(seconds)s)
WHERE id = %(job_id)s AND status IN ('pending', 'running') AND available_at <= now()
  AND (lease_until IS NULL OR lease_until < now())
RETURNING name, arguments::text, queue, attempts, request_id
"""
_PUT_BACK = """
status = CASE WHEN EXISTS (
             SELECT 1 FROM core_job twin
             WHERE twin.status = 'pending' AND twin.dedupe_key = core_job.dedupe_key AND twin.name = core_job.name
               AND twin.firm_id IS NOT DISTINCT FROM core_job.firm_id
         ) THEN 'done' ELSE 'pending' END,
available_at = %s, last_error = %s, lease_until = NULL, published_at = NULL, attempts = {attempts}
"""


@contextmanager
def job_rows(firm_id: int | None) -> Iterator[None]:
    """Open the transaction in which a job's row can be seen: its firm's, or a plain one for the platform's jobs."""
    with tenant(firm_id) if firm_id is not None else transaction.atomic():
        yield


def claim(job_id: int, firm_id: int | None) -> Claim | None:
    """Take the job if it is due and nobody holds it; None otherwise."""
    token = uuid4()
    try:
        with job_rows(firm_id), connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"job_id": job_id, "token": token, "seconds": LEASE_SECONDS})
            row = cursor.fetchone()
    except FirmErased:  # its jobs went with it
        return None
    if row is None:
        return None
    return Claim(job_id, firm_id, row[0], json.loads(row[1]), row[2], row[3], token, row[4])


@contextmanager
def holding(claimed: Claim) -> Iterator[None]:
    """Keep the claim's lease running, and make it known to the handler for `extend_lease` and `finish_current_job`."""
    token, done = _current.set(claimed), threading.Event()
    keeper = threading.Thread(target=_keep, args=(claimed, done), name=f"lease-{claimed.job_id}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        _current.reset(token)


def _keep(claimed: Claim, done: threading.Event) -> None:
    """Extend the lease while the handler runs, on a connection of this thread's own."""
    try:
        while not done.wait(_EXTEND_SECONDS):
            _update(claimed, "lease_until = now() + make_interval(secs => %s)", [LEASE_SECONDS])
    except (LeaseLost, DatabaseError):  # the handler meets the same at its next write
        logger.warning("core.lease_not_extended", extra={"job_id": claimed.job_id})
    finally:
        connection.close()


def extend_lease() -> None:
    """Prove within the open transaction that the current job is still ours, and push its lease on. Raises LeaseLost."""
    claimed = _current.get()
    if claimed is not None:
        _update(claimed, "lease_until = now() + make_interval(secs => %s)", [LEASE_SECONDS])


def finish_current_job() -> None:
    """Mark the current job done in the open transaction, together with the work it did. Raises LeaseLost."""
    claimed = _current.get()
    if claimed is not None:
        finish(claimed)


def finish(claimed: Claim, *, error: str = "") -> None:
    """Mark a job done, or dead when an error is given. Raises LeaseLost."""
    status, error = ("dead" if error else "done"), error.replace("\0", "")
    change = "status = %s, last_error = %s, finished_at = now(), lease_until = NULL"
    _update(claimed, change, [status, error[:2000]])


def put_back(claimed: Claim, *, available_at: datetime, error: str = "", counts: bool = True) -> None:
    """Make the job pending again from an instant on. counts: False after progress, which forgives earlier attempts.

    Where a job with the same dedupe key was promised meanwhile, that one carries on and this one is done.
    Raises LeaseLost.
    """
    attempts = "attempts" if counts else "0"
    try:
        _update(claimed, _PUT_BACK.format(attempts=attempts), [available_at, error.replace("\0", "")[:2000]])
    except IntegrityError:  # the twin was promised this very moment, by a transaction we could not see
        finish(claimed)


def _update(claimed: Claim, change: str, values: list[Any]) -> None:
    query = f"UPDATE core_job SET {change} WHERE id = %s AND lease_token = %s AND status = 'running'"  # noqa: S608
    try:
        with job_rows(claimed.firm_id), connection.cursor() as cursor:
            cursor.execute(query, [*values, claimed.job_id, claimed.token])
            if cursor.rowcount != 1:
                raise LeaseLost(f"job {claimed.job_id}")
    except FirmErased as error:
        raise LeaseLost(f"job {claimed.job_id}") from error
