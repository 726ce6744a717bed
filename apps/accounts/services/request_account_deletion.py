"""A person wants to be gone: the account is closed at once and deleted after a while, unless they come back."""

from datetime import datetime, timedelta

from apps.accounts.contracts import Origin
from apps.accounts.errors import LastOwner, SoleOwner
from apps.accounts.models import AccountDeletion, Firm, MailedToken, Membership, User
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.confirm_identity import confirm_identity
from apps.accounts.services.end_all_sessions import end_all_sessions
from apps.accounts.services.end_membership import leave_firm
from apps.accounts.services.mailed_links import address_of, make_link
from apps.accounts.services.stop_email_change import stop_open_change
from apps.accounts.services.stop_factor_reset import stop_open_reset
from apps.core import audit
from apps.core.tenancy import acting_as, tenant
from apps.notifications.interface import notify

# Time to notice the mail, on a holiday too.
KEPT = timedelta(days=14)


def request_account_deletion(
    *, user_id: int, factor_at: datetime | None, password: str, origin: Origin, now: datetime
) -> AccountDeletion:
    """Close the account, end the person's places in firms and every session, and mail a link that keeps the account.

    A place in a firm does not come back with the account: the firm was told that the person left, and invites again if
    it wants. All or nothing. Raises SoleOwner naming the firms; StepUpNeeded or PasswordWrong (confirm_identity).
    """
    confirm_identity(user_id=user_id, factor_at=factor_at, password=password, now=now)
    with acting_as(user_id):
        user = lock_account(user_id)
        _leave_every_firm(user_id, now)
        stop_open_change(user_id=user_id, because="account closed", now=now)
        stop_open_reset(user_id=user_id, because="account closed", now=now)
        end_all_sessions(user_id=user_id, because="account closed", now=now)
        User.objects.filter(pk=user_id).update(is_active=False)
        deletion = AccountDeletion.objects.create(user=user, requested_at=now, delete_at=now + KEPT)
        _tell(user, deletion, now)
        audit.record(
            "accounts.account_deletion_requested",
            user_id=user_id,
            target=f"account_deletion:{deletion.pk}",
            ip=origin.ip,
        )
    return deletion


def _leave_every_firm(user_id: int, now: datetime) -> None:
    """End each membership, the firms in order of their ids, so that two who leave at once wait and do not block."""
    mine = Membership.objects.filter(user_id=user_id).exclude(status=Membership.Status.ENDED)
    places = list(mine.order_by("firm_id").values_list("firm_id", "pk"))
    left_alone = []
    for firm_id, membership_id in places:
        try:
            leave_firm(firm_id=firm_id, membership_id=membership_id, now=now)
        except LastOwner:
            left_alone.append(_firm(firm_id))
    if left_alone:
        names = " and ".join(firm["name"] for firm in left_alone)
        raise SoleOwner(
            f"Make somebody else an owner of {names}, or have the firm erased, and try again.", firms=left_alone
        )


def _firm(firm_id: int) -> dict[str, str]:
    with tenant(firm_id):
        firm = Firm.objects.get(pk=firm_id)
    return {"id": str(firm.public_id), "name": firm.name}


def _tell(user: User, deletion: AccountDeletion, now: datetime) -> None:
    token = make_link(
        user_id=user.pk,
        purpose=MailedToken.Purpose.KEEP_ACCOUNT,
        lifetime=KEPT,
        now=now,
        details={"deletion_id": str(deletion.pk)},
    )
    context = {
        "name": user.name,
        "deleted_on": deletion.delete_at.date().isoformat(),
        "address": address_of(f"/account/keep/{token}"),
    }
    notify(recipient=user.pk, kind="accounts.account_deletion_scheduled", context=context)
