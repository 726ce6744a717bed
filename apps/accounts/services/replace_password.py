"""Put a new password in force: what changing and resetting have in common."""

from datetime import datetime

from django.db.models.functions import Coalesce

from apps.accounts.contracts import Origin
from apps.accounts.models import User
from apps.accounts.rules.devices import name_device
from apps.accounts.services.end_all_sessions import end_all_sessions
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.notifications.interface import notify


def replace_password(*, user: User, password_hash: str, action: str, origin: Origin, now: datetime) -> None:
    """Store the hash, end every session and tell the person. Call it inside the person's transaction.

    Whoever may set a password reads the mailbox or knows the old one, so the address counts as confirmed from then on.
    """
    User.objects.filter(pk=user.pk).update(
        password=password_hash, password_changed_at=now, email_verified_at=Coalesce("email_verified_at", now)
    )
    end_all_sessions(user_id=user.pk, because="password changed", now=now)
    context = {
        "name": user.name,
        "changed_at": now.isoformat(),
        "device": name_device(origin.user_agent),
        "place": origin.place_name,
        "address": address_of("/forgot"),
    }
    notify(recipient=user.pk, kind="accounts.password_changed", context=context)
    audit.record(action, user_id=user.pk, ip=origin.ip)
