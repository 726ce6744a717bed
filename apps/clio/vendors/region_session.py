"""HTTP with one of Clio's regions, past its breaker: every call counts, of the API as of the log-in's addresses."""

import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests

from apps.clio.errors import ClioRegionDown, ForeignAddress
from apps.clio.vendors.breaker import Breaker, Pass
from apps.core.errors import VendorUnavailable
from apps.core.vendor_http import TOTAL_SECONDS, InsecureAddress, VendorSession

logger = logging.getLogger(__name__)


class RegionSession:
    """A session with the region that answers at a host.

    goes_blind: whether to call without knowing how the region is, while Redis cannot be reached. A token is then still
    refreshed and given back; what is bound to the shared budget cannot be sent anyway.
    """

    def __init__(self, host: str, *, goes_blind: bool = False, total_seconds: float = TOTAL_SECONDS) -> None:
        self._host = host
        self._goes_blind = goes_blind
        self._session = VendorSession("Clio", total_seconds=total_seconds)
        self._breaker = Breaker(host)

    def admit(self) -> Pass | None:
        """Ask leave for one call. Raises ClioRegionDown, and VendorUnavailable where it may not go blind."""
        try:
            return self._breaker.admit()
        except ClioRegionDown:
            raise
        except VendorUnavailable:
            if self._goes_blind:
                return None
            raise

    def send(self, leave: Pass | None, method: str, url: str, **options: Any) -> requests.Response:
        """Send the call leave was given for, and note what came of it. Raises VendorUnavailable, ForeignAddress."""
        try:
            response = self._session.request(method, url, **options)
        except VendorUnavailable:
            self._note_failure()
            raise
        except InsecureAddress:
            raise
        except ValueError as error:  # `requests` looks at where a redirect leads, also at one it is not to follow
            raise ForeignAddress("Clio's answer led to what is no address.") from error
        # What Clio answered is worth more than the note of it: a refreshed token comes only once.
        with suppress(VendorUnavailable):
            if leave is not None:
                self._breaker.note_answer(leave)
        return response

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one call. Raises ClioRegionDown, VendorUnavailable."""
        return self.send(self.admit(), method, url, **options)

    def fetch_elsewhere(self, url: str) -> requests.Response:
        """Read an address on another host, which tells nothing about the region. Raises VendorUnavailable."""
        return self._session.request("GET", url)

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def _note_failure(self) -> None:
        with suppress(VendorUnavailable):
            if self._breaker.note_failure():
                logger.warning("clio.region_down", extra={"host": urlsplit(self._host).hostname})
