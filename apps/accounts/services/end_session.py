"""Sign out: here, from one device of the list, or everywhere."""

from datetime import datetime
from uuid import UUID

from apps.accounts.contracts import Origin
from apps.accounts.models import Session, TrustedDevice, User
from apps.accounts.rules.devices import name_device
from apps.accounts.services.end_all_sessions import end_all_sessions
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.core.errors import NotFound
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def end_session(*, user_id: int, session_id: int, now: datetime) -> None:
    """Revoke the session somebody is signing out of; doing it again changes nothing."""
    with acting_as(user_id):
        Session.objects.filter(pk=session_id, user_id=user_id, revoked_at__isnull=True).update(
            revoked_at=now, revoked_because="signed out"
        )
        audit.record("accounts.signed_out", user_id=user_id, target=f"session:{session_id}")


def end_listed_session(*, user_id: int, public_id: UUID, now: datetime) -> None:
    """Revoke one session of the person's list, and trust no device that goes by the same name any more.

    A lost laptop signed out from afar must not come back in by the password it has stored. Raises NotFound for a
    session that has ended or is somebody else's.
    """
    with acting_as(user_id):
        mine = Session.objects.filter(public_id=public_id, user_id=user_id, revoked_at__isnull=True)
        device = mine.values_list("device", flat=True).first()
        if not mine.update(revoked_at=now, revoked_because="signed out from another device"):
            raise NotFound
        TrustedDevice.objects.filter(user_id=user_id, device=device or "").delete()
        audit.record("accounts.signed_out", user_id=user_id, target=f"session:{public_id}")


def end_sessions_everywhere(*, user_id: int, origin: Origin, now: datetime) -> int:
    """Revoke every session of a person, distrust every device and tell them; return how many sessions were open."""
    device = name_device(origin.user_agent)
    with acting_as(user_id):
        ended = end_all_sessions(user_id=user_id, because="signed out everywhere", now=now)
        context = {
            "name": User.objects.values_list("name", flat=True).get(pk=user_id),
            "signed_out_at": now.isoformat(),
            "reason": f"You asked for it on {device}.",
            "address": address_of("/sign-in"),
        }
        notify(recipient=user_id, kind="accounts.signed_out_everywhere", context=context)
        audit.record("accounts.signed_out", user_id=user_id, target="session:all")
    return ended
