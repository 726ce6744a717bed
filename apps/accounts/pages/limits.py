"""The limits of the entrances, for pages as for the API."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.services.limit_entries import CountedEntry, limit_entries
from apps.core.client_address import client_ip


def limit_form(request: HttpRequest, form: Form) -> CountedEntry | None:
    """Count one sent form against its network and the address in it, if it has one. Raises RateLimited.

    Return what `give_back_entry` takes off again where the form held the right password.
    """
    given: dict[str, Any] = form.cleaned_data
    return limit_entries(ip=client_ip(request), email=given.get("email"), now=timezone.now())
