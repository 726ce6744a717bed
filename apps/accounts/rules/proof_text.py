"""The proof of an erasure as a text, and the digest by which anybody sees that it was not changed since."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID


def proof_text(*, firm_public_id: UUID, requested_at: datetime, erased_at: datetime, removed: Mapping[str, int]) -> str:
    """Return what is digested: one line of JSON, keys in order, instants in UTC."""
    facts = {
        "erased_at": erased_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "firm": str(firm_public_id),
        "removed": dict(removed),
        "requested_at": requested_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))


def digest_of_proof(text: str) -> str:
    """Return the SHA-256 of a proof's text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
