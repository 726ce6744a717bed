"""Requests per access token in windows of 60 seconds, with the headers Clio sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

WINDOW_SECONDS = 60
UNLIMITED = 1_000_000
"""What the headers say when the limit is off."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a request was told: its headers, and whether it may pass."""

    limit: int
    remaining: int
    reset: int
    retry_after: int
    passes: bool


@dataclass(slots=True)
class RateLimit:
    """Counts requests. `limit` 0 lets everything pass."""

    limit: int
    clock: Callable[[], float]
    _windows: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, grant: str | None) -> Allowance:
        """Count one request of a token. Without a token nothing is counted."""
        now = self.clock()
        window = int(now) // WINDOW_SECONDS
        reset = (window + 1) * WINDOW_SECONDS
        limit = self.limit or UNLIMITED
        if grant is None:
            return Allowance(limit, limit, reset, 0, passes=True)
        with self._lock:
            known, used = self._windows.get(grant, (window, 0))
            used = used + 1 if known == window else 1
            self._windows[grant] = (window, used)
        return Allowance(limit, max(0, limit - used), reset, max(1, reset - int(now)), passes=used <= limit)

    def change(self, limit: int) -> None:
        """Set another limit and start counting anew."""
        with self._lock:
            self.limit = limit
            self._windows.clear()
