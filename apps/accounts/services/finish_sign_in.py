"""The second half of a sign-in: the second factor."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from apps.accounts.contracts import Origin, SignedIn
from apps.accounts.errors import TokenRefused
from apps.accounts.models import SentCode, User
from apps.accounts.queries.factors import may_trust_devices
from apps.accounts.services import tokens
from apps.accounts.services.log_in import open_session
from apps.accounts.services.prove_factor import prove_factor
from apps.accounts.services.send_code import send_code
from apps.accounts.services.trust_device import trust_device


def finish_sign_in(*, pending: str, method: str, code: str, trust: bool, origin: Origin, now: datetime) -> SignedIn:
    """Open the session if the code is right. trust: remember this device, where every firm of the person allows it.

    Raises TokenRefused when the first half is too old or the password changed since; CodeRefused; SignInLocked.
    """
    user_id, first = whose_pending(pending)
    prove_factor(user_id=user_id, method=method, code=code, purpose=SentCode.Purpose.SIGN_IN, origin=origin, now=now)
    signed_in = open_session(user_id=user_id, methods=(*first, method), origin=origin, now=now)
    if trust and may_trust_devices(user_id=user_id):
        return replace(signed_in, device_token=trust_device(user_id=user_id, origin=origin, now=now))
    return signed_in


def send_sign_in_code(*, pending: str, origin: Origin, now: datetime) -> None:
    """Text a code to somebody whose password was right. Raises TokenRefused, FactorMissing, TextsExhausted."""
    user_id, _ = whose_pending(pending)
    send_code(user_id=user_id, purpose=SentCode.Purpose.SIGN_IN, origin=origin, now=now)


def whose_pending(pending: str) -> tuple[int, tuple[str, ...]]:
    """Return who is half-way in and how the first step was taken. Raises TokenRefused."""
    claims: dict[str, Any] = tokens.read_pending(pending)
    user_id = int(claims["user_id"])
    user = User.objects.filter(pk=user_id, is_active=True).only("password_changed_at").first()
    if user is None:
        raise TokenRefused
    changed_at = user.password_changed_at
    # The token counts whole seconds; a change within the same second came first.
    if changed_at is not None and datetime.fromtimestamp(int(claims["iat"]) + 1, UTC) <= changed_at:
        raise TokenRefused
    return user_id, tuple(str(each) for each in claims.get("amr", ()))
