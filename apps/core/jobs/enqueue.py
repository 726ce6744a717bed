"""Promise a job inside the caller's transaction; tell a worker after commit, if Redis is there."""

import json
import logging
from datetime import datetime
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.core.tenancy import WrongTenant, current_firm_id

logger = logging.getLogger(__name__)
_INSERT = """
INSERT INTO core_job (firm_id, name, arguments, queue, dedupe_key, status, attempts, available_at, published_at,
                      last_error, request_id)
VALUES (%(firm_id)s, %(name)s, %(arguments)s::jsonb, %(queue)s, %(dedupe_key)s, 'pending', 0,
        coalesce(%(available_at)s, now()), now(), '', %(request_id)s)
ON CONFLICT (firm_id, name, dedupe_key) WHERE status = 'pending' AND dedupe_key IS NOT NULL
DO UPDATE SET available_at = least(core_job.available_at, excluded.available_at)
RETURNING id, xmax = 0
"""


def enqueue(
    name: str,
    *,
    firm_id: int | None = None,
    queue: str = "default",
    dedupe_key: str | None = None,
    available_at: datetime | None = None,
    **arguments: Any,
) -> int | None:
    """Write the job's row in the open transaction and wake a worker after commit.

    name: a constant of an app's `jobs.py`. arguments: ids and plain values. dedupe_key: while a job of this firm and
    name with the same key is pending no second one is made, and None comes back; the pending one is held back until
    this transaction ends, so that it sees what was changed here, and it runs at the earlier of both times. Without an
    open transaction, for another firm than the open one's, or for an unknown queue it raises.
    """
    if queue not in settings.JOB_QUEUES:
        raise ValueError(f"there is no queue {queue}")
    if not connection.in_atomic_block:
        raise RuntimeError("enqueue() belongs inside the transaction whose work it promises")
    if firm_id is not None and current_firm_id() != firm_id:
        raise WrongTenant(f"enqueue for firm {firm_id} inside firm {current_firm_id()}")
    values = {
        "firm_id": firm_id,
        "name": name,
        "arguments": json.dumps(arguments),
        "queue": queue,
        "dedupe_key": dedupe_key,
        "available_at": available_at,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        job_id, is_new = cursor.fetchone()
    _wake_after_commit(job_id, firm_id, queue, available_at)
    return job_id if is_new else None


def _wake_after_commit(job_id: int, firm_id: int | None, queue: str, available_at: datetime | None) -> None:
    delay = (available_at - timezone.now()).total_seconds() if available_at else 0

    def wake() -> None:
        publish(job_id, firm_id, queue, delay_seconds=delay)

    transaction.on_commit(wake, robust=True)


# Longer delays are left to the sweeper: a message with a countdown sits unacknowledged in a worker's memory.
_LONGEST_COUNTDOWN_SECONDS = 120


def publish(job_id: int, firm_id: int | None, queue: str, *, delay_seconds: float = 0) -> None:
    """Send the job's id to its queue. Best effort: a failure is logged, and the sweeper publishes it again."""
    if delay_seconds > _LONGEST_COUNTDOWN_SECONDS:
        return
    try:
        current_app.send_task(
            "core.run_job",
            kwargs={"job_id": job_id, "firm_id": firm_id},
            queue=queue,
            countdown=max(delay_seconds, 0) or None,
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, the row stays and the sweeper comes by
        logger.warning("core.publish_failed", extra={"job_id": job_id, "error": type(error).__name__})
