"""What runs the clio app's jobs."""

from typing import Any

from apps.clio import jobs
from apps.clio.services.give_grant_back import give_grant_back
from apps.clio.services.start_due_syncs import start_due_syncs
from apps.clio.services.sync_firm import sync_firm
from apps.core.jobs import RunAgain, handles
from apps.core.jobs.periodic import periodic


@handles(jobs.SYNC_FIRM)
def sync_firm_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Advance a firm's sync by one slice."""
    goes_on_at = sync_firm(firm_id=firm_id)
    return None if goes_on_at is None else RunAgain(at=goes_on_at)


@handles(jobs.GIVE_GRANT_BACK)
def give_back(*, region: str, sealed_access: str, sealed_refresh: str, **_: Any) -> None:
    """Give an erased firm's grant back to Clio."""
    give_grant_back(region=region, sealed_access=sealed_access, sealed_refresh=sealed_refresh)


periodic(jobs.START_DUE_SYNCS, start_due_syncs, every_seconds=60)
