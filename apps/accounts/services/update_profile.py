"""Change one's own name, time zone, and language of dates and numbers."""

from collections.abc import Mapping

from apps.accounts.models import User
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.contact_card import update_contact_card
from apps.core import audit
from apps.core.tenancy import acting_as

FIELDS = ("name", "zone", "locale")


def update_profile(*, user_id: int, changes: Mapping[str, str], ip: str | None) -> User:
    """Set the named fields, checked by the caller, and let the contact card follow; return the person as they are now.

    changes: by the names of FIELDS. The trail names the fields that changed, not the values; without any, nothing.
    """
    with acting_as(user_id):
        user = lock_account(user_id)
        changed = sorted(name for name in FIELDS if name in changes and getattr(user, name) != changes[name])
        if changed:
            for name in changed:
                setattr(user, name, changes[name])
            user.save(update_fields=changed)
            update_contact_card(user_id=user_id)
            audit.record("accounts.profile_changed", user_id=user_id, ip=ip, fields=changed)
    return user
