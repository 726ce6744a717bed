"""Failures on demand: by seeded chance per request, or queued for the next requests of a path."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from apps.clio.sandbox.firm.streams import Chance, stream

WORDS = (
    "timeout", "slow", "drop", "truncate", "html500", "html200", "429_bare", "429_at", "wrong_host", "expired_page",
    "redirect", "redirect_away",
)  # fmt: skip
"""429_bare: without Retry-After; 429_at: with Retry-At, as an old article has it. wrong_host: next leads elsewhere.
expired_page: the page_token is refused. redirect: 307 to the same host once more; redirect_away: to another."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure: a status such as 429 or 503, or one of WORDS.

    seconds: how long it takes, or what Retry-After says; None leaves it to the rules. host: where wrong_host and
    redirect_away lead.
    """

    kind: str
    seconds: float | None = None
    host: str = "https://elsewhere.invalid"

    @property
    def status(self) -> int | None:
        """Return the status to answer with, if the kind is one."""
        return int(self.kind) if self.kind.isdigit() else None


@dataclass(slots=True)
class Queued:
    """A fault that waits for requests of a path; an empty path fits every request."""

    fault: Fault
    path: str = ""
    times: int = 1
    after: int = 0


def check_kind(kind: str) -> str:
    """Return the kind. Raises ValueError when nothing of that name can go wrong."""
    if kind in WORDS or (kind.isdigit() and 400 <= int(kind) <= 599):
        return kind
    raise ValueError(f"{kind!r} is no fault: use a status from 400 to 599 or one of {', '.join(WORDS)}.")


def parse_faults(text: str) -> tuple[tuple[str, float], ...]:
    """Return kinds and odds from a text such as 429:0.02,slow:0.1. Raises ValueError."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        kind, _, odds = part.partition(":")
        chance = float(odds)
        if not 0 <= chance <= 1:
            raise ValueError(f"The odds of {kind} must be between 0 and 1.")
        found.append((check_kind(kind), chance))
    return tuple(found)


@dataclass(slots=True)
class FaultPlan:
    """Decides for each request whether and how it fails."""

    odds: tuple[tuple[str, float], ...] = ()
    seed: int = 0
    _queue: deque[Queued] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)
    _chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        self._chance = stream(self.seed, "faults")

    def queue(self, items: list[Queued]) -> None:
        """Add faults for coming requests."""
        with self._lock:
            self._queue.extend(items)

    def shown(self) -> dict[str, object]:
        """Return what is queued and the odds."""
        with self._lock:
            queued = [{"path": each.path, "kind": each.fault.kind, "times": each.times, "after": each.after}
                      for each in self._queue]  # fmt: skip
            return {"queued": queued, "odds": dict(self.odds)}

    def clear(self) -> None:
        """Forget what is queued and the odds."""
        with self._lock:
            self._queue.clear()
            self.odds = ()

    def next_fault(self, path: str) -> Fault | None:
        """Return the fault of the request that just came for a path, if it has one."""
        if not self._queue and not self.odds:
            return None
        with self._lock:
            return self._queued(path) or self._drawn()

    def _queued(self, path: str) -> Fault | None:
        for item in self._queue:
            if item.path and item.path != path:
                continue
            if item.after > 0:
                item.after -= 1
                return None
            item.times -= 1
            if item.times <= 0:
                self._queue.remove(item)
            return item.fault
        return None

    def _drawn(self) -> Fault | None:
        mark = self._chance()
        for kind, odds in self.odds:
            mark -= odds
            if mark < 0:
                return Fault(kind)
        return None
