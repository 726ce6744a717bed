"""Set a new password by the mailed link."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from apps.accounts.contracts import Origin
from apps.accounts.models import MailedToken, User
from apps.accounts.services.check_password_policy import check_password_policy
from apps.accounts.services.mailed_links import Link, find_link, use_link
from apps.accounts.services.replace_password import replace_password
from apps.accounts.services.take_try import forget_tries
from apps.accounts.services.verify_credentials import password_subject
from apps.core.tenancy import acting_as


def find_reset(*, token: str, now: datetime) -> Link:
    """Return whose password a link would set, and set nothing. Raises LinkRefused."""
    return find_link(token=token, purpose=MailedToken.Purpose.RESET_PASSWORD, now=now)


def reset_password(*, token: str, password: str, origin: Origin, now: datetime) -> int:
    """Replace the password, end every session, lift a lock-out; return the user's id. The second factor stays.

    Raises LinkRefused; PasswordRefused, which leaves the link usable.
    """
    link = find_reset(token=token, now=now)
    user = User.objects.get(pk=link.user_id)
    check_password_policy(email=user.email, name=user.name, password=password)
    password_hash = make_password(password)
    with acting_as(user.pk):
        use_link(link, now=now)
        replace_password(
            user=user, password_hash=password_hash, action="accounts.password_reset", origin=origin, now=now
        )
    forget_tries(subject=password_subject(user.email))
    return user.pk
