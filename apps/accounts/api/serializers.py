"""Shapes of what comes in and goes out."""

import zoneinfo
from typing import Any

from rest_framework import serializers

# ISO 4217 codes of the countries of Clio's four regions and their neighbors; others are refused until asked for.
CURRENCIES = ("USD", "CAD", "GBP", "EUR", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "ZAR", "SGD", "HKD")


class AddressField(serializers.EmailField):
    """An email address in plain ASCII: letters that only look alike must not make a second person."""

    def to_internal_value(self, data: Any) -> str:
        """Return the address, or refuse it."""
        address: str = super().to_internal_value(data)
        if not address.isascii():
            raise serializers.ValidationError("Write the address in plain letters, without accents.", code="invalid")
        return address


class RegistrationSerializer(serializers.Serializer[Any]):
    email = AddressField(max_length=254)
    name = serializers.CharField(max_length=200)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, style={"input_type": "password"})


class CredentialsSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, style={"input_type": "password"})


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=4000)


class TokenPairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="15 minutes; send it as `Authorization: Bearer`")
    refresh = serializers.CharField(help_text="exchange it at /auth/refresh; each works once")


class LogoutSerializer(serializers.Serializer[Any]):
    everywhere = serializers.BooleanField(default=False)


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    email = serializers.EmailField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()


class NewFirmSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    time_zone = serializers.CharField(max_length=64, default="America/New_York", help_text="IANA name")
    currency = serializers.ChoiceField(choices=CURRENCIES, default="USD", help_text="ISO 4217 code")

    def validate_time_zone(self, name: str) -> str:
        """Take only a zone this machine knows."""
        if name not in zoneinfo.available_timezones():
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
