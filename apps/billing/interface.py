"""The door of billing."""

from datetime import datetime

from django.utils import timezone

from apps.billing.contracts import Entitlement, PlanKey, SubscriptionState
from apps.billing.queries.subscriptions import get_entitlement
from apps.billing.services.start_trial import start_trial

__all__ = ["Entitlement", "PlanKey", "SubscriptionState", "entitlement", "start_trial"]


def entitlement(*, firm_id: int, now: datetime | None = None) -> Entitlement:
    """Return what the firm may do, at an instant or now. Inside the firm's transaction it joins, else it opens one."""
    return get_entitlement(firm_id=firm_id, now=now or timezone.now())
