"""Webhooks of a firm's as Clio would have registered them, and calls as Clio makes them."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from apps.accounts.contracts import FirmProfile
from apps.clio.models import Webhook
from apps.clio.rules.webhooks import address_hash
from apps.core.encryption import encrypt
from apps.core.tenancy import tenant

SECRET = "5f2d1c9e77aa"
TOKEN = "kRz0-a-token-that-nobody-can-guess"


def make_webhook(
    firm: FirmProfile,
    *,
    model: str = "activity",
    token: str = TOKEN,
    secret: str = SECRET,
    clio_webhook_id: int | None = 7,
    **more: Any,
) -> Webhook:
    """Register a webhook of a firm's that works, unless something else is said."""
    opened_at: datetime = timezone.now() - timedelta(hours=1)
    known = {
        "state": "enabled" if secret and clio_webhook_id else "opening",
        "sealed_secret": encrypt(secret) if secret else "",
        "opened_at": opened_at,
        "renewed_at": opened_at,
        "expires_at": opened_at + timedelta(days=30),
    }
    with tenant(firm.firm_id):
        return Webhook.objects.create(
            firm_id=firm.firm_id,
            model=model,
            address_hash=address_hash(token),
            clio_webhook_id=clio_webhook_id,
            **{**known, **more},
        )


def body_of(record_id: int | str = 152, *, event: str = "updated", etag: str | None = '"a1"', **about: Any) -> bytes:
    """Return a delivery's body."""
    data = {"id": record_id} if etag is None else {"id": record_id, "etag": etag}
    return json.dumps({"data": data, "meta": {"event": event, "webhook_id": 7, **about}}).encode()


def signature_of(body: bytes, secret: str = SECRET, *, as_base64: bool = False) -> str:
    """Return what Clio writes into X-Hook-Signature."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode() if as_base64 else digest.hex()


def deliver(body: bytes, *, signature: str | None = None, token: str = TOKEN, **headers: str) -> Any:
    """Post a delivery to our address, signed unless another signature is given."""
    signed = signature_of(body) if signature is None else signature
    given = {"X-Hook-Signature": signed, **headers} if signed else headers
    return Client().post(f"/webhooks/clio/{token}", data=body, content_type="application/json", headers=given)


def shake_hands(secret: str = SECRET, *, number: int | None = 7, token: str = TOKEN) -> Any:
    """Post a handshake to our address."""
    body = json.dumps({"data": {"webhook_id": number}} if number else {}).encode()
    return Client().post(
        f"/webhooks/clio/{token}", data=body, content_type="application/json", headers={"X-Hook-Secret": secret}
    )
