"""Take the firm's grant back: at Clio, and here."""

import logging
from datetime import datetime

from django.conf import settings

from apps.clio.errors import ClioNotConnected
from apps.clio.models import ClioConnection
from apps.clio.rules.regions import host_of
from apps.clio.vendors import clio_oauth
from apps.core import audit
from apps.core.encryption import decrypt
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)


def disconnect(*, firm_id: int, actor_id: int, now: datetime) -> None:
    """Erase the tokens, then give the grant back to Clio. The mirror and the account's name stay.

    Clio being away does not keep the firm connected: without tokens nothing is fetched. Raises ClioNotConnected.
    """
    with tenant(firm_id):
        connected = ClioConnection.objects.select_for_update().filter(firm_id=firm_id).first()
        if connected is None or connected.status == ClioConnection.Status.DISCONNECTED:
            raise ClioNotConnected
        access_token = connected.access_token
        connected.access_token = connected.refresh_token = ""
        connected.refresh_claim = connected.refresh_claimed_until = None
        connected.status, connected.status_changed_at = ClioConnection.Status.DISCONNECTED, now
        connected.save()
        audit.record("clio.disconnected", firm_id=firm_id, user_id=actor_id)
    if not access_token:
        return
    try:
        host = host_of(connected.region, us_host=settings.CLIO_US_HOST)
        clio_oauth.deauthorize(host, access_token=decrypt(access_token))
    except (VendorRejected, VendorUnavailable):
        logger.warning("clio.deauthorize_failed", extra={"firm_id": firm_id})
