"""One request to Clio: within the shared budget and past the breaker, and never with the token to another host."""

import logging
import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings

from apps.clio import errors
from apps.clio.contracts import Grant, Purpose
from apps.clio.vendors.clio_answers import limits_told, refuse, seconds_to_wait
from apps.clio.vendors.rate_budget import RateBudget
from apps.clio.vendors.region_session import RegionSession
from apps.core.errors import VendorUnavailable
from apps.core.vendor_http import InsecureAddress

logger = logging.getLogger(__name__)
Value = TypeVar("Value")
_TRIES, _PAUSE_SECONDS = 3, 0.25
_MOST_REDIRECTS = 3
_GOOD = (200, 201, 202, 204)


class ClioHttp:
    """Sends requests for one grant and one purpose.

    seconds: the time spent waiting for Clio. allowed_per_minute: the limit it told last.
    """

    def __init__(self, grant: Grant, purpose: Purpose) -> None:
        self.seconds = 0.0
        self.allowed_per_minute: int | None = None
        self._host = grant.host
        self._purpose = purpose
        self._version = settings.CLIO_API_VERSION
        self._session = RegionSession(grant.host)
        self._headers = {"X-API-VERSION": self._version, "Accept": "application/json"}
        self._authorization = {"Authorization": f"Bearer {grant.access_token}"}
        self._budget = RateBudget(grant.budget, begins_with=settings.CLIO_REQUESTS_PER_MINUTE)

    def get(self, url: str, read: Callable[[bytes], Value]) -> Value:
        """Read an address and what its body says; a failing Clio is asked again twice at once.

        read: raises VendorUnavailable on a body that was cut off or is no JSON, which is a failure like any other.
        """
        for attempt in range(_TRIES):
            try:
                return read(self.send("GET", url).content)
            except errors.ClioRegionDown:
                raise
            except VendorUnavailable:
                if attempt == _TRIES - 1:
                    raise
                time.sleep(_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def send(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request and return its good answer; redirects of a GET are followed, others are refused."""
        if not self.is_ours(url):
            raise errors.ForeignAddress("The address leads to another host; the token stays here.")
        response = self._send_once(method, url, **options)
        for _ in range(_MOST_REDIRECTS):
            if method != "GET" or not response.is_redirect:
                break
            url = _following(url, response.headers["Location"])
            response = self._send_once("GET", url) if self.is_ours(url) else self._fetch_elsewhere(url)
        if response.status_code not in _GOOD:
            refuse(response, version=self._version)
        return response

    def is_ours(self, url: str) -> bool:
        """Tell whether an address is on the region's host, where the token may go."""
        try:
            mine, asked = urlsplit(self._host), urlsplit(url)
        except ValueError:  # an address that is none
            return False
        return (asked.scheme, asked.netloc) == (mine.scheme, mine.netloc)

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def _send_once(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> requests.Response:
        leave = self._session.admit()
        expected = self._budget.take(self._purpose)
        begun = time.perf_counter()
        try:
            sent = {**self._headers, **self._authorization, **(headers or {})}
            response = self._session.send(leave, method, url, headers=sent, **options)
        finally:
            self.seconds += time.perf_counter() - begun
        if response.status_code == 429:
            self._close_budget(response)
        told = limits_told(response.headers)
        if told is not None:
            self.allowed_per_minute = told.limit
            self._budget.learn(told, expected=expected)
        return response

    def _fetch_elsewhere(self, url: str) -> requests.Response:
        """Follow to another host, such as the storage behind a download: without token, and its refusals are not ours.

        Raises ForeignAddress.
        """
        try:
            response = self._session.fetch_elsewhere(url)
        except InsecureAddress as error:
            raise errors.ForeignAddress("Clio's answer led to an address without TLS.") from error
        if response.status_code != 200:
            raise errors.ForeignAddress(f"{urlsplit(url).hostname} answered {response.status_code} instead of Clio.")
        return response

    def _close_budget(self, response: requests.Response) -> None:
        wait = seconds_to_wait(response.headers)
        logger.info("clio.rate_limited", extra={"wait_seconds": round(wait)})
        self._budget.close_for(wait)
        raise errors.ClioBudgetSpent(wait_seconds=wait)


def _following(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise errors.ForeignAddress("Clio's answer led to what is no address.") from error
