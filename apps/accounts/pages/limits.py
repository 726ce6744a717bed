"""The limits of the entrances, for pages as for the API."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.services.limit_entries import limit_entries
from apps.core.client_address import client_ip


def limit_form(request: HttpRequest, form: Form) -> None:
    """Count one sent form against its network and the address in it, if it has one. Raises RateLimited."""
    given: dict[str, Any] = form.cleaned_data
    limit_entries(ip=client_ip(request), email=given.get("email"), now=timezone.now())
