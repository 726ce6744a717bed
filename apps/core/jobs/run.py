"""Run one claimed job and write down how it ended."""

import contextlib
import logging
import random
from datetime import timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from apps.core.errors import DomainError, VendorUnavailable
from apps.core.jobs import lease
from apps.core.jobs.enqueue import publish
from apps.core.jobs.registry import RunAgain, UnknownJob, get_handler
from apps.core.shared_memory import REDIS_FAULTS

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 12
_FIRST_BACKOFF_SECONDS, _LONGEST_BACKOFF_SECONDS = 15, 3600
# What passes by itself: a vendor, the database or Redis away, too little time, a job newer than this worker.
_TRANSIENT = (VendorUnavailable, OperationalError, InterfaceError, *REDIS_FAULTS, SoftTimeLimitExceeded, UnknownJob)
_LONGEST_WAIT_SECONDS = 86_400


def run_job(*, job_id: int, firm_id: int | None) -> None:
    """Claim the job and run its handler. Twice is once: without a free lease nothing happens.

    What passes by itself (_TRANSIENT) puts the job back with back-off and jitter; any other error makes it dead, is
    logged and raised. After MOST_ATTEMPTS, attempts cut off by a crash included, the job is dead.
    """
    claimed = lease.claim(job_id, firm_id)
    if claimed is None:
        return
    ids = {"job_id": job_id, "firm_id": firm_id, "job": claimed.name, "request_id": claimed.request_id}
    with structlog.contextvars.bound_contextvars(**ids), lease.holding(claimed):
        if claimed.attempts > MOST_ATTEMPTS:
            logger.error("core.job_dead", extra={"attempts": claimed.attempts})
            lease.finish(claimed, error="gave up: too many attempts")
            return
        _run(claimed)


def _run(claimed: lease.Claim) -> None:
    try:
        outcome = _call_handler(claimed)
    except lease.LeaseLost:
        logger.warning("core.job_lease_lost")
    except _TRANSIENT as error:
        _retry(claimed, error)
    except Exception as error:
        logger.exception("core.job_failed")
        with contextlib.suppress(lease.LeaseLost):  # it may have finished by itself before it failed
            lease.finish(claimed, error=_described(error))
        raise
    else:
        _settle(claimed, outcome)


def _call_handler(claimed: lease.Claim) -> RunAgain | None:
    firm = {} if claimed.firm_id is None else {"firm_id": claimed.firm_id}
    return get_handler(claimed.name)(**claimed.arguments, **firm)


def _settle(claimed: lease.Claim, outcome: RunAgain | None) -> None:
    if outcome is None:
        try:
            lease.finish(claimed)
        except lease.LeaseLost:
            logger.debug("core.job_finished_by_itself")
        return
    lease.put_back(claimed, available_at=outcome.at, counts=False)
    delay = (outcome.at - timezone.now()).total_seconds()
    publish(claimed.job_id, claimed.firm_id, claimed.queue, delay_seconds=delay)


def _described(error: Exception) -> str:
    """Return an error for the job's row: what a database says of a row's values is left out."""
    if isinstance(error, DatabaseError):
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        return f"{type(error).__name__} {constraint or ''}".strip()
    return str(error) if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"


def _retry(claimed: lease.Claim, error: Exception) -> None:
    asked = getattr(error, "retry_after_seconds", None)
    backoff = min(_FIRST_BACKOFF_SECONDS * 2 ** (claimed.attempts - 1), _LONGEST_BACKOFF_SECONDS)
    delay = max(min(asked or 0, _LONGEST_WAIT_SECONDS), backoff * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
    logger.info("core.job_retries", extra={"attempts": claimed.attempts, "delay_seconds": round(delay)})
    lease.put_back(claimed, available_at=timezone.now() + timedelta(seconds=delay), error=_described(error))
    publish(claimed.job_id, claimed.firm_id, claimed.queue, delay_seconds=delay)
