"""Publish again what was promised and never started: the message was lost, or the worker died with the lease."""

import logging

from django.db import connection, transaction

from apps.core.jobs.enqueue import publish
from apps.core.jobs.lease import job_rows

logger = logging.getLogger(__name__)
_BATCH = 500
_DUE = "SELECT firm_id, job_id, queue FROM resolve_due_jobs(%s)"
_MARK = "UPDATE core_job SET published_at = now() WHERE id = ANY(%s)"


def sweep_jobs(*, limit: int = _BATCH) -> int:
    """Republish due jobs that nobody holds and nobody was told of within the last minute; return how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE, [limit])
        due: list[tuple[int | None, int, str]] = cursor.fetchall()
    for firm_id in sorted({row[0] for row in due}, key=lambda firm: firm or 0):
        mine = [(job_id, queue) for owner, job_id, queue in due if owner == firm_id]
        with job_rows(firm_id), connection.cursor() as cursor:
            cursor.execute(_MARK, [[job_id for job_id, _ in mine]])
        for job_id, queue in mine:
            publish(job_id, firm_id, queue)
    if due:
        logger.info("core.jobs_swept", extra={"count": len(due)})
    return len(due)
