"""Clio Manage API v4: pages of lists, single records, and the few things we change (webhooks).

What can go wrong is the same everywhere: ClioBudgetSpent, ClioTokenRefused, ClioForbids, ClioRequestRefused,
ClioVersionRetired, ForeignAddress, ClioRegionDown, VendorUnavailable; ClioRecordUnknown where records are read.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from apps.clio import errors
from apps.clio.contracts import ClioIdentity, Grant, Purpose
from apps.clio.errors import NOT_UNICODE
from apps.clio.vendors.clio_http import ClioHttp
from apps.clio.vendors.odd_text import find_odd_text
from apps.core.errors import VendorRejected, VendorUnavailable

Parameters = Mapping[str, str | Sequence[str]]
_WHO_AM_I = "id,name,email,enabled,account{id,name}"


class _Paging(msgspec.Struct):
    next: str | None = None


class _Meta(msgspec.Struct):
    paging: _Paging | None = None
    records: int | None = None


class _Envelope(msgspec.Struct):
    data: msgspec.Raw
    meta: _Meta | None = None


class _Account(msgspec.Struct):
    id: int
    name: str | None = None


class _Person(msgspec.Struct):
    id: int
    account: _Account
    name: str | None = None


class _Identity(msgspec.Struct):
    data: _Person


_envelopes = msgspec.json.Decoder(_Envelope)
_identities = msgspec.json.Decoder(_Identity)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `records` is the JSON array as sent; `total` is how many match in all, if Clio told.

    asked_at: by `time.monotonic()`; the answer is not older than that.
    """

    records: bytes
    next_url: str | None
    total: int | None
    asked_at: float


class ClioApi:
    """Calls for one grant. Make one per thread; all instances share the firm's budget.

    purpose: re-reads may use the part of the budget that bulk work leaves alone while one waits.
    """

    def __init__(self, grant: Grant, purpose: Purpose = Purpose.BULK) -> None:
        self.grant = grant
        self._http = ClioHttp(grant, Purpose(purpose))

    @property
    def network_seconds(self) -> float:
        """How long this instance has waited for Clio's answers."""
        return self._http.seconds

    @property
    def allowed_per_minute(self) -> int | None:
        """The limit Clio told this instance last."""
        return self._http.allowed_per_minute

    def list_url(self, endpoint: str, parameters: Parameters) -> str:
        """Return the address of a list's first page; a parameter with several values (`ids[]`) is repeated."""
        return f"{self._url(endpoint)}?{urlencode(parameters, doseq=True)}"

    def is_ours(self, url: str) -> bool:
        """Tell whether an address kept from an earlier page still is on the region's host."""
        return self._http.is_ours(url)

    def get_page(self, url: str) -> Page:
        """Read one page. An answer whose next page is on another host is not believed at all: ForeignAddress."""
        asked_at = time.monotonic()
        return self._http.get(url, lambda body: self._page(body, asked_at))

    def get(self, endpoint: str, fields: str) -> Any:
        """Return one record, `webhooks/12`, as decoded JSON."""
        return self._http.get(self.list_url(endpoint, {"fields": fields}), _record)

    def post(self, endpoint: str, body: Mapping[str, Any], fields: str = "id,etag") -> Any:
        """Create a record from what belongs below `data`; return the fields of what Clio made.

        Sent once: where the answer is lost the caller must look what became of it.
        """
        return self._write("POST", endpoint, body, fields)

    def patch(self, endpoint: str, body: Mapping[str, Any], fields: str = "id,etag") -> Any:
        """Change a record, `webhooks/12`; return the fields of what it is now."""
        return self._write("PATCH", endpoint, body, fields)

    def delete(self, endpoint: str) -> None:
        """Remove a record, `webhooks/12`; one that is gone already is removed."""
        try:
            self._http.send("DELETE", self._url(endpoint))
        except errors.ClioRequestRefused as refusal:
            if refusal.status != 404:
                raise

    def put(self, path: str, *, headers: Mapping[str, str]) -> None:
        """Tell Clio something by headers alone, as `webhooks/12/activate` wants it."""
        self._http.send("PUT", f"{self.grant.host}/api/v4/{path}", headers=headers)

    def who_am_i(self) -> ClioIdentity:
        """Return who allowed the connection and for which account."""
        return self._http.get(self.list_url("users/who_am_i", {"fields": _WHO_AM_I}), _identity)

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()

    def _url(self, endpoint: str) -> str:
        return f"{self.grant.host}/api/v4/{endpoint}.json"

    def _write(self, method: str, endpoint: str, body: Mapping[str, Any], fields: str) -> Any:
        url = self.list_url(endpoint, {"fields": fields})
        content = msgspec.json.encode({"data": body})
        response = self._http.send(method, url, data=content, headers={"Content-Type": "application/json"})
        return _record(response.content)

    def _page(self, body: bytes, asked_at: float) -> Page:
        try:
            envelope = _envelopes.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            odd = find_odd_text(body)
            if odd is not None:
                raise errors.ClioRecordUnknown(NOT_UNICODE, record_id=odd.record_id) from error
            raise VendorUnavailable("Clio's answer was cut off or is not JSON.") from error
        paging = envelope.meta.paging if envelope.meta else None
        following = paging.next if paging else None
        if following and not self._http.is_ours(following):
            raise errors.ForeignAddress("The next page Clio names is on another host; the token stays here.")
        return Page(bytes(envelope.data), following, envelope.meta.records if envelope.meta else None, asked_at)


def _record(body: bytes) -> Any:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise VendorUnavailable("Clio's answer was cut off or is not JSON.") from error
    return content.get("data") if isinstance(content, dict) else None


def _identity(body: bytes) -> ClioIdentity:
    try:
        person = _identities.decode(body).data
    except msgspec.DecodeError as error:
        raise VendorRejected("Clio did not tell whose account this is.") from error
    return ClioIdentity(person.id, _text(person.name), person.account.id, _text(person.account.name))


def _text(name: str | None) -> str:
    """PostgreSQL's text cannot hold NUL."""
    return (name or "").replace("\0", "")
