"""A small server that receives webhooks: `with receiving() as receiver`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, cast


@dataclass
class Message:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Keeps what came; `answer` says the status for a message, `echoes` whether secrets go back."""

    url: str = ""
    messages: list[Message] = field(default_factory=list)
    echoes: bool = True
    answer: Callable[[Message], int] = lambda message: 200
    _came: Condition = field(default_factory=Condition)

    @property
    def notices(self) -> list[Message]:
        """Return what came beside handshakes."""
        return [each for each in self.messages if "X-Hook-Secret" not in each.headers]

    @property
    def events(self) -> list[tuple[str, int]]:
        """Return event and record id of each notice."""
        return [(each.json["meta"]["event"], each.json["data"]["id"]) for each in self.notices]

    def take(self, message: Message) -> int:
        with self._came:
            self.messages.append(message)
            self._came.notify_all()
        return self.answer(message)

    def wait_for(self, count: int, seconds: float = 60) -> None:
        with self._came:
            assert self._came.wait_for(lambda: len(self.messages) >= count, seconds), self.messages


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver = cast("_Server", self.server).receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = Message(self.path, dict(self.headers), body)
        status = receiver.take(message)
        self.send_response(status)
        secret = message.headers.get("X-Hook-Secret")
        if secret and receiver.echoes:
            self.send_header("X-Hook-Secret", secret)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive on a free port of this machine until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
