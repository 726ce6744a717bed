"""What runs the clio app's jobs."""

from typing import Any

from apps.clio import jobs
from apps.clio.services.start_due_syncs import start_due_syncs
from apps.clio.services.sync_firm import sync_firm
from apps.core.jobs import RunAgain, handles
from apps.core.jobs.periodic import periodic


@handles(jobs.SYNC_FIRM)
def sync_firm_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Advance a firm's sync by one slice."""
    goes_on_at = sync_firm(firm_id=firm_id)
    return None if goes_on_at is None else RunAgain(at=goes_on_at)


periodic(jobs.START_DUE_SYNCS, start_due_syncs, every_seconds=60)
