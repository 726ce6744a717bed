"""Come back before the account is deleted."""

from datetime import date, datetime

from apps.accounts.models import AccountDeletion, MailedToken, User
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.mailed_links import Link, find_link, link_refused, use_link
from apps.core import audit
from apps.core.tenancy import acting_as


def find_keeping(*, token: str, now: datetime) -> date:
    """Return on which day the account would be deleted without this link, and keep nothing yet. Raises LinkRefused."""
    link = _find(token, now)
    with acting_as(link.user_id, read_only=True):
        return _open_deletion(link).delete_at.date()


def keep_account(*, token: str, now: datetime) -> int:
    """Open the account again with its password and second factor as they were; return the user's id.

    Raises LinkRefused, also when the day has come.
    """
    link = _find(token, now)
    with acting_as(link.user_id):
        lock_account(link.user_id)
        deletion = _open_deletion(link)
        use_link(link, now=now)
        deletion.stopped_at = now
        deletion.save(update_fields=["stopped_at"])
        User.objects.filter(pk=link.user_id).update(is_active=True)
        audit.record("accounts.account_kept", user_id=link.user_id, target=f"account_deletion:{deletion.pk}")
    return link.user_id


def _find(token: str, now: datetime) -> Link:
    return find_link(token=token, purpose=MailedToken.Purpose.KEEP_ACCOUNT, now=now, of_closed_account=True)


def _open_deletion(link: Link) -> AccountDeletion:
    deletion = AccountDeletion.objects.filter(
        pk=int(link.details["deletion_id"]), stopped_at__isnull=True, anonymized_at__isnull=True
    ).first()
    if deletion is None:
        raise link_refused()
    return deletion
