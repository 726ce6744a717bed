"""What a form agreed to, with where and when it came from."""

from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.contracts import Agreed
from apps.core.client_address import client_ip


def take_agreed(request: HttpRequest, form: Form) -> Agreed:
    """Take the agreement out of a valid form's values, so that the rest can go on by name."""
    return Agreed(form.cleaned_data.pop("agreed"), client_ip(request), timezone.now())
