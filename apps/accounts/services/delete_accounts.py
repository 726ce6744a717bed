"""Delete accounts whose day has come: first the name, then, in small steps, what was kept about the person."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import AccountDeletion, Invitation, Membership
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.end_all_sessions import end_all_sessions
from apps.core import audit
from apps.core.registries import person_erasers
from apps.core.tenancy import acting_as, tenant
from apps.notifications.interface import PersonAt, forget_contact, notify

logger = logging.getLogger(__name__)
_ACCOUNTS_AT_ONCE, _ROWS_AT_ONCE = 50, 500
_LAST_MAIL_LEAVES_WITHIN = timedelta(days=1)


def delete_due_accounts(*, now: datetime | None = None) -> int:
    """Take one step with each deletion that is due; return how many moved. One that fails holds no other up."""
    moment = now or timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, deletion_id FROM resolve_due_account_deletions(%s, %s)", [moment, _ACCOUNTS_AT_ONCE]
        )
        due: list[tuple[int, int]] = cursor.fetchall()
    moved = 0
    for user_id, deletion_id in due:
        try:
            moved += take_deletion_step(user_id=user_id, deletion_id=deletion_id, now=moment)
        except Exception:
            logger.exception("accounts.deletion_failed", extra={"user_id": user_id})
    return moved


def take_deletion_step(*, user_id: int, deletion_id: int, now: datetime) -> bool:
    """Make the account nameless, or remove up to 500 rows of each subject; tell whether there was anything to do.

    A day lies between the two, so that the last mail leaves. What stays: the account's row without a name, for what it
    did in firms, and the trail's entries, which the database lets nobody change and which name people by number only.
    """
    with acting_as(user_id):
        lock_account(user_id)
        deletion = (
            AccountDeletion.objects.select_related("user").filter(pk=deletion_id, stopped_at__isnull=True).first()
        )
        if deletion is None or deletion.erased_at is not None or deletion.delete_at > now:
            return False
        if deletion.anonymized_at is None:
            _make_nameless(deletion, now)
        elif deletion.anonymized_at + _LAST_MAIL_LEAVES_WITHIN <= now:
            _erase_some(deletion, now)
        else:
            return False
    return True


def _make_nameless(deletion: AccountDeletion, now: datetime) -> None:
    user = deletion.user
    email, name = user.email, user.name
    _forget_invitations(user.pk, email)
    user.email, user.name, user.is_active = f"deleted-{user.pk}@deleted.invalid", "Deleted account", False
    user.is_staff = user.is_superuser = False
    user.zone, user.locale, user.last_login, user.email_verified_at = "UTC", "en-US", None, None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    end_all_sessions(user_id=user.pk, because="account deleted", now=now)
    forget_contact(user_id=user.pk)
    notify(recipient=PersonAt(user.pk, email=email), kind="accounts.account_deleted", context={"name": name})
    deletion.anonymized_at = now
    deletion.save(update_fields=["anonymized_at"])
    audit.record("accounts.account_deleted", user_id=user.pk, target=f"account_deletion:{deletion.pk}")


def _forget_invitations(user_id: int, email: str) -> None:
    """Take the address out of the invitations by which the person once came; the firm keeps who came and when."""
    for firm_id in Membership.objects.filter(user_id=user_id).order_by("firm_id").values_list("firm_id", flat=True):
        with tenant(firm_id):
            answered = Invitation.objects.filter(firm_id=firm_id).exclude(
                accepted_at__isnull=True, revoked_at__isnull=True
            )
            answered.filter(email__iexact=email).update(email=f"deleted-{user_id}@deleted.invalid")
            answered.filter(accepted_by_id=user_id).update(email=f"deleted-{user_id}@deleted.invalid")


def _erase_some(deletion: AccountDeletion, now: datetime) -> None:
    removed = {subject: erase(deletion.user_id, _ROWS_AT_ONCE) for subject, erase in reversed(list(person_erasers))}
    if any(removed.values()):
        return
    deletion.erased_at = now
    deletion.save(update_fields=["erased_at"])
    audit.record("accounts.account_erased", user_id=deletion.user_id, target=f"account_deletion:{deletion.pk}")
