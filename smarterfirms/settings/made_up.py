"""Secrets for development and test, made up once per checkout, so that no credential is ever in the code."""

import fcntl
import json
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

_NAMES = (
    "django_secret_key",
    "jwt_secret",
    "jwt_refresh_secret",
    "address_digest_key",
    "clio_client_id",
    "clio_client_secret",
)


def made_up_secrets(var: Path) -> dict[str, str]:
    """Return this checkout's own secrets by setting name, making the missing ones; only its owner may read the file."""
    var.mkdir(parents=True, exist_ok=True)
    path = var / "secrets.json"
    path.touch(mode=0o600, exist_ok=True)
    with path.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known: dict[str, str] = json.loads(file.read() or "{}")
        fresh = {name: secrets.token_urlsafe(48) for name in _NAMES} | {
            "encryption_keys": Fernet.generate_key().decode()
        }
        if fresh.keys() - known.keys():
            known = fresh | known
            file.seek(0)
            json.dump(known, file, indent=1)
            file.truncate()
        return known
