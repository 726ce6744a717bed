"""Agree to a change of an email address, from either mailbox; with both it happens."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.errors import AddressTakenMeanwhile
from apps.accounts.models import EmailChange, MailedToken, User
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.end_all_sessions import end_all_sessions
from apps.accounts.services.mailed_links import Link, address_of, find_link, link_refused, use_link, void_links
from apps.accounts.services.request_email_change import is_unconfirmed, recognizable
from apps.accounts.services.stop_email_change import OF_A_CHANGE, stop_open_change
from apps.core import audit
from apps.core.encryption import decrypt
from apps.core.tenancy import acting_as
from apps.notifications.interface import PersonAt, forget_contact, notify

_CONFIRMS = (MailedToken.Purpose.CONFIRM_NEW_EMAIL, MailedToken.Purpose.CONFIRM_OLD_EMAIL)


@dataclass(frozen=True, slots=True)
class EmailAgreement:
    """How a change stands. new_email: the whole address; it is shown to its own mailbox only, else masked."""

    new_email: str
    is_from_new: bool
    is_done: bool


def find_email_confirmation(*, token: str, now: datetime) -> EmailAgreement:
    """Return what a link would agree to, and agree to nothing. Raises LinkRefused."""
    link = find_link(token=token, purpose=_CONFIRMS, now=now)
    with acting_as(link.user_id, read_only=True):
        change = _open_change(link, now)
        return _agreement(link, change)


def confirm_email_change(*, token: str, now: datetime) -> EmailAgreement:
    """Note that one mailbox agrees; when both have, change the address at once, whichever came first.

    Then every session ends but the one in which it was asked for, the contact card follows, and both addresses are
    told. Raises LinkRefused; AddressTakenMeanwhile, after which the change is over.
    """
    link = find_link(token=token, purpose=_CONFIRMS, now=now)
    with acting_as(link.user_id):
        user = lock_account(link.user_id)
        change = _open_change(link, now)
        use_link(link, now=now)
        side = "new_confirmed_at" if link.purpose == MailedToken.Purpose.CONFIRM_NEW_EMAIL else "old_confirmed_at"
        setattr(change, side, now)
        change.save(update_fields=[side])
        audit.record("accounts.email_change_agreed", user_id=user.pk, target=f"email_change:{change.pk}", side=side[:3])
        both = change.new_confirmed_at is not None and change.old_confirmed_at is not None
        is_taken = both and not _carry_out(user, change, now)
    if is_taken:
        raise AddressTakenMeanwhile("Ask for the change again with an address that is free.")
    return _agreement(link, change)


def _open_change(link: Link, now: datetime) -> EmailChange:
    change = EmailChange.objects.filter(pk=int(link.details["change_id"]), expires_at__gt=now).first()
    if change is None or change.stopped_at is not None or change.done_at is not None:
        raise link_refused()
    return change


def _agreement(link: Link, change: EmailChange) -> EmailAgreement:
    email = decrypt(change.sealed_email)
    is_from_new = link.purpose == MailedToken.Purpose.CONFIRM_NEW_EMAIL
    return EmailAgreement(email if is_from_new else recognizable(email), is_from_new, change.done_at is not None)


def _carry_out(user: User, change: EmailChange, now: datetime) -> bool:
    """Put the new address in force, or end the change when somebody has the address by now."""
    new_email, old_email = decrypt(change.sealed_email), user.email
    try:
        with transaction.atomic():
            _let_give_way(new_email)
            User.objects.filter(pk=user.pk).update(email=new_email, email_verified_at=now)
    except IntegrityError:
        stop_open_change(user_id=user.pk, because="address taken", now=now)
        return False
    change.done_at = now
    change.save(update_fields=["done_at"])
    void_links(user_id=user.pk, purposes=OF_A_CHANGE, now=now)
    end_all_sessions(user_id=user.pk, because="email address changed", now=now, but_not=change.session_id)
    update_contact_card(user_id=user.pk)
    _tell(user, old_email, new_email, now)
    audit.record("accounts.email_changed", user_id=user.pk, target=f"email_change:{change.pk}")
    return True


def _let_give_way(email: str) -> None:
    """A registration of the address that was never confirmed proves nothing; whoever reads the mailbox goes first."""
    other = User.objects.with_email(email).select_for_update().first()
    if other is None or not is_unconfirmed(other):
        return
    User.objects.filter(pk=other.pk).update(email=f"unconfirmed-{other.pk}@deleted.invalid", name="", is_active=False)
    with acting_as(other.pk):
        MailedToken.objects.filter(user_id=other.pk).delete()
        forget_contact(user_id=other.pk)


def _tell(user: User, old_email: str, new_email: str, now: datetime) -> None:
    context: dict[str, str | int | bool] = {
        "name": user.name,
        "new_email": recognizable(new_email),
        "changed_at": now.isoformat(),
        "address": address_of("/account/sessions"),
    }
    for recipient in (user.pk, PersonAt(user.pk, email=old_email)):
        notify(recipient=recipient, kind="accounts.email_changed", context=context)
