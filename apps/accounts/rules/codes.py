"""Codes people type: made from good randomness, forgiving about how they are typed."""

import re
import secrets

SMS_DIGITS = 6
RECOVERY_CODES = 10
# Without letters and digits that look alike; 12 of 31 signs are 59 bits, beyond guessing even for who has the table.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH = 12


def make_sms_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**SMS_DIGITS):0{SMS_DIGITS}d}"


def make_recovery_codes() -> list[str]:
    """Return ten different codes as people see them, `abcd-efgh-jkmn`."""
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        plain = "".join(secrets.choice(_SIGNS) for _ in range(_RECOVERY_LENGTH))
        codes.add("-".join(plain[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4)))
    return sorted(codes)


def plain_code(typed: str) -> str:
    """Return a typed code as it was made: no spaces, no hyphens, small letters."""
    return re.sub(r"[\s-]", "", typed).lower()
