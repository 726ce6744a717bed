"""How a firm stands with us."""

from datetime import datetime

from apps.accounts.interface import get_firm_profile
from apps.billing.contracts import Entitlement, PlanKey, SubscriptionState, SubscriptionSummary
from apps.billing.models import Subscription
from apps.billing.rules.entitlement import decide_entitlement, trial_days_left, trial_end
from apps.core.tenancy import tenant


def get_entitlement(*, firm_id: int, now: datetime) -> Entitlement:
    """Return what the firm may do at an instant. Joins the firm's transaction, or opens one."""
    with tenant(firm_id):
        return _entitlement_of(_find_row(firm_id), firm_id, now)


def get_subscription(*, firm_id: int, now: datetime) -> SubscriptionSummary:
    """Return the firm's subscription as its people see it. Joins the firm's transaction, or opens one."""
    with tenant(firm_id):
        row = _find_row(firm_id)
        entitlement = _entitlement_of(row, firm_id, now)
    return SubscriptionSummary(
        entitlement=entitlement,
        days_left=trial_days_left(entitlement, now=now),
        seats=row.seats if row else None,
    )


def _find_row(firm_id: int) -> Subscription | None:
    return Subscription.objects.filter(firm_id=firm_id).first()


def _entitlement_of(row: Subscription | None, firm_id: int, now: datetime) -> Entitlement:
    if row is None:  # the trial runs from the firm's creation, whether the job has written it down or not
        ends_at = trial_end(get_firm_profile(firm_id=firm_id).created_at)
        return decide_entitlement(SubscriptionState.TRIALING, trial_ends_at=ends_at, plan=None, now=now)
    state, plan = SubscriptionState(row.state), PlanKey(row.plan) if row.plan else None
    return decide_entitlement(state, trial_ends_at=row.trial_ends_at, plan=plan, now=now)
