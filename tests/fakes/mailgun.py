"""A small Mailgun: takes messages by its HTTP API, remembers them, and fails on demand.

Request and answer shapes: Mailgun's documentation of `POST /v3/{domain}/messages`, as read by Anymail 15.2's backend.
"""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs


class Mailgun(ThreadingHTTPServer):
    """The server; `messages` are the accepted forms, `failures` the statuses to answer with before that."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[dict[str, list[str]]] = []
        self.failures: deque[int] = deque()

    @property
    def url(self) -> str:
        """The API's address, for ANYMAIL's MAILGUN_API_URL."""
        return f"http://127.0.0.1:{self.server_port}/v3"


class _Handler(BaseHTTPRequestHandler):
    server: Mailgun

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.server.failures:
            self._answer(self.server.failures.popleft(), {"message": "not this time"})
            return
        self.server.messages.append(form)
        self._answer(200, {"id": f"<{len(self.server.messages)}@fake>", "message": "Queued. Thank you."})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


@contextmanager
def running_mailgun() -> Iterator[Mailgun]:
    """Serve on a free port inside the block."""
    with Mailgun() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
