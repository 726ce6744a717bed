"""The shape of a conversion: by which rates figures came into one currency."""

from typing import Any

from rest_framework import serializers

from apps.reports.contracts.conversion import Conversion


class KeptRatesSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    first_on = serializers.DateField(help_text="the day from which its first rate holds; rows before it have none")
    last_on = serializers.DateField(help_text="the day from which its last rate holds")
    count = serializers.IntegerField(help_text="rates kept up to today")


class ConversionSerializer(serializers.Serializer[Any]):
    into = serializers.CharField(help_text="ISO 4217 code")
    words = serializers.SerializerMethodField(help_text="to be shown beside the figures")
    rates = KeptRatesSerializer(many=True, help_text="the firm's own, of the table exchange-rates, by pair")

    def get_words(self, conversion: Conversion) -> str:
        """Return the words that say so."""
        return (
            f"converted into {conversion.into} at the exchange rates the firm keeps, each row at that of the day that "
            "places it; Clio converts nothing, so no figure of Clio's stands beside these"
        )
