"""Clio's webhooks: registered, listed and removed over the API; handshakes and deliveries read and their proof checked.

Source: clio-api.md 10. Unconfirmed and therefore taken in both forms: the signature in hex or base64, where the
handshake tells the webhook's id, whether the answer tells `shared_secret`.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from apps.clio.contracts import WebhookCall, WebhookTold
from apps.clio.errors import DeliveryUnreadable
from apps.clio.vendors.clio_api import ClioApi

_FIELDS = "id,url,model,fields,events,status,expires_at,shared_secret"
_LARGEST_ID = 2**63 - 1


class _Data(msgspec.Struct):
    id: int | str | None = None
    etag: str | None = None
    webhook_id: int | None = None


class _About(msgspec.Struct):
    event: str | None = None
    webhook_id: int | None = None


class _Body(msgspec.Struct):
    data: _Data | None = None
    meta: _About | None = None


_bodies = msgspec.json.Decoder(_Body)


class _Listed(msgspec.Struct):
    id: int
    url: str | None = None
    model: str | None = None
    fields: str | None = None
    events: list[str] | None = None
    status: str | None = None
    expires_at: datetime | None = None
    shared_secret: str | None = None


def list_webhooks(api: ClioApi) -> list[WebhookTold]:
    """Return every webhook the connected user has with our application."""
    return list(_listed(api))


def create_webhook(
    api: ClioApi, *, url: str, model: str, fields: str, events: Sequence[str], expires_at: datetime
) -> WebhookTold:
    """Register a webhook; Clio calls the address with a handshake, maybe before this returns."""
    body = {"url": url, "model": model, "fields": fields, "events": list(events), "expires_at": expires_at.isoformat()}
    return _told(msgspec.convert(api.post("webhooks", body, _FIELDS), _Listed))


def renew_webhook(
    api: ClioApi, clio_webhook_id: int, *, fields: str, events: Sequence[str], expires_at: datetime
) -> WebhookTold:
    """Prolong a webhook's life, and let it carry what is asked for now."""
    body = {"fields": fields, "events": list(events), "expires_at": expires_at.isoformat()}
    return _told(msgspec.convert(api.patch(f"webhooks/{clio_webhook_id}", body, _FIELDS), _Listed))


def activate_webhook(api: ClioApi, clio_webhook_id: int, *, secret: str) -> None:
    """Complete a handshake from our side."""
    api.put(f"webhooks/{clio_webhook_id}/activate", headers={"X-Hook-Secret": secret})


def remove_webhook(api: ClioApi, clio_webhook_id: int) -> None:
    """Remove a webhook; one that is gone already is removed."""
    api.delete(f"webhooks/{clio_webhook_id}")


def is_signed(body: bytes, *, signature: str, secret: str) -> bool:
    """Tell whether the signature is this body's, in hex or base64, in constant time."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    given = signature.strip().encode()
    is_hex = hmac.compare_digest(given.lower(), digest.hex().encode())
    is_base64 = hmac.compare_digest(given, b64encode(digest))
    return is_hex or is_base64


def read_handshake(body: bytes) -> int | None:
    """Return the id of the webhook a handshake is for, if its body tells one in a form that is known."""
    try:
        content = _bodies.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    data, about = content.data or _Data(), content.meta or _About()
    told = data.webhook_id or about.webhook_id or data.id
    return told if isinstance(told, int) and 0 < told <= _LARGEST_ID else None


def read_delivery(body: bytes) -> WebhookCall:
    """Return what a delivery says. Raises DeliveryUnreadable."""
    try:
        content = _bodies.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DeliveryUnreadable from error
    data, about = content.data or _Data(), content.meta or _About()
    if not _is_id(data.id) or not about.event or len(about.event) > 40 or "\0" in about.event:
        raise DeliveryUnreadable
    # Without an etag the body itself tells two hints apart.
    version = data.etag or hashlib.sha256(body).hexdigest()
    return WebhookCall(about.event, str(data.id), version, about.webhook_id)


def _is_id(value: int | str | None) -> bool:
    if isinstance(value, int):
        return 0 < value <= _LARGEST_ID
    return isinstance(value, str) and 0 < len(value) <= 100 and "\0" not in value and value.isprintable()


def _listed(api: ClioApi) -> Iterator[WebhookTold]:
    url: str | None = api.list_url("webhooks", {"fields": _FIELDS, "limit": "200", "order": "id(asc)"})
    while url:
        page = api.get_page(url)
        yield from map(_told, msgspec.json.decode(page.records, type=list[_Listed]))
        url = page.next_url


def _told(listed: _Listed) -> WebhookTold:
    return WebhookTold(
        clio_webhook_id=listed.id,
        url=listed.url or "",
        model=listed.model or "",
        fields=listed.fields or "",
        events=tuple(listed.events or ()),
        status=listed.status or "",
        expires_at=listed.expires_at,
        secret=listed.shared_secret or "",
    )
