"""How an API key is written: a beginning by which people know it, and a secret of which only a digest is kept."""

import hashlib
import re
import secrets
from dataclasses import dataclass

MARK = "sf_"
_FORM = re.compile(r"sf_(live|test)_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}")
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # none that look alike


@dataclass(frozen=True, slots=True)
class WrittenKey:
    """prefix: shown in lists. text: the whole key, 256 random bits behind the prefix."""

    prefix: str
    text: str


def write_key(*, is_live: bool) -> WrittenKey:
    """Make a new key; those of a test system say so."""
    prefix = f"{MARK}{'live' if is_live else 'test'}_{''.join(secrets.choice(_LETTERS) for _ in range(8))}"
    return WrittenKey(prefix, f"{prefix}_{secrets.token_urlsafe(32)}")


def looks_like_key(text: str) -> bool:
    """Tell whether a text has the form of a key; anything else is not worth a look-up."""
    return _FORM.fullmatch(text) is not None


def digest_of_secret(text: str) -> str:
    """Return what is kept of a key, or of another long random secret: it cannot be guessed, so a plain hash will do."""
    return hashlib.sha256(text.encode()).hexdigest()
