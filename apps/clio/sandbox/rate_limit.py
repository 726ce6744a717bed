"""Requests per access token in windows of 60 seconds, with the headers Clio sends; more outside office hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from zoneinfo import ZoneInfo

WINDOW_SECONDS = 60
UNLIMITED = 1_000_000
"""What the headers say when the limit is off."""
PEAKS = {
    "us": ("America/Los_Angeles", 4, 19),
    "ca": ("America/Los_Angeles", 4, 19),
    "eu": ("Etc/GMT", 7, 22),
    "au": ("Australia/Sydney", 6, 21),
}
"""Zone and hours of peak traffic, Monday to Friday. Source: Clio's Rate Limits page."""


def is_peak(region: str, now: float) -> bool:
    """Tell whether an instant lies in a region's office hours."""
    zone, begins, ends = PEAKS[region]
    local = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone))
    return local.weekday() < 5 and begins <= local.hour < ends


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
    """Counts requests. `limit` 0 lets everything pass; `off_peak` 0 is the same limit all day."""

    limit: int
    clock: Callable[[], float]
    off_peak: int = 0
    region: str = "us"
    _windows: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, token: str | None) -> Allowance:
        """Count one request of a token. Without a token nothing is counted."""
        now = self.clock()
        window = int(now) // WINDOW_SECONDS
        reset = (window + 1) * WINDOW_SECONDS
        limit = self.current(now) or UNLIMITED
        if token is None:
            return Allowance(limit, limit, reset, 0, passes=True)
        with self._lock:
            known, used = self._windows.get(token, (window, 0))
            used = used + 1 if known == window else 1
            self._windows[token] = (window, used)
        return Allowance(limit, max(0, limit - used), reset, max(1, reset - int(now)), passes=used <= limit)

    def current(self, now: float) -> int:
        """Return the limit in force at an instant."""
        return self.limit if not (self.limit and self.off_peak) or is_peak(self.region, now) else self.off_peak

    def change(self, limit: int, off_peak: int = 0) -> None:
        """Set other limits and start counting anew."""
        with self._lock:
            self.limit, self.off_peak = limit, off_peak
            self._windows.clear()
