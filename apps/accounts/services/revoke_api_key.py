"""End an API key."""

from datetime import datetime

from apps.accounts.errors import ApiKeyNotFound
from apps.accounts.models import ApiKey
from apps.core import audit
from apps.core.tenancy import tenant


def revoke_api_key(
    *, firm_id: int, api_key_id: int, actor_id: int, only_of_membership_id: int | None, now: datetime
) -> None:
    """Revoke a key; its next request is refused. only_of_membership_id: whose keys the actor may revoke, None for all.

    Raises ApiKeyNotFound.
    """
    with tenant(firm_id):
        keys = ApiKey.objects.filter(pk=api_key_id, firm_id=firm_id, revoked_at__isnull=True)
        if only_of_membership_id is not None:
            keys = keys.filter(membership_id=only_of_membership_id)
        if keys.update(revoked_at=now) == 0:
            raise ApiKeyNotFound
        audit.record("accounts.api_key_revoked", firm_id=firm_id, user_id=actor_id, target=f"api_key:{api_key_id}")
