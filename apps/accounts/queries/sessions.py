"""Is a session open, and whose is it?"""

from datetime import datetime

from apps.accounts.models import Session
from apps.core.tenancy import acting_as


def is_session_open(*, user_id: int, session_id: int, now: datetime) -> bool:
    """Tell whether the session belongs to the person, runs, and the person's account is active."""
    with acting_as(user_id, read_only=True):
        return Session.objects.filter(
            pk=session_id, user_id=user_id, user__is_active=True, revoked_at__isnull=True, expires_at__gt=now
        ).exists()
