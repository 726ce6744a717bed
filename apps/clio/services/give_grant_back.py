"""Give the grant of an erased firm back to Clio. The firm's rows are gone by then; its tokens come along, encrypted."""

import logging

from apps.clio import jobs
from apps.clio.errors import ClioGrantRevoked, RegionClosed
from apps.clio.models import ClioConnection, ConnectAttempt
from apps.clio.services.our_applications import application_of
from apps.clio.vendors import clio_oauth
from apps.core.encryption import decrypt
from apps.core.firm_rows import erase_rows
from apps.core.jobs import enqueue

logger = logging.getLogger(__name__)


def erase_connection(firm_id: int) -> int:
    """Remove a firm's connection, and promise in the same transaction that Clio gets its grant back; return the rows.

    The tokens stay encrypted on their way.
    """
    found = ClioConnection.objects.filter(firm_id=firm_id).first()
    if found is not None and found.refresh_token:
        enqueue(
            jobs.GIVE_GRANT_BACK,
            region=found.region,
            sealed_access=found.access_token,
            sealed_refresh=found.refresh_token,
        )
    return erase_rows(ConnectAttempt, ClioConnection)(firm_id)


def give_grant_back(*, region: str, sealed_access: str, sealed_refresh: str) -> None:
    """Deauthorize at Clio. Twice is once: a token Clio no longer knows is given back already.

    The access token may have run out long ago, and Clio answers the same to that: a fresh one is got by the refresh
    token first, and where Clio refuses that, the grant no longer stands. Raises VendorUnavailable,
    VendorRejected.
    """
    try:
        application = application_of(region)
    except RegionClosed:  # nobody of ours is there any more to give it back
        logger.warning("clio.grant_not_given_back", extra={"region": region})
        return
    try:
        access = clio_oauth.refresh(application, refresh_token=decrypt(sealed_refresh)).access_token
    except ClioGrantRevoked:
        access = decrypt(sealed_access)
    clio_oauth.deauthorize(application.host, access_token=access)
    logger.info("clio.grant_given_back", extra={"region": region})
