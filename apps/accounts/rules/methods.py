"""How people prove who they are, and what each proof is worth."""

from collections.abc import Iterable
from datetime import timedelta

PASSWORD, CLIO = "password", "clio"
APP, SMS, RECOVERY = "app", "sms", "recovery"
DEVICE = "device"  # a device trusted since an earlier proof stands in for the second factor at sign-in
FACTORS = (APP, SMS, RECOVERY)
DEVICE_IS_TRUSTED_FOR = timedelta(days=30)


def is_two_factor(methods: Iterable[str]) -> bool:
    """Tell whether a session was opened with a second factor, or on a device trusted because of one."""
    return not {*FACTORS, DEVICE}.isdisjoint(methods)
