"""Before a person's own locks are changed: is it really them?"""

from datetime import datetime

from apps.accounts.models import User
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.services.verify_credentials import verify_own_password
from apps.core.access import is_fresh
from apps.core.errors import StepUpNeeded


def confirm_identity(*, user_id: int, factor_at: datetime | None, password: str, now: datetime) -> User:
    """Return the person if they proved their second factor in the last ten minutes, or, having none, know the password.

    A stolen access token alone changes no lock. Raises StepUpNeeded, PasswordWrong, SignInLocked.
    """
    if get_factor_state(user_id=user_id).has_any:
        if not is_fresh(factor_at, now):
            raise StepUpNeeded("Prove your second step again, then repeat the request.")
        return User.objects.get(pk=user_id)
    return verify_own_password(user_id=user_id, password=password, now=now)
