"""Shapes of one's own account: profile, email address, deletion, a lost second factor."""

from typing import Any

from rest_framework import serializers

from apps.accounts.api.address_field import AddressField
from apps.accounts.api.entry_serializers import OwnPasswordSerializer
from apps.accounts.rules.locales import LOCALES
from apps.core.time_zones import known_zones


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    email = serializers.EmailField()
    name = serializers.CharField()
    time_zone = serializers.CharField(source="zone", help_text="IANA name")
    locale = serializers.CharField(help_text="language of dates and numbers")
    created_at = serializers.DateTimeField()


class ProfileChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    time_zone = serializers.CharField(source="zone", max_length=64, required=False, help_text="IANA name")
    locale = serializers.ChoiceField(choices=tuple(LOCALES), required=False)

    def validate_time_zone(self, name: str) -> str:
        """Take only a zone this machine knows."""
        if name not in known_zones():
            raise serializers.ValidationError("Not a time zone of the IANA list, such as America/New_York.")
        return name


class NewEmailSerializer(OwnPasswordSerializer):
    email = AddressField(max_length=254)


class PendingEmailSerializer(serializers.Serializer[Any]):
    new_email = serializers.EmailField()
    requested_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    is_old_confirmed = serializers.BooleanField()
    is_new_confirmed = serializers.BooleanField()


class EmailAgreementSerializer(serializers.Serializer[Any]):
    is_done = serializers.BooleanField(help_text="false: the other mailbox has not agreed yet")


class StoppedSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=("email_change", "factor_reset"))


class DeletionSerializer(serializers.Serializer[Any]):
    delete_at = serializers.DateTimeField(help_text="until then the mailed link keeps the account")


class FactorResetPlanSerializer(serializers.Serializer[Any]):
    requested_at = serializers.DateTimeField()
    earliest_at = serializers.DateTimeField(help_text="not before, and not without our support's approval")
