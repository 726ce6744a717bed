"""The versions of the documents somebody agrees to, as they come in."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from apps.accounts.contracts import Agreed
from apps.core.client_address import client_ip


class AgreedVersionsSerializer(serializers.Serializer[Any]):
    """Versions as `/terms` names them; another than the one in force is refused."""

    terms_of_service = serializers.CharField(max_length=20)
    data_processing_agreement = serializers.CharField(max_length=20)


def take_agreed(request: Request, values: dict[str, Any]) -> Agreed:
    """Take the agreement out of valid input, with where and when it came from."""
    return Agreed(dict(values.pop("agreed")), client_ip(request._request), timezone.now())
