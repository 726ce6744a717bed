"""What runs the clio app's jobs."""

from contextlib import suppress
from typing import Any

from django.utils import timezone

from apps.clio import jobs
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.services.forget_changes import forget_changes
from apps.clio.services.give_grant_back import give_grant_back
from apps.clio.services.keep_webhooks import keep_webhooks
from apps.clio.services.look_after_webhooks import look_after_webhooks
from apps.clio.services.note_deauthorization import check_grant
from apps.clio.services.read_deliveries import read_deliveries
from apps.clio.services.reconcile_firm import reconcile_firm
from apps.clio.services.reread_record import reread_record
from apps.clio.services.say_farewell import say_farewell
from apps.clio.services.start_due_reconciliations import start_due_reconciliations
from apps.clio.services.start_due_syncs import start_due_syncs
from apps.clio.services.sweep_deliveries import sweep_deliveries
from apps.clio.services.sync_firm import sync_firm
from apps.clio.services.watch_health import watch_health
from apps.core.jobs import RunAgain, handles
from apps.core.jobs.periodic import periodic


@handles(jobs.SYNC_FIRM)
def sync_firm_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Advance a firm's sync by one slice."""
    goes_on_at = sync_firm(firm_id=firm_id)
    return None if goes_on_at is None else RunAgain(at=goes_on_at)


@handles(jobs.REREAD_RECORD)
def reread_record_job(*, firm_id: int, entity: str, record_id: str, **_: Any) -> RunAgain | None:
    """Read one record again."""
    goes_on_at = reread_record(firm_id=firm_id, entity=entity, record_id=record_id, now=timezone.now())
    return None if goes_on_at is None else RunAgain(at=goes_on_at)


@handles(jobs.CHECK_GRANT)
def check_grant_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Ask Clio whether a firm's grant still stands."""
    with suppress(ClioNotConnected, ClioGrantRevoked):
        goes_on_at = check_grant(firm_id=firm_id)
        return None if goes_on_at is None else RunAgain(at=goes_on_at)
    return None


@handles(jobs.GIVE_GRANT_BACK)
def give_back(*, region: str, sealed_access: str, sealed_refresh: str, **_: Any) -> None:
    """Give an erased firm's grant back to Clio."""
    give_grant_back(region=region, sealed_access=sealed_access, sealed_refresh=sealed_refresh)


periodic(jobs.START_DUE_SYNCS, start_due_syncs, every_seconds=60)


@handles(jobs.READ_DELIVERIES)
def read_deliveries_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Read what Clio announced for a firm."""
    goes_on_at = read_deliveries(firm_id=firm_id)
    return None if goes_on_at is None else RunAgain(at=goes_on_at)


@handles(jobs.KEEP_WEBHOOKS)
def keep_webhooks_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Make a firm's webhooks at Clio what they should be."""
    looks_again_at = keep_webhooks(firm_id=firm_id, now=timezone.now())
    return None if looks_again_at is None else RunAgain(at=looks_again_at)


@handles(jobs.SAY_FAREWELL)
def say_farewell_job(*, firm_id: int, farewell_id: int, **_: Any) -> RunAgain | None:
    """Give a grant back that could not be given back at once."""
    again_at = say_farewell(firm_id=firm_id, farewell_id=farewell_id, now=timezone.now())
    return None if again_at is None else RunAgain(at=again_at)


periodic(jobs.SWEEP_DELIVERIES, sweep_deliveries, every_seconds=15)
periodic(jobs.LOOK_AFTER_WEBHOOKS, look_after_webhooks, every_seconds=60)


def forget() -> int:
    """Forget changes nobody needs any more."""
    return forget_changes(now=timezone.now())


periodic(jobs.FORGET_CHANGES, forget, every_seconds=86_400)


@handles(jobs.RECONCILE_FIRM)
def reconcile_firm_job(*, firm_id: int, **_: Any) -> RunAgain | None:
    """Advance a firm's comparison with Clio by one slice."""
    goes_on_at = reconcile_firm(firm_id=firm_id)
    return None if goes_on_at is None else RunAgain(at=goes_on_at)


periodic(jobs.START_DUE_RECONCILIATIONS, start_due_reconciliations, every_seconds=300)
periodic(jobs.WATCH_HEALTH, watch_health, every_seconds=900)
