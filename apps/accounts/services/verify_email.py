"""Confirm an address by the mailed link."""

import json
from datetime import datetime

from apps.accounts.contracts import Origin, OutsideIdentity
from apps.accounts.errors import IdentityTaken
from apps.accounts.models import MailedToken, User
from apps.accounts.services.agree_personally import note_written
from apps.accounts.services.link_identity import link_identity
from apps.accounts.services.mailed_links import Link, find_link, link_refused, use_link
from apps.core import audit
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def find_confirmation(*, token: str, now: datetime) -> Link:
    """Return what a link would confirm, and confirm nothing. Raises LinkRefused, also for an account that is open."""
    link = find_link(token=token, purpose=MailedToken.Purpose.VERIFY_EMAIL, now=now)
    if not User.objects.filter(pk=link.user_id, email_verified_at__isnull=True).exists():
        raise link_refused()
    return link


def identity_of(link: Link) -> OutsideIdentity | None:
    """Return the outside log-in a registration was made with, if it was."""
    text = link.details.get("identity")
    return OutsideIdentity(**json.loads(text)) if text else None


def verify_email(*, token: str, origin: Origin, now: datetime) -> int:
    """Open the account with what the registration this link came from gave; return the user's id.

    That is a name, and a password or an outside log-in; one that opens another account by now is left out. Opens an
    account once: whoever registered somebody else's address earlier sets nothing by it later. Greets the person. Raises
    LinkRefused.
    """
    link = find_confirmation(token=token, now=now)
    with acting_as(link.user_id):
        use_link(link, now=now)
        opened = User.objects.filter(pk=link.user_id, email_verified_at__isnull=True).update(
            name=link.details["name"],
            password=link.details["password"],
            email_verified_at=now,
            password_changed_at=now,
        )
        if not opened:
            raise link_refused()
        _link(link, origin, now)
        if "agreed" in link.details:  # links mailed before there were terms have none
            note_written(user_id=link.user_id, text=link.details["agreed"])
        notify(recipient=link.user_id, kind="accounts.welcome", context={"name": link.details["name"]})
        audit.record("accounts.email_verified", user_id=link.user_id)
    return link.user_id


def _link(link: Link, origin: Origin, now: datetime) -> None:
    identity = identity_of(link)
    if identity is None:
        return
    try:
        link_identity(user_id=link.user_id, identity=identity, origin=origin, now=now)
    except IdentityTaken:  # the account opens all the same; a password is chosen by the link for a forgotten one
        audit.record("accounts.identity_not_linked", user_id=link.user_id, ip=origin.ip)
