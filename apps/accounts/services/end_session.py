"""Sign out: here, or everywhere."""

from datetime import datetime

from apps.accounts.models import Session
from apps.core import audit
from apps.core.tenancy import acting_as


def end_session(*, user_id: int, session_id: int | None, now: datetime) -> int:
    """Revoke one session of a person, or all of them when none is named; return how many were open."""
    with acting_as(user_id):
        sessions = Session.objects.filter(user_id=user_id, revoked_at__isnull=True)
        if session_id is not None:
            sessions = sessions.filter(pk=session_id)
        ended = sessions.update(revoked_at=now, revoked_because="signed out")
        audit.record("accounts.signed_out", user_id=user_id, target=f"session:{session_id or 'all'}")
    return ended
