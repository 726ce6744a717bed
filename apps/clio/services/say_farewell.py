"""Give a grant back to Clio: our webhooks first, which need it, then the grant itself."""

import logging
from datetime import datetime, timedelta

from apps.clio.contracts import Grant, Purpose
from apps.clio.errors import ClioGrantRevoked, ClioTokenRefused, RegionClosed
from apps.clio.models import ClioConnection, Farewell
from apps.clio.services.our_applications import application_of, host_of
from apps.clio.services.remove_webhooks import remove_webhooks_at_clio
from apps.clio.vendors import clio_oauth
from apps.clio.vendors.clio_api import ClioApi
from apps.core.encryption import decrypt
from apps.core.errors import RateLimited, VendorRejected, VendorUnavailable
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)


def say_farewell(*, firm_id: int, farewell_id: int, now: datetime) -> datetime | None:
    """Give back what the farewell holds and forget it; return when to try again while Clio does not answer.

    A firm that connected again meanwhile keeps its grant: giving the old one back could end the new one. After three
    days the tokens are forgotten all the same; Clio is then told at every call that the webhooks are gone.
    """
    farewell = _find(firm_id, farewell_id)
    if farewell is None:
        return None
    try:
        _give_back(farewell)
    except (VendorUnavailable, RateLimited):
        if now - farewell.begun_at < GIVEN_UP_AFTER:
            return now + AGAIN_AFTER
        logger.error("clio.farewell_given_up", extra={"firm_id": firm_id})
    except (VendorRejected, RegionClosed) as refusal:
        logger.warning("clio.farewell_refused", extra={"firm_id": firm_id, "code": refusal.code})
    with tenant(firm_id):
        Farewell.objects.filter(firm_id=firm_id, pk=farewell_id).delete()
    return None


def _find(firm_id: int, farewell_id: int) -> Farewell | None:
    with tenant(firm_id):
        if ClioConnection.objects.filter(firm_id=firm_id, status=ClioConnection.Status.CONNECTED).exists():
            Farewell.objects.filter(firm_id=firm_id).delete()
        return Farewell.objects.filter(firm_id=firm_id, pk=farewell_id).first()


def _give_back(farewell: Farewell) -> None:
    host = host_of(farewell.region)
    access_token = decrypt(farewell.access_token)
    try:
        _remove_webhooks(farewell, host, access_token)
    except ClioTokenRefused:
        try:
            application = application_of(farewell.region)
            access_token = clio_oauth.refresh(application, refresh_token=decrypt(farewell.refresh_token)).access_token
        except ClioGrantRevoked:  # there is nothing left to give back
            return
        _remove_webhooks(farewell, host, access_token)
    clio_oauth.deauthorize(host, access_token=access_token)


def _remove_webhooks(farewell: Farewell, host: str, access_token: str) -> None:
    """What Clio refuses here does not keep the grant."""
    budget = f"farewell-{farewell.firm_id}"
    api = ClioApi(Grant(budget, host, access_token, version=""), Purpose.REREAD)
    try:
        remove_webhooks_at_clio(api)
    except ClioTokenRefused:
        raise
    except VendorRejected as refusal:
        logger.warning("clio.webhooks_not_removed", extra={"firm_id": farewell.firm_id, "code": refusal.code})
    finally:
        api.close()
