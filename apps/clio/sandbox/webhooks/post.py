"""One POST over a kept connection. Redirects are not followed: an answer of 3xx is an answer."""

from __future__ import annotations

import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from apps.clio.sandbox.webhooks.settings import WebhookSettings


class Poster:
    """Posts from one thread and keeps a connection per address."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._connections: dict[tuple[str, str], HTTPConnection] = {}

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str | None]:
        """Return the status and the X-Hook-Secret of the answer; status 0 when none came."""
        parts = urlsplit(url)
        key = (parts.scheme, parts.netloc)
        is_kept = key in self._connections
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Content-Type": "application/json", "User-Agent": "Clio-Webhooks (sandbox)", **headers}
        try:
            return self._once(key, target, body, sent)
        except (OSError, HTTPException):
            self._drop(key)
            if not is_kept:
                return 0, None
        try:
            return self._once(key, target, body, sent)
        except (OSError, HTTPException):
            self._drop(key)
            return 0, None

    def close(self) -> None:
        """Close the kept connections."""
        for key in list(self._connections):
            self._drop(key)

    def _once(self, key: tuple[str, str], target: str, body: bytes, headers: dict[str, str]) -> tuple[int, str | None]:
        connection = self._connections.get(key)
        if connection is None:
            connection = self._connections[key] = self._connect(*key)
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        response.read()
        if response.will_close:
            self._drop(key)
        return response.status, response.getheader("X-Hook-Secret")

    def _connect(self, scheme: str, place: str) -> HTTPConnection:
        timeout = self._settings.timeout
        if scheme == "https":
            return HTTPSConnection(place, timeout=timeout, context=ssl.create_default_context())
        return HTTPConnection(place, timeout=timeout)

    def _drop(self, key: tuple[str, str]) -> None:
        connection = self._connections.pop(key, None)
        if connection is not None:
            connection.close()
