"""Take the firm's grant back: here at once, at Clio as soon as it answers."""

from datetime import datetime, timedelta

from apps.clio import jobs
from apps.clio.errors import ClioNotConnected
from apps.clio.models import ClioConnection, Farewell
from apps.clio.services.remove_webhooks import forget_webhooks
from apps.clio.services.say_farewell import say_farewell
from apps.core import audit
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

# The job finds nothing to do where the first try, right here, went well.
_JOB_AFTER = timedelta(minutes=1)


def disconnect(*, firm_id: int, actor_id: int, now: datetime) -> None:
    """Take the tokens out of use, then take our webhooks and the grant back at Clio. The mirror and the names stay.

    Clio being away does not keep the firm connected: what is to be given back is remembered and tried again by a job.
    Raises ClioNotConnected.
    """
    with tenant(firm_id):
        connected = ClioConnection.objects.select_for_update().filter(firm_id=firm_id).first()
        if connected is None or connected.status == ClioConnection.Status.DISCONNECTED:
            raise ClioNotConnected
        farewell_id = _remember(connected, now) if connected.access_token else None
        connected.access_token = connected.refresh_token = ""
        connected.refresh_claim = connected.refresh_claimed_until = None
        connected.status, connected.status_changed_at = ClioConnection.Status.DISCONNECTED, now
        connected.save()
        forget_webhooks(firm_id=firm_id)
        audit.record("clio.disconnected", firm_id=firm_id, user_id=actor_id)
    if farewell_id is not None:
        say_farewell(firm_id=firm_id, farewell_id=farewell_id, now=now)


def _remember(connected: ClioConnection, now: datetime) -> int:
    farewell = Farewell.objects.create(
        firm_id=connected.firm_id,
        region=connected.region,
        access_token=connected.access_token,
        refresh_token=connected.refresh_token,
    )
    enqueue(jobs.SAY_FAREWELL, firm_id=connected.firm_id, farewell_id=farewell.pk, available_at=now + _JOB_AFTER)
    return farewell.pk
