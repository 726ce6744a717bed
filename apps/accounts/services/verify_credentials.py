"""Is this the password? Counted before it is judged, and as slow for an address nobody has."""

import json
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.contracts import Origin
from apps.accounts.errors import CredentialsRefused, NoPassword, PasswordWrong
from apps.accounts.jobs import TELL_LOCKED_OUT
from apps.accounts.models import User
from apps.accounts.rules.lockout import PASSWORD_TRIES
from apps.accounts.services.mailed_links import address_of
from apps.accounts.services.take_try import Try, forget_tries, take_try
from apps.core import audit, jobs
from apps.core.encryption import decrypt, encrypt
from apps.core.errors import FieldFault
from apps.core.jobs import finish_current_job
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def password_subject(email: str) -> str:
    """Return the name under which tries of an address's password are counted."""
    return f"password:{email.lower()}"


def verify_credentials(*, email: str, password: str, origin: Origin, now: datetime) -> User:
    """Return the person an address and password belong to.

    Raises SignInLocked while the address is locked, known or not; CredentialsRefused, the same and as slowly for an
    unknown address, a wrong password, an unconfirmed registration and a closed account.
    """
    counted = take_try(subject=password_subject(email), policy=PASSWORD_TRIES, now=now)
    user = User.objects.with_email(email).first()
    if user is None:
        make_password(password)  # as slow as a real check
    if user is None or not user.check_password(password) or not user.is_active:
        with transaction.atomic():
            audit.record("accounts.sign_in_refused", user_id=user.pk if user else None, ip=origin.ip)
            _promise_notice(email, counted, origin)
        raise CredentialsRefused("If you have just registered, open the link in our mail first.")
    forget_tries(subject=counted.subject)
    return user


def verify_own_password(*, user_id: int, password: str, now: datetime, pointer: str = "/password") -> User:
    """Return the signed-in person if this is their password.

    Raises PasswordWrong naming the field, SignInLocked; NoPassword for somebody who signs in by a provider alone.
    """
    user = User.objects.get(pk=user_id)
    if not user.has_usable_password():
        words = "You have none: choose one first, by the link that “Forgot your password?” mails you."
        raise NoPassword("You sign in without one so far.", faults=(FieldFault(pointer, words, "no_password"),))
    counted = take_try(subject=password_subject(user.email), policy=PASSWORD_TRIES, now=now)
    if not user.check_password(password):
        with transaction.atomic():
            _promise_notice(user.email, counted, Origin())
        raise PasswordWrong(faults=(FieldFault(pointer, "This is not your password.", "password_wrong"),))
    forget_tries(subject=counted.subject)
    return user


def _promise_notice(email: str, counted: Try, origin: Origin) -> None:
    """Promise the mail at the first lock; the job looks the address up, so that the answer takes no longer."""
    if not counted.is_first_lock or counted.locks_until is None:
        return
    details = {
        "email": email,
        "tries": counted.tries,
        "opens_at": counted.locks_until.isoformat(),
        "place": origin.place_name,
    }
    jobs.enqueue(TELL_LOCKED_OUT, sealed=encrypt(json.dumps(details)))


def tell_locked_out(*, sealed: str) -> None:
    """Tell whoever has the address that its door is shut, and how to get in all the same."""
    details = json.loads(decrypt(sealed))
    user = User.objects.with_email(details.pop("email")).filter(is_active=True).first()
    if user is None:
        return
    with acting_as(user.pk):
        context = {**details, "name": user.name, "address": address_of("/forgot")}
        notify(recipient=user.pk, kind="accounts.locked_out", context=context)
        audit.record("accounts.locked_out", user_id=user.pk)
        finish_current_job()
