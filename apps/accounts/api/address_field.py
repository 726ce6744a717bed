"""The field for an email address that will name a person."""

from typing import Any

from rest_framework import serializers


class AddressField(serializers.EmailField):
    """An email address in plain ASCII: letters that only look alike must not make a second person."""

    def to_internal_value(self, data: Any) -> str:
        """Return the address, or refuse it."""
        address: str = super().to_internal_value(data)
        if not address.isascii():
            raise serializers.ValidationError("Write the address in plain letters, without accents.", code="invalid")
        return address
