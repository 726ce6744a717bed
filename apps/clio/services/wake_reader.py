"""One wake-up for many deliveries."""

from apps.clio import jobs
from apps.clio.vendors.wake_mark import set_mark
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant


def wake_reader(*, firm_id: int) -> None:
    """Promise a reading of the firm's deliveries unless one is about to begin. Call it once they are committed.

    A mark in Redis spares a burst the job's row: the reader clears it before it looks, so whoever still finds it will
    be seen. Without Redis the job's key does the same, only slower; what is lost before this the sweeper finds.
    """
    if set_mark(firm_id):
        with tenant(firm_id):
            enqueue(jobs.READ_DELIVERIES, firm_id=firm_id, queue="critical", dedupe_key="deliveries")
