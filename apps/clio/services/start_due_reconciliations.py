"""Start the comparisons that are due: once a night per firm, each at its own minute of its own night."""

import logging
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.interface import get_firm_profile
from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.models import ReconciliationCare
from apps.clio.rules.reconciling import next_night
from apps.clio.services.open_reconciliation import open_reconciliation
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
_DUE = "SELECT firm_id FROM resolve_clio_reconciliations_due(%s)"


def start_due_reconciliations(*, now: datetime | None = None) -> int:
    """Open the comparison of every connected firm whose night has come; return how many.

    A firm that is met for the first time is given its place in the coming night. One that is still open from the night
    before is taken up again.
    """
    now = now or timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE, [now])
        due = [firm_id for (firm_id,) in cursor.fetchall()]
    started = sum(_start(firm_id, now) for firm_id in due)
    if started:
        logger.info("clio.reconciliations_started", extra={"count": started})
    return started


def _start(firm_id: int, now: datetime) -> bool:
    """Start a firm's comparison and set the date of the next one in the same transaction."""
    with tenant(firm_id):
        zone = get_firm_profile(firm_id=firm_id).time_zone
        night = next_night(firm_id=firm_id, time_zone=zone, now=now)
        care, is_new = ReconciliationCare.objects.get_or_create(firm_id=firm_id, defaults={"due_at": night})
        if is_new:
            return False
        try:
            open_reconciliation(firm_id=firm_id)
        except (ClioNotConnected, ClioGrantRevoked):  # disconnected since the list was made
            return False
        care.due_at = night
        care.save(update_fields=["due_at"])
    return True
