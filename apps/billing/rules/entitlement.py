"""The one place that decides what a firm may do."""

import math
from datetime import datetime, timedelta

from apps.billing.contracts import Entitlement, PlanKey, SubscriptionState
from apps.billing.rules.plans import TRIAL

_WORKING = (SubscriptionState.TRIALING, SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE)
_DAY = timedelta(days=1)


def trial_end(started_at: datetime) -> datetime:
    """Return the instant a trial ends: 14 times 24 hours after it began, whatever clocks do meanwhile."""
    return started_at + TRIAL


def decide_entitlement(
    state: SubscriptionState, *, trial_ends_at: datetime | None, plan: PlanKey | None, now: datetime
) -> Entitlement:
    """Return what follows from a subscription's state. A trial that has run out is a suspension, noted yet or not."""
    if state is SubscriptionState.TRIALING and trial_ends_at is not None and now >= trial_ends_at:
        state = SubscriptionState.SUSPENDED
    works = state in _WORKING
    return Entitlement(
        state=state,
        may_read=state is not SubscriptionState.CANCELED,
        may_write=works,
        may_sync=works,
        trial_ends_at=trial_ends_at,
        plan=plan,
    )


def trial_days_left(entitlement: Entitlement, *, now: datetime) -> int | None:
    """Return the days of a running trial, a begun day counted whole; None when no trial runs."""
    if entitlement.state is not SubscriptionState.TRIALING or entitlement.trial_ends_at is None:
        return None
    return math.ceil((entitlement.trial_ends_at - now) / _DAY)
