"""A small Mailgun: takes messages by its HTTP API, remembers them, fails on demand and posts signed events.

Request and answer shapes: what Anymail 15.2's backend writes and its webhook view reads, November 2026.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from tests.fakes.vendor import Callback, Form, Vendor, VendorHandler, serving

SIGNING_KEY = "signing-key-of-nobody"
_DETAILS: dict[str, dict[str, Any]] = {
    "delivered": {"delivery-status": {"code": 250, "message": "OK"}},
    "opened": {"client-info": {"user-agent": "Mail/1"}},
    "clicked": {"url": "https://example.com/", "client-info": {"user-agent": "Mail/1"}},
    "complained": {},
    "unsubscribed": {},
    "bounced": {"event": "failed", "severity": "permanent", "reason": "bounce", "delivery-status": {"code": 550}},
    "refused": {"event": "failed", "severity": "permanent", "reason": "generic", "delivery-status": {"code": 554}},
    "delayed": {"event": "failed", "severity": "temporary", "reason": "generic", "delivery-status": {"code": 421}},
}


class Mailgun(Vendor):
    """The server; `messages` are the accepted forms, `invalid` the addresses it calls so."""

    def __init__(self) -> None:
        super().__init__(VendorHandler)
        self.messages: list[Form] = []
        self.invalid: set[str] = set()

    @property
    def url(self) -> str:
        """The API's address, for ANYMAIL's MAILGUN_API_URL."""
        return f"{self.origin}/v3"

    def take(self, path: str, form: Form, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Take a message, as the API does: the id it answers is the message's own Message-ID."""
        if form["to"][0] in self.invalid:
            return 400, {"message": "to parameter is not a valid address. please check documentation"}
        self.messages.append(form)
        return 200, {"id": form["h:Message-Id"][0], "message": "Queued. Thank you."}


def event(message: Form, name: str, /, **changes: Any) -> dict[str, Any]:
    """Return what Mailgun would tell about a message. name: its word, or `bounced`, `refused`, `delayed`."""
    told = {
        "event": name,
        "id": secrets.token_urlsafe(16),
        "timestamp": time.time(),
        "recipient": message["to"][0].rpartition("<")[2].rstrip(">"),
        "message": {"headers": {"message-id": message["h:Message-Id"][0].strip("<>")}},
        "user-variables": {key[2:]: value[0] for key, value in message.items() if key.startswith("v:")},
        "tags": message.get("o:tag", []),
    }
    return told | _DETAILS[name] | changes


def sign(told: dict[str, Any], *, token: str = "", at: float | None = None, key: str = SIGNING_KEY) -> Callback:
    """Return the request Mailgun would post, signed as Mailgun signs: time stamp and token, not the body."""
    token, timestamp = token or secrets.token_hex(25), str(int(time.time() if at is None else at))
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    body = {"signature": {"timestamp": timestamp, "token": token, "signature": signature}, "event-data": told}
    return Callback("/webhooks/mailgun", json.dumps(body).encode(), "application/json")


def running_mailgun() -> AbstractContextManager[Mailgun]:
    """Serve on a free port inside the block."""
    return serving(Mailgun())
