"""Encrypt secrets at rest (vendor tokens) with keys that can be rotated; recognize addresses without storing them."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=1)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(secret: str) -> str:
    """Return the secret encrypted with the newest of ENCRYPTION_KEYS."""
    return _cipher(tuple(settings.ENCRYPTION_KEYS)).encrypt(secret.encode()).decode()


def decrypt(token: str) -> str:
    """Return what `encrypt` was given, whichever of ENCRYPTION_KEYS it was done with."""
    return _cipher(tuple(settings.ENCRYPTION_KEYS)).decrypt(token.encode()).decode()


def rotate(token: str) -> str:
    """Return the same secret encrypted with the newest key."""
    return _cipher(tuple(settings.ENCRYPTION_KEYS)).rotate(token.encode()).decode()


def keyed_digest(value: str) -> str:
    """Return a digest by which a value is recognized and from which, without our key, it cannot be guessed."""
    return hmac.new(settings.ADDRESS_DIGEST_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()
