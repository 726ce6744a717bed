"""Change the password, knowing the old one."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from apps.accounts.contracts import Origin
from apps.accounts.services.check_password_policy import check_password_policy
from apps.accounts.services.replace_password import replace_password
from apps.accounts.services.verify_credentials import verify_own_password
from apps.core.tenancy import acting_as


def change_password(*, user_id: int, current: str, new: str, origin: Origin, now: datetime) -> None:
    """Replace the password and end every session, this one too: whoever else held one is out.

    Raises PasswordWrong, counted as a try; SignInLocked; PasswordRefused.
    """
    user = verify_own_password(user_id=user_id, password=current, now=now, pointer="/current_password")
    check_password_policy(email=user.email, name=user.name, password=new, pointer="/new_password")
    password_hash = make_password(new)
    with acting_as(user_id):
        replace_password(
            user=user, password_hash=password_hash, action="accounts.password_changed", origin=origin, now=now
        )
