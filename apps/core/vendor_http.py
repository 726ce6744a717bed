"""The HTTP base of every vendor adapter: time-outs, TLS except to this machine, errors turned into ours.

Used only by `vendors/` rooms. It retries nothing: retries are rows of the job that called.
"""

import time
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter

from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.tenancy import current_firm_id

CONNECT_SECONDS, READ_SECONDS = 3.05, 30
# An answer that trickles in, each byte in time, ends here all the same.
TOTAL_SECONDS = 60.0
_CHUNK = 1 << 16
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class InsecureAddress(ValueError):
    """A vendor's address is plain http and not on this machine."""


class CalledInsideTransaction(RuntimeError):
    """A vendor was about to be called while a firm's transaction is open."""


def check_address(url: str) -> None:
    """Refuse plain http except to loopback, and even that once deployed. Raises InsecureAddress."""
    parts = urlsplit(url)
    local = parts.hostname in _LOOPBACK and settings.APP_ENV in ("development", "test")
    if parts.scheme != "https" and not local:
        raise InsecureAddress(f"{parts.scheme}://{parts.hostname}")


class VendorSession:
    """A `requests` session for one vendor: `request` returns the response for any status below 500.

    total_seconds: how long an answer may take from the first byte asked to the last one read.
    """

    def __init__(self, vendor: str, *, connections: int = 4, total_seconds: float = TOTAL_SECONDS) -> None:
        self.vendor = vendor
        self._total_seconds = total_seconds
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("https://", HTTPAdapter(pool_maxsize=connections))
        self._session.mount("http://", HTTPAdapter(pool_maxsize=connections))

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request; redirects are not followed. Raises VendorUnavailable on time-out, connection fault, 5xx."""
        check_address(url)
        if current_firm_id() is not None:
            raise CalledInsideTransaction(f"{self.vendor}: {method} while a firm's transaction is open")
        options.setdefault("timeout", (CONNECT_SECONDS, READ_SECONDS))
        options.setdefault("allow_redirects", False)
        ends = time.monotonic() + self._total_seconds
        try:
            response = self._session.request(method, url, stream=True, **options)
            _read_whole(response, ends)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise VendorUnavailable(f"{self.vendor} did not answer ({type(error).__name__}).") from error
        if response.status_code >= 500:
            raise VendorUnavailable(f"{self.vendor} answered {response.status_code}.")
        return response

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()


def _read_whole(response: requests.Response, ends: float) -> None:
    """Read the body as it comes, so that the clock is looked at between its pieces. Raises Timeout."""
    pieces: list[bytes] = []
    try:
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            pieces.append(piece)
            if time.monotonic() > ends:
                raise requests.Timeout
    except BaseException:
        response.close()
        raise
    response._content = b"".join(pieces)


def json_of(response: requests.Response, vendor: str) -> Any:
    """Return a JSON answer. Raises VendorRejected when it is something else."""
    try:
        return response.json()
    except ValueError as error:
        raise VendorRejected(f"{vendor} answered {response.status_code} with something that is not JSON.") from error
