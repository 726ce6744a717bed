"""Clio Manage API v4 over HTTP: one page at a time, within the shared request budget."""

import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
import requests
from django.conf import settings

from apps.clio import errors
from apps.clio.contracts import ClioIdentity, Grant
from apps.clio.errors import NOT_UNICODE
from apps.clio.vendors.odd_text import find_odd_text
from apps.clio.vendors.rate_budget import RateBudget, Told
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.vendor_http import VendorSession

logger = logging.getLogger(__name__)
_VENDOR = "Clio"
_WHO_AM_I = "id,name,email,account{id,name}"
_TRIES, _PAUSE_SECONDS = 3, 0.25
_LONGEST_WAIT_SECONDS = 300
_LONGEST_WINDOW_SECONDS = 61  # a minute, told in whole seconds


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
    """One page of a list: the records as JSON text, the address of the next page, and how many match, if told."""

    records: bytes
    next_url: str | None
    total: int | None


class ClioApi:
    """Calls Clio for one firm. Not for several threads at once; requests of all instances share the firm's budget."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self._host = grant.host
        self._session = VendorSession(_VENDOR)
        self._headers = {
            "Authorization": f"Bearer {grant.access_token}",
            "X-API-VERSION": settings.CLIO_API_VERSION,
            "Accept": "application/json",
        }
        self._budget = RateBudget(grant.budget, begins_with=settings.CLIO_REQUESTS_PER_MINUTE)

    def list_url(self, endpoint: str, parameters: dict[str, str]) -> str:
        """Return the address of a list's first page."""
        return f"{self._host}/api/v4/{endpoint}.json?{urlencode(parameters)}"

    def get_page(self, url: str) -> Page:
        """Read one page. A failing Clio is asked again twice at once; beyond that the job decides.

        Raises ClioBudgetSpent, ClioTokenRefused, ClioForbids, ClioRequestRefused, ClioVersionRetired, ForeignAddress,
        ClioRecordUnknown, VendorUnavailable.
        """
        body = self._get(url)
        try:
            envelope = _envelopes.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            odd = find_odd_text(body)
            if odd is not None:
                raise errors.ClioRecordUnknown(NOT_UNICODE, record_id=odd.record_id) from error
            raise VendorUnavailable("Clio's answer was cut off or is not JSON.") from error
        meta = envelope.meta
        paging = meta.paging if meta else None
        return Page(bytes(envelope.data), paging.next if paging else None, meta.records if meta else None)

    def who_am_i(self) -> ClioIdentity:
        """Return who allowed the connection and for which account."""
        body = self._get(self.list_url("users/who_am_i", {"fields": _WHO_AM_I}))
        try:
            person = _identities.decode(body).data
        except msgspec.DecodeError as error:
            raise VendorRejected("Clio did not tell whose account this is.") from error
        return ClioIdentity(person.id, person.name or "", person.account.id, person.account.name or "")

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def _get(self, url: str) -> bytes:
        for attempt in range(_TRIES):
            try:
                return self._get_once(url)
            except VendorUnavailable:
                if attempt == _TRIES - 1:
                    raise
                time.sleep(_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def _get_once(self, url: str, *, redirected: bool = False) -> bytes:
        self._check_host(url)
        self._budget.take()
        response = self._session.request("GET", url, headers=self._headers)
        told = _told(response)
        if response.status_code == 429:
            self._wait_as_told(response, told)
        if told is not None:
            self._budget.learn(told)
        if response.is_redirect and not redirected:
            return self._get_once(urljoin(url, response.headers["Location"]), redirected=True)
        if response.status_code != 200:
            _refuse(response)
        return response.content

    def _check_host(self, url: str) -> None:
        mine, asked = urlsplit(self._host), urlsplit(url)
        if (asked.scheme, asked.netloc) != (mine.scheme, mine.netloc):
            raise errors.ForeignAddress(f"Clio's answer pointed to {asked.hostname}; the token stays here.")

    def _wait_as_told(self, response: requests.Response, told: Told | None) -> NoReturn:
        asked = response.headers.get("Retry-After", "")
        resets = told.resets_in_seconds if told else None
        wait = float(asked) if asked.isdigit() else resets if resets is not None else 60.0
        wait = min(max(wait, 1.0), _LONGEST_WAIT_SECONDS)
        logger.info("clio.rate_limited", extra={"wait_seconds": round(wait)})
        self._budget.close_for(wait)
        raise errors.ClioBudgetSpent(wait_seconds=wait)


def _told(response: requests.Response) -> Told | None:
    headers = response.headers
    try:
        limit, remaining = int(headers["X-RateLimit-Limit"]), int(headers["X-RateLimit-Remaining"])
    except (KeyError, ValueError):
        return None
    return Told(limit, remaining, _seconds_to_reset(headers))


def _seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """Measure by the clock that set the instant, Clio's own; what cannot be the rest of a minute is not told."""
    try:
        seconds = float(headers["X-RateLimit-Reset"]) - parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        return None
    return seconds if 0 < seconds <= _LONGEST_WINDOW_SECONDS else None


def _refuse(response: requests.Response) -> NoReturn:
    status = response.status_code
    words = _message(response)
    if status == 401:
        raise errors.ClioTokenRefused(words)
    if status == 403:
        raise errors.ClioForbids(words)
    if status == 410:
        raise errors.ClioVersionRetired(words)
    raise errors.ClioRequestRefused(f"Clio answered {status}: {words}", status=status)


def _message(response: requests.Response) -> str:
    """Return the words of either error shape: `error` is an object, or a string beside `error_description`."""
    try:
        body: Any = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return "without an explanation"
    if not isinstance(body, dict):
        return "without an explanation"
    error = body.get("error")
    words = error.get("message") if isinstance(error, dict) else body.get("error_description") or error
    return str(words)[:300] if words else "without an explanation"
