"""A signed-in person wants another email address: both mailboxes are asked, in the same words for every address."""

from datetime import datetime, timedelta

from apps.accounts.contracts import Origin
from apps.accounts.errors import SameEmail
from apps.accounts.jobs import ANNOUNCE_EMAIL_CHANGE
from apps.accounts.models import EmailChange, MailedToken, Session, User
from apps.accounts.rules.devices import UNKNOWN
from apps.accounts.rules.lockout import EMAIL_CHANGES, MAILS_TO_ADDRESS
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.confirm_identity import confirm_identity
from apps.accounts.services.mailed_links import address_of, make_link
from apps.accounts.services.stop_email_change import stop_open_change
from apps.accounts.services.take_try import is_allowed, take_try
from apps.core import audit, jobs
from apps.core.encryption import decrypt, encrypt
from apps.core.errors import FieldFault, InvalidInput
from apps.core.jobs import finish_current_job
from apps.core.tenancy import acting_as
from apps.notifications.interface import PersonAt, notify

LINK_LASTS = timedelta(hours=24)
_KEPT = timedelta(days=30)


def request_email_change(
    *,
    user_id: int,
    session_id: int | None,
    factor_at: datetime | None,
    email: str,
    password: str,
    origin: Origin,
    now: datetime,
) -> None:
    """Note the wish and leave the rest to a job; an earlier wish that is open ends.

    Whether somebody has the new address is found out by the job, so neither the answer, nor its speed, nor what is
    shown of the open change tells. Raises SameEmail, InvalidInput; StepUpNeeded or PasswordWrong (confirm_identity);
    SignInLocked after too many wishes.
    """
    user = confirm_identity(user_id=user_id, factor_at=factor_at, password=password, now=now)
    _check(email, user)
    take_try(subject=f"email-change:{user_id}", policy=EMAIL_CHANGES, now=now)
    with acting_as(user_id):
        lock_account(user_id)
        stop_open_change(user_id=user_id, because="replaced", now=now)
        EmailChange.objects.filter(user_id=user_id, requested_at__lt=now - _KEPT).delete()
        change = EmailChange.objects.create(
            user_id=user_id,
            sealed_email=encrypt(email),
            session_id=session_id,
            requested_at=now,
            expires_at=now + LINK_LASTS,
        )
        jobs.enqueue(ANNOUNCE_EMAIL_CHANGE, queue="critical", user_id=user_id, change_id=change.pk)
        audit.record(
            "accounts.email_change_requested", user_id=user_id, target=f"email_change:{change.pk}", ip=origin.ip
        )


def announce_email_change(*, user_id: int, change_id: int, now: datetime) -> None:
    """Mail both links; where somebody has the new address, tell them instead. Twice is once."""
    with acting_as(user_id, read_only=True):
        change = EmailChange.objects.select_related("user").filter(pk=change_id, expires_at__gt=now).first()
    if change is None or change.stopped_at is not None or change.done_at is not None:
        return
    email = decrypt(change.sealed_email)
    may_write = is_allowed(subject=f"mail:{email.lower()}", policy=MAILS_TO_ADDRESS, now=now)
    with acting_as(user_id):
        _ask_old(change, email, now)
        if may_write:
            _ask_new_or_tell_holder(change, email, now)
        finish_current_job()


def _check(email: str, user: User) -> None:
    if not email.isascii():  # letters that only look alike must not make a second person
        fault = FieldFault("/email", "Write the address in plain letters, without accents.")
        raise InvalidInput("The address is not usable.", faults=(fault,))
    if email.lower() == user.email.lower():
        raise SameEmail(faults=(FieldFault("/email", "This is your email address already.", "unchanged"),))


def _link(change: EmailChange, purpose: str, path: str, now: datetime) -> str:
    token = make_link(
        user_id=change.user_id,
        purpose=purpose,
        lifetime=change.expires_at - now,
        now=now,
        details={"change_id": str(change.pk)},
    )
    return address_of(f"{path}/{token}")


def _ask_old(change: EmailChange, email: str, now: datetime) -> None:
    device = Session.objects.filter(pk=change.session_id or 0).values_list("device", flat=True).first()
    context: dict[str, str | int | bool] = {
        "name": change.user.name,
        "new_email": recognizable(email),
        "requested_at": change.requested_at.isoformat(),
        "device": device or UNKNOWN,
        "hours": int(LINK_LASTS.total_seconds() // 3600),
        "address": _link(change, MailedToken.Purpose.CONFIRM_OLD_EMAIL, "/email", now),
        "stop_address": _link(change, MailedToken.Purpose.STOP_EMAIL_CHANGE, "/account/stop", now),
    }
    notify(recipient=change.user_id, kind="accounts.email_change_requested", context=context)


def _ask_new_or_tell_holder(change: EmailChange, email: str, now: datetime) -> None:
    holder = User.objects.with_email(email).first()
    if holder is None or is_unconfirmed(holder):
        context: dict[str, str | int | bool] = {
            "new_email": email,
            "address": _link(change, MailedToken.Purpose.CONFIRM_NEW_EMAIL, "/email", now),
            "hours": int(LINK_LASTS.total_seconds() // 3600),
        }
        recipient = PersonAt(change.user_id, email=email)
        notify(recipient=recipient, kind="accounts.email_change_confirm", context=context)
    elif holder.is_active:
        words = {"name": holder.name, "address": address_of("/account/email")}
        notify(recipient=holder.pk, kind="accounts.address_wanted_elsewhere", context=words)


def is_unconfirmed(user: User) -> bool:
    """Tell whether an account is a registration whose link nobody followed: the address was never proved."""
    return user.email_verified_at is None and not user.has_usable_password()


def recognizable(email: str) -> str:
    """Return an address as its owner recognizes it, `o•••••@ashandbirch.com`, for mails to another mailbox."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}•••••@{domain}"
