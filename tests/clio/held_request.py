"""A request that Clio takes and does not answer until the test says so, however long that is."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from tests.clio.sandbox.server import RunningSandbox

_PATIENCE_SECONDS = 120


class HeldRequest:
    """One request of a path, after so many that are answered as usual."""

    def __init__(self, clio: RunningSandbox, path: str, *, after: int) -> None:
        self._came, self._let_go, self._is_over = Event(), Event(), Event()
        self._path, self._to_come, self._usual = path, after, clio.sandbox.answer
        self.begun_at = math.inf  # when the first request of the path came

    def __call__(self, request: Any) -> Any:
        """Answer in the sandbox's place. The pages of a list come one after the other, so nobody else counts here."""
        if request.path != self._path:
            return self._usual(request)
        self.begun_at = min(self.begun_at, time.monotonic())
        self._to_come -= 1
        if self._to_come != -1:
            return self._usual(request)
        self._came.set()
        self._let_go.wait(_PATIENCE_SECONDS)
        try:
            return self._usual(request)
        finally:
            self._is_over.set()

    @property
    def has_come(self) -> bool:
        """Tell whether somebody waits for the answer."""
        return self._came.is_set()

    def let_go(self) -> None:
        """Answer it, to whoever still listens, and wait until that is done."""
        self._let_go.set()
        assert not self.has_come or self._is_over.wait(_PATIENCE_SECONDS)


@contextmanager
def held_request(clio: RunningSandbox, path: str, *, after: int) -> Iterator[HeldRequest]:
    """Hold up one request of a path inside the block; at its end it is answered."""
    held = HeldRequest(clio, path, after=after)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clio.sandbox, "answer", held)
        try:
            yield held
        finally:
            held.let_go()
