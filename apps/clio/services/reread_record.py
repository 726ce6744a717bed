"""Read one record again because somebody asked."""

import logging
from datetime import datetime, timedelta

from apps.clio.errors import ClioBudgetSpent, ClioGrantRevoked, ClioNotConnected
from apps.clio.services.reread_records import reread_records
from apps.core.errors import VendorRejected

logger = logging.getLogger(__name__)


def reread_record(*, firm_id: int, entity: str, record_id: str, now: datetime) -> datetime | None:
    """Bring one record up to date; return when to try again if this minute's requests are used up.

    A refusal is final and only logged: the next sync tells it in words. Raises VendorUnavailable.
    """
    try:
        reread_records(firm_id=firm_id, entity_name=entity, ids=[record_id])
    except ClioBudgetSpent as spent:
        return now + timedelta(seconds=spent.wait_seconds)
    except (ClioNotConnected, ClioGrantRevoked, VendorRejected) as refusal:
        logger.info("clio.reread_refused", extra={"entity": entity, "code": refusal.code})
    return None
