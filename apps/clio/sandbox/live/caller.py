"""Calls the levers of a sandbox that runs in another process."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

TIMEOUT_SECONDS = 60


class SandboxAway(Exception):
    """No sandbox answers at the address; the sentence says which."""


class SandboxCaller:
    """Knows one sandbox on this machine."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise SandboxAway(f"{url} is no address of a sandbox.")
        self._url = url.rstrip("/")

    def last_number(self) -> int:
        """Return the number of the last thing that happened."""
        return max((int(each["number"]) for each in self.happened(0)), default=0)

    def happened(self, since: int) -> list[dict[str, Any]]:
        """Return what happened after a number, as far as it is remembered."""
        found: list[dict[str, Any]] = self._call("GET", f"live?since={since}")["happened"]
        return found

    def set_pace(self, per_minute: int) -> None:
        """Let the firm work at a pace; 0 stops it."""
        self._call("PUT", "live", {"per_minute": per_minute})

    def audit(self) -> list[str]:
        """Return what does not tie in the books."""
        found: list[str] = self._call("GET", "audit")
        return found

    def _call(self, method: str, path: str, content: object = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = Request(f"{self._url}/sandbox/{path}", data=body, method=method)  # noqa: S310 -- http(s) only, checked
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 -- as above
                return json.load(answer)
        except (URLError, HTTPException, OSError, ValueError) as problem:
            raise SandboxAway(f"No Clio sandbox answers at {self._url}: {problem}") from problem
