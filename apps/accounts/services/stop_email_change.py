"""End a change of an email address before it happens."""

from datetime import datetime

from apps.accounts.errors import NoEmailChange
from apps.accounts.models import EmailChange, MailedToken
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.mailed_links import Link, link_refused, use_link, void_links
from apps.core import audit
from apps.core.tenancy import acting_as

OF_A_CHANGE = (
    MailedToken.Purpose.CONFIRM_NEW_EMAIL,
    MailedToken.Purpose.CONFIRM_OLD_EMAIL,
    MailedToken.Purpose.STOP_EMAIL_CHANGE,
)


def withdraw_email_change(*, user_id: int, now: datetime) -> None:
    """Take one's own wish back, signed in. Raises NoEmailChange."""
    with acting_as(user_id):
        lock_account(user_id)
        if not stop_open_change(user_id=user_id, because="withdrawn", now=now):
            raise NoEmailChange


def stop_by_mailed_link(link: Link, *, now: datetime) -> None:
    """Stop the change a mailed link belongs to. Raises LinkRefused when it is over already."""
    with acting_as(link.user_id):
        lock_account(link.user_id)
        use_link(link, now=now)
        if not stop_open_change(user_id=link.user_id, because="stopped from the old address", now=now):
            raise link_refused()


def stop_open_change(*, user_id: int, because: str, now: datetime) -> bool:
    """Stop the open change, if there is one, and make its links useless; tell whether there was one.

    Call it inside the person's transaction, with the account locked.
    """
    open_changes = EmailChange.objects.filter(user_id=user_id, stopped_at__isnull=True, done_at__isnull=True)
    change_id = open_changes.values_list("pk", flat=True).first()
    if not open_changes.update(stopped_at=now, stopped_because=because):
        return False
    void_links(user_id=user_id, purposes=OF_A_CHANGE, now=now)
    audit.record("accounts.email_change_stopped", user_id=user_id, target=f"email_change:{change_id}", because=because)
    return True
