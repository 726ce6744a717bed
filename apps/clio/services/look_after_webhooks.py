"""Look after every firm's webhooks in time, and tell administrators where one is about to fall silent."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from apps.accounts import interface as accounts
from apps.clio import jobs
from apps.clio.models import Webhook
from apps.clio.queries.webhooks import list_firms_to_look_after, list_firms_with_lapsing
from apps.clio.rules.webhooks import ALARM_BEFORE
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)


def look_after_webhooks(*, now: datetime | None = None) -> int:
    """Promise a comparison for every firm that is due, and warn of what could not be renewed; return how many firms."""
    now = now or timezone.now()
    due = list_firms_to_look_after(due_before=now)
    for firm_id in due:
        request_look(firm_id=firm_id)
    for firm_id in list_firms_with_lapsing(lapses_before=now + ALARM_BEFORE):
        _warn(firm_id, now)
    return len(due)


def request_look(*, firm_id: int) -> None:
    """Promise a comparison of the firm's webhooks with Clio's list; joins the firm's transaction."""
    with tenant(firm_id):
        enqueue(jobs.KEEP_WEBHOOKS, firm_id=firm_id, dedupe_key="webhooks")


def _warn(firm_id: int, now: datetime) -> None:
    """Tell once per webhook's life: weekly renewals failed for three weeks, or it is over already."""
    with tenant(firm_id):
        webhooks = Webhook.objects.select_for_update().filter(
            firm_id=firm_id, expires_at__lt=now + ALARM_BEFORE, lapse_told_at=None
        )
        first = min((each.expires_at for each in webhooks if each.expires_at), default=None)
        if first is None:
            return
        firm = accounts.get_firm_profile(firm_id=firm_id).name
        address = f"{settings.PUBLIC_BASE_URL}/firm/clio"
        if first <= now:
            accounts.tell_administrators(
                firm_id=firm_id, kind="clio.webhooks_lapsed", firm=firm, address=address, since_at=first.isoformat()
            )
        else:
            accounts.tell_administrators(
                firm_id=firm_id, kind="clio.webhooks_lapsing", firm=firm, address=address, until_at=first.isoformat()
            )
        Webhook.objects.filter(pk__in=[each.pk for each in webhooks]).update(lapse_told_at=now)
    logger.error("clio.webhooks_lapse", extra={"firm_id": firm_id})
