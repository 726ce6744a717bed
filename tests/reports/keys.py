"""API keys that ask for figures, as a firm makes them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import Membership
from apps.accounts.services.create_api_key import create_api_key
from apps.core.tenancy import tenant


def client_with_key(user: Any, firm_id: int, scopes: list[str], permissions: list[str]) -> APIClient:
    """Return a client that calls with a new key of a member, who must be allowed to make one."""
    now = timezone.now()
    with tenant(firm_id):
        membership_id = Membership.objects.get(user=user).pk
    made = create_api_key(
        firm_id=firm_id,
        membership_id=membership_id,
        actor_id=user.pk,
        name="Spreadsheet",
        scopes=scopes,
        permissions=permissions,
        expires_at=now + timedelta(days=90),
        now=now,
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {made.secret}")
    return client
