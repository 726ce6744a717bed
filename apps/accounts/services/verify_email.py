"""Confirm an address by the mailed link."""

from datetime import datetime

from apps.accounts.models import MailedToken, User
from apps.accounts.services.mailed_links import Link, find_link, use_link
from apps.core import audit
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def find_confirmation(*, token: str, now: datetime) -> Link:
    """Return what a link would confirm, and confirm nothing. Raises LinkRefused."""
    return find_link(token=token, purpose=MailedToken.Purpose.VERIFY_EMAIL, now=now)


def verify_email(*, token: str, now: datetime) -> int:
    """Open the account with the name and password of the registration this link came from; return the user's id.

    Raises LinkRefused. Greets the person.
    """
    link = find_confirmation(token=token, now=now)
    with acting_as(link.user_id):
        use_link(link, now=now)
        User.objects.filter(pk=link.user_id).update(
            name=link.details["name"],
            password=link.details["password"],
            email_verified_at=now,
            password_changed_at=now,
        )
        notify(recipient=link.user_id, kind="accounts.welcome", context={"name": link.details["name"]})
        audit.record("accounts.email_verified", user_id=link.user_id)
    return link.user_id
