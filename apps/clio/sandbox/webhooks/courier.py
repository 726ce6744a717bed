"""Brings deliveries to their addresses: a few threads, a queue by due time, retries with doubling pauses."""

from __future__ import annotations

import base64
import hashlib
import heapq
import hmac
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Condition, Thread
from typing import Any

from apps.clio.sandbox.firm.streams import Chance, stream
from apps.clio.sandbox.webhooks.post import Poster
from apps.clio.sandbox.webhooks.settings import RETRY_SECONDS, WebhookSettings

THREADS = 4
REMEMBERED = 200
REORDER_SECONDS = 3.0
"""Up to how long a reordered delivery is overtaken by others, before the time scale."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way. A handshake carries the secret in the clear, a notice its signature if there is one."""

    webhook_id: int
    url: str
    secret: str
    body: bytes
    event: str
    record: int = 0
    attempt: int = 1
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the receiver answered: a status, or 0 for none, and the X-Hook-Secret it sent back."""

    status: int
    secret: str | None = None

    @property
    def is_taken(self) -> bool:
        """Tell whether Clio counts it as received: 2xx and 3xx; 410 too, which also disables the webhook."""
        return 200 <= self.status < 400 or self.status == 410


Told = Callable[[Delivery, Outcome, bool], None]
"""Hears of every attempt: the delivery, its outcome, and whether it was the last one."""


@dataclass(slots=True)
class Courier:
    """Sends what is queued. Threads start with the first delivery and end with `close`."""

    settings: WebhookSettings
    tell: Told
    seed: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    recent: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _queue: list[tuple[float, int, Delivery]] = field(default_factory=list)
    _held: list[tuple[float, int, Delivery]] = field(default_factory=list)
    _numbers: Any = field(default_factory=itertools.count)
    _changed: Condition = field(default_factory=Condition)
    _threads: list[Thread] = field(default_factory=list)
    _busy: int = 0
    _closed: bool = False
    _chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        self._chance = stream(self.seed, "webhooks")

    def send(self, delivery: Delivery) -> None:
        """Queue a notice, with whatever goes wrong on purpose: dropped, doubled, overtaken, late."""
        settings, scale = self.settings, self.settings.time_scale
        with self._changed:
            if self._falls_on(settings.drop):
                self.sent["dropped"] += 1
                return
            copies = 2 if self._falls_on(settings.duplicate) else 1
            for _ in range(copies):
                late = self._chance() * REORDER_SECONDS if self._falls_on(settings.reorder) else 0.0
                self._push(delivery, settings.delay + late * scale)

    def promise_handshake(self, delivery: Delivery) -> Callable[[], None]:
        """Count a handshake as on its way; return what queues it. Nothing goes wrong with it on purpose."""
        with self._changed:
            self._busy += 1

        def shake_hands() -> None:
            with self._changed:
                self._busy -= 1
                self._push(delivery, 0.0)

        return shake_hands

    def deliver_now(self, delivery: Delivery) -> None:
        """Send in the caller's own thread, once."""
        poster = Poster(self.settings)
        try:
            self._attempt(poster, delivery)
        finally:
            poster.close()

    def forget(self, webhook_id: int) -> None:
        """Drop what is queued for a webhook."""
        with self._changed:
            self._queue = [entry for entry in self._queue if entry[2].webhook_id != webhook_id]
            self._held = [entry for entry in self._held if entry[2].webhook_id != webhook_id]
            heapq.heapify(self._queue)
            self._changed.notify_all()

    def wake(self) -> None:
        """Look again: a setting was changed."""
        with self._changed:
            self._changed.notify_all()

    def waiting(self) -> int:
        """Return how many messages are queued or on their way."""
        with self._changed:
            return len(self._queue) + len(self._held) + self._busy

    def settle(self, seconds: float) -> bool:
        """Wait until nothing is on its way any more; tell whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._queue or self._held or self._busy), seconds)

    def close(self) -> None:
        """End the threads; what is queued stays undelivered."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(self.settings.timeout + 1)

    def _falls_on(self, share: float) -> bool:
        return share > 0 and self._chance() < share

    def _push(self, delivery: Delivery, pause: float) -> None:
        heapq.heappush(self._queue, (time.monotonic() + pause, next(self._numbers), delivery))
        if not self._threads and not self._closed:
            self._threads = [Thread(target=self._work, name="clio-webhooks", daemon=True) for _ in range(THREADS)]
            for thread in self._threads:
                thread.start()
        self._changed.notify()

    def _work(self) -> None:
        poster = Poster(self.settings)
        while True:
            delivery = self._take()
            if delivery is None:
                poster.close()
                return
            try:
                self._attempt(poster, delivery)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _take(self) -> Delivery | None:
        with self._changed:
            while not self._closed:
                self._let_go()
                if not self._queue:
                    self._changed.wait()
                    continue
                pause = self._queue[0][0] - time.monotonic()
                if pause > 0:
                    self._changed.wait(pause)
                    continue
                entry = heapq.heappop(self._queue)
                if not self.settings.hold or entry[2].event == "handshake":
                    self._busy += 1
                    return entry[2]
                self._held.append(entry)
        return None

    def _let_go(self) -> None:
        """Queue again what was held; what came first goes first."""
        if self._held and not self.settings.hold:
            self._queue += self._held
            self._held = []
            heapq.heapify(self._queue)
            self._changed.notify_all()

    def _attempt(self, poster: Poster, delivery: Delivery) -> None:
        headers = {"X-Hook-Secret": delivery.secret} if delivery.event == "handshake" else self._signed(delivery)
        headers["Content-Type"] = delivery.content_type
        status, secret = poster.post(delivery.url, delivery.body, headers)
        outcome = Outcome(status, secret)
        is_last = outcome.is_taken or delivery.event == "handshake" or delivery.attempt > len(RETRY_SECONDS)
        self._note(delivery, outcome)
        if not is_last:
            pause = RETRY_SECONDS[delivery.attempt - 1] * self.settings.time_scale
            again = replace(delivery, attempt=delivery.attempt + 1)
            with self._changed:
                self._push(again, pause)
        self.tell(delivery, outcome, is_last)

    def _signed(self, delivery: Delivery) -> dict[str, str]:
        if not delivery.secret:
            return {}
        digest = hmac.new(delivery.secret.encode(), delivery.body, hashlib.sha256).digest()
        text = digest.hex() if self.settings.signature == "hex" else base64.b64encode(digest).decode()
        return {"X-Hook-Signature": text}

    def _note(self, delivery: Delivery, outcome: Outcome) -> None:
        with self._changed:
            self.sent["taken" if outcome.is_taken else "failed"] += 1
            self.recent.append({
                "webhook_id": delivery.webhook_id, "event": delivery.event, "record_id": delivery.record,
                "attempt": delivery.attempt, "status": outcome.status, "at": int(time.time()),
            })  # fmt: skip
