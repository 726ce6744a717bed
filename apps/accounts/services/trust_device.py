"""Let a device skip the second factor at sign-in for thirty days."""

import secrets
from datetime import datetime

from apps.accounts.contracts import Origin
from apps.accounts.models import TrustedDevice
from apps.accounts.rules.devices import name_device
from apps.accounts.rules.methods import DEVICE_IS_TRUSTED_FOR
from apps.accounts.services.mailed_links import hash_of
from apps.core import audit
from apps.core.tenancy import acting_as


def trust_device(*, user_id: int, origin: Origin, now: datetime) -> str:
    """Return a token for the device to keep; call it only after a second factor, where every firm allows it."""
    token, device = secrets.token_urlsafe(32), name_device(origin.user_agent)
    with acting_as(user_id):
        TrustedDevice.objects.filter(user_id=user_id, expires_at__lte=now).delete()
        TrustedDevice.objects.create(
            user_id=user_id, token_hash=hash_of(token), device=device, expires_at=now + DEVICE_IS_TRUSTED_FOR
        )
        audit.record("accounts.device_trusted", user_id=user_id, ip=origin.ip, device=device)
    return token


def is_device_trusted(*, user_id: int, token: str, now: datetime) -> bool:
    """Tell whether this person trusted the device that shows the token, and still does."""
    with acting_as(user_id, read_only=True):
        return TrustedDevice.objects.filter(user_id=user_id, token_hash=hash_of(token), expires_at__gt=now).exists()
