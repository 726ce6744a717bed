"""The firm at work: one act after the other, by chance at a pace, or a named one on demand."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from apps.clio.sandbox.firm.streams import weighted
from apps.clio.sandbox.live.acts import ACTS
from apps.clio.sandbox.live.desk import Desk

REMEMBERED = 500
WEIGHTS = tuple((name, weight) for name, (weight, _) in ACTS.items())
PATIENCE = 20
"""Draws in a row that find nothing to do before an act gives up."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, to which record, as the how-manieth act."""

    number: int
    act: str
    record_id: int


@dataclass(slots=True)
class Shift:
    """Does acts, each within one change of the store, so that nobody ever sees the books halfway."""

    desk: Desk
    counts: Counter[str] = field(default_factory=Counter)
    recent: deque[Happening] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    per_minute: int = 0
    _number: int = 0
    _thread: Thread | None = None
    _stop: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def act(self, name: str) -> Happening | None:
        """Do a named act; None when there is nothing to do it to. Raises KeyError for one that does not exist."""
        _, do = ACTS[name]
        with self.desk.store.changing():
            found = do(self.desk)
            if found is None:
                return None
            self._number += 1
            happening = Happening(self._number, name, found)
            self.counts[name] += 1
            self.recent.append(happening)
            return happening

    def work(self, count: int = 1) -> list[Happening]:
        """Do some acts by chance."""
        found = []
        for _ in range(count):
            for _ in range(PATIENCE):
                happening = self.act(weighted(self.desk.chance, WEIGHTS))
                if happening is not None:
                    found.append(happening)
                    break
        return found

    def since(self, number: int) -> list[Happening]:
        """Return what is still remembered of what happened after an act."""
        with self.desk.store.lock:
            return [each for each in self.recent if each.number > number]

    def start(self, per_minute: int) -> None:
        """Work at a pace from now on; 0 stops."""
        self.stop()
        with self._lock:
            self.per_minute = per_minute
            if per_minute:
                self._stop.clear()
                self._thread = Thread(target=self._go_on, args=(60 / per_minute,), name="clio-live", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop working."""
        with self._lock:
            self._stop.set()
            thread, self._thread, self.per_minute = self._thread, None, 0
        if thread is not None:
            thread.join()

    def _go_on(self, pause: float) -> None:
        while not self._stop.wait(pause):
            self.work()
