"""A firm's subscription."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.billing.contracts import PlanKey, SubscriptionState

_STATES = [state.value for state in SubscriptionState]
_PLANS = [key.value for key in PlanKey]


class Subscription(models.Model):
    """One row per firm: first the trial, later the mirror of what Stripe holds, which then decides."""

    firm = models.OneToOneField("accounts.Firm", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=[(state, state) for state in _STATES])
    plan = models.CharField(  # noqa: DJ001 - NULL is "none chosen yet"
        max_length=30, null=True, choices=[(key, key) for key in _PLANS]
    )
    seats = models.PositiveIntegerField(null=True, help_text="paid seats; none are counted during the trial")
    trial_started_at = models.DateTimeField()
    trial_ends_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=_STATES), name="billing_subscription_state"),
            models.CheckConstraint(
                condition=Q(plan__isnull=True) | Q(plan__in=_PLANS), name="billing_subscription_plan"
            ),
            models.CheckConstraint(
                condition=Q(seats__isnull=True) | Q(seats__gte=1), name="billing_subscription_seats"
            ),
            models.CheckConstraint(
                condition=Q(trial_ends_at__gt=models.F("trial_started_at")), name="billing_subscription_trial"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "past_due"]) | Q(plan__isnull=False, seats__isnull=False),
                name="billing_subscription_paid_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} #{self.pk}"
