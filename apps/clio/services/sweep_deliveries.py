"""Wake the readers of deliveries that nobody read, and forget those that were read long ago."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from apps.clio.queries.webhooks import list_firms_with_deliveries
from apps.clio.services.wake_reader import wake_reader
from apps.core.tenancy import tenant

# A reader was woken by then, unless the message or the worker was lost.
_LEFT_AFTER = timedelta(seconds=10)
# Clio gives a delivery up after about an hour; what comes again later is read again.
KEPT_DAYS = 7
_FORGET = """
DELETE FROM clio_webhook_deliveries WHERE firm_id = %(firm)s AND received_at < now() - make_interval(days => %(days)s)
  AND (handled_at IS NOT NULL OR received_at < now() - make_interval(days => 5 * %(days)s))
"""


def sweep_deliveries(*, now: datetime | None = None) -> int:
    """Wake a reader for every connected firm with deliveries left behind; return how many firms."""
    left = list_firms_with_deliveries(due_before=(now or timezone.now()) - _LEFT_AFTER)
    for firm_id in left:
        wake_reader(firm_id=firm_id)
    return len(left)


def forget_deliveries(firm_id: int) -> int:
    """Remove deliveries handled a week ago or earlier, and of those nobody could handle the ones of five weeks ago."""
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(_FORGET, {"firm": firm_id, "days": KEPT_DAYS})
        return int(cursor.rowcount)
