"""Jobs: PostgreSQL holds the promise, Celery only wakes a worker.

A service calls `enqueue` inside its transaction. A worker claims the row by a lease, runs the handler registered under
the job's name, and writes down how it ended. A sweeper republishes what was lost on the way.
"""

from apps.core.jobs.enqueue import enqueue
from apps.core.jobs.lease import LeaseLost, extend_lease, finish_current_job
from apps.core.jobs.registry import RunAgain, handles, registered_handlers

__all__ = ["LeaseLost", "RunAgain", "enqueue", "extend_lease", "finish_current_job", "handles", "registered_handlers"]
