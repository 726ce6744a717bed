"""End every way in that is open for a person."""

from datetime import datetime

from apps.accounts.models import MailedToken, Session, TrustedDevice
from apps.core.tenancy import acting_as


def end_all_sessions(*, user_id: int, because: str, now: datetime, but_not: int | None = None) -> int:
    """Revoke every session, distrust every device and void links that set a password; return how many sessions ended.

    but_not: the id of a session that stays. Joins the caller's transaction.
    """
    with acting_as(user_id):
        TrustedDevice.objects.filter(user_id=user_id).delete()
        MailedToken.objects.filter(
            user_id=user_id, purpose=MailedToken.Purpose.RESET_PASSWORD, used_at__isnull=True
        ).update(used_at=now)
        others = Session.objects.filter(user_id=user_id, revoked_at__isnull=True).exclude(pk=but_not or 0)
        return others.update(revoked_at=now, revoked_because=because)
