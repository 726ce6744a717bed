"""Shapes of what comes in and goes out."""

from typing import Any

from rest_framework import serializers

from apps.core.time_zones import known_zones

# ISO 4217 codes of the countries of Clio's four regions and their neighbors; others are refused until asked for.
CURRENCIES = ("USD", "CAD", "GBP", "EUR", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "ZAR", "SGD", "HKD")


class NewFirmSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    time_zone = serializers.CharField(max_length=64, default="America/New_York", help_text="IANA name")
    currency = serializers.ChoiceField(choices=CURRENCIES, default="USD", help_text="ISO 4217 code")

    def validate_time_zone(self, name: str) -> str:
        """Take only a zone this machine knows."""
        if name not in known_zones():
            raise serializers.ValidationError("Not a time zone of the IANA list, such as America/New_York.")
        return name


class FirmSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    fiscal_year_start_month = serializers.IntegerField()
    week_starts_on = serializers.IntegerField(help_text="ISO weekday: 1 Monday, 7 Sunday")
    created_at = serializers.DateTimeField()


class MyFirmSerializer(serializers.Serializer[Any]):
    firm = FirmSerializer()
    role = serializers.CharField()
    scope = serializers.CharField()
    level = serializers.CharField(help_text="of a consultant, else empty")
