"""Sign in with an address and a password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.contracts import Origin, TokenPair
from apps.accounts.errors import CredentialsRefused
from apps.accounts.models import User
from apps.accounts.services.start_session import start_session
from apps.core import audit


def log_in(*, email: str, password: str, origin: Origin, now: datetime) -> TokenPair:
    """Check the password and open a session.

    Raises CredentialsRefused, the same and as slowly for an unknown address, a wrong password and a closed account.
    """
    user = User.objects.with_email(email).first()
    if user is None:
        make_password(password)  # as slow as a real check
    if user is None or not user.check_password(password) or not user.is_active:
        with transaction.atomic():
            audit.record("accounts.sign_in_refused", user_id=user.pk if user else None, ip=origin.ip)
        raise CredentialsRefused
    pair = start_session(user_id=user.pk, origin=origin, now=now)
    with transaction.atomic():
        audit.record("accounts.signed_in", user_id=user.pk, target=f"session:{pair.session_id}", ip=origin.ip)
    return pair
