"""Shapes of what goes out."""

from typing import Any

from rest_framework import serializers

from apps.billing.contracts import PlanKey, SubscriptionState


class SubscriptionSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=[state.value for state in SubscriptionState], source="entitlement.state", help_text="past_due: a grace"
    )
    plan = serializers.ChoiceField(
        choices=[key.value for key in PlanKey],
        source="entitlement.plan",
        allow_null=True,
        help_text="null until one is chosen",
    )
    seats = serializers.IntegerField(allow_null=True, help_text="paid seats; null during the trial")
    trial_ends_at = serializers.DateTimeField(source="entitlement.trial_ends_at", allow_null=True)
    days_left = serializers.IntegerField(
        allow_null=True, help_text="of the trial, a begun day counted whole; null when no trial runs"
    )
    may_read = serializers.BooleanField(source="entitlement.may_read", help_text="see the numbers")
    may_write = serializers.BooleanField(source="entitlement.may_write", help_text="change things, make new reports")
    may_sync = serializers.BooleanField(source="entitlement.may_sync", help_text="fetch from Clio")
