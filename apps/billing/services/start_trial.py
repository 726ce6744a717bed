"""Write a new firm's trial down."""

from datetime import datetime

from apps.accounts.interface import get_firm_profile
from apps.billing.contracts import Entitlement, SubscriptionState
from apps.billing.models import Subscription
from apps.billing.queries.subscriptions import get_entitlement
from apps.billing.rules.entitlement import trial_end
from apps.core import audit
from apps.core.tenancy import tenant


def start_trial(*, firm_id: int, now: datetime) -> Entitlement:
    """Give a firm without a subscription its trial, from its creation on; return what it may do at `now`.

    A firm that has a subscription keeps it as it is.
    """
    with tenant(firm_id):
        created_at = get_firm_profile(firm_id=firm_id).created_at
        _, started = Subscription.objects.get_or_create(
            firm_id=firm_id,
            defaults={
                "state": SubscriptionState.TRIALING,
                "trial_started_at": created_at,
                "trial_ends_at": trial_end(created_at),
            },
        )
        if started:
            audit.record("billing.trial_started", firm_id=firm_id)
        return get_entitlement(firm_id=firm_id, now=now)
