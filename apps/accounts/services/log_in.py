"""Sign in with an address and a password; where a second factor is set up, half-way."""

from datetime import datetime

from django.db import transaction

from apps.accounts.contracts import Origin, PendingSignIn, SignedIn
from apps.accounts.queries.factors import get_factor_state, may_trust_devices
from apps.accounts.rules.methods import DEVICE, PASSWORD
from apps.accounts.services import tokens
from apps.accounts.services.start_session import start_session
from apps.accounts.services.trust_device import is_device_trusted
from apps.accounts.services.verify_credentials import verify_credentials
from apps.core import audit


def log_in(
    *, email: str, password: str, origin: Origin, now: datetime, device_token: str = ""
) -> SignedIn | PendingSignIn:
    """Check the password; open a session, or say that a second factor is asked for.

    device_token: what a device was given when it was to be trusted. Raises CredentialsRefused, SignInLocked.
    """
    user = verify_credentials(email=email, password=password, origin=origin, now=now)
    return begin_session(user_id=user.pk, first=PASSWORD, origin=origin, now=now, device_token=device_token)


def begin_session(
    *, user_id: int, first: str, origin: Origin, now: datetime, device_token: str = ""
) -> SignedIn | PendingSignIn:
    """Go on from a first step that succeeded. first: how it was taken, `password` or `clio`."""
    state = get_factor_state(user_id=user_id)
    if not state.has_any:
        return open_session(user_id=user_id, methods=(first,), origin=origin, now=now)
    may_trust = may_trust_devices(user_id=user_id)
    if may_trust and device_token and is_device_trusted(user_id=user_id, token=device_token, now=now):
        return open_session(user_id=user_id, methods=(first, DEVICE), origin=origin, now=now)
    token = tokens.make_pending(user_id=user_id, methods=(first,), now=now)
    return PendingSignIn(token, state.methods, may_trust)


def open_session(*, user_id: int, methods: tuple[str, ...], origin: Origin, now: datetime) -> SignedIn:
    """Open the session and write the sign-in into the person's trail, both or neither."""
    with transaction.atomic():
        pair = start_session(user_id=user_id, origin=origin, now=now, methods=methods)
        audit.record(
            "accounts.signed_in",
            user_id=user_id,
            target=f"session:{pair.session_id}",
            ip=origin.ip,
            methods=list(methods),
        )
    return SignedIn(pair, user_id)
