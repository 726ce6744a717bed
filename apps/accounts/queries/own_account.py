"""What a person sees of their own account besides what they set."""

from datetime import datetime

from apps.accounts.contracts import PendingEmail
from apps.accounts.models import EmailChange
from apps.core.encryption import decrypt
from apps.core.tenancy import acting_as


def find_pending_email(*, user_id: int, now: datetime) -> PendingEmail | None:
    """Return the change of address that waits, or None. It looks the same whether or not somebody has the address."""
    with acting_as(user_id, read_only=True):
        change = EmailChange.objects.filter(
            user_id=user_id, stopped_at__isnull=True, done_at__isnull=True, expires_at__gt=now
        ).first()
    if change is None:
        return None
    return PendingEmail(
        new_email=decrypt(change.sealed_email),
        requested_at=change.requested_at,
        expires_at=change.expires_at,
        is_old_confirmed=change.old_confirmed_at is not None,
        is_new_confirmed=change.new_confirmed_at is not None,
    )
