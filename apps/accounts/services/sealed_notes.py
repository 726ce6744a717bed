"""Short-lived notes that a browser's session carries for us: encrypted, of one kind, good for ten minutes."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken

from apps.core.encryption import decrypt, encrypt

LASTS = timedelta(minutes=10)


def seal_note(kind: str, values: Mapping[str, Any], *, now: datetime) -> str:
    """Return the note. values: what JSON can hold."""
    return encrypt(json.dumps({"kind": kind, "until": (now + LASTS).isoformat(), **values}))


def open_note(kind: str, sealed: str, *, now: datetime) -> dict[str, Any] | None:
    """Return what a note says, or None when there is none, it is of another kind, or its time is over."""
    if not sealed:
        return None
    try:
        values: dict[str, Any] = json.loads(decrypt(sealed))
    except (InvalidToken, UnicodeError, ValueError):
        return None
    if values.pop("kind", None) != kind or datetime.fromisoformat(values.pop("until")) <= now:
        return None
    return values
