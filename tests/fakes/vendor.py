"""What our stand-ins of vendors have in common: they keep state, fail on demand, and call back when told to."""

import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import parse_qs

Form = dict[str, list[str]]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    status: answered instead of taking it; 0: the connection is cut without an answer. is_taken: the request is taken
    all the same, so that its sender cannot know. after_seconds: how long it takes until anything is answered.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    is_taken: bool = False
    after_seconds: float = 0


@dataclass(frozen=True)
class Callback:
    """A request a vendor would make of us, really signed: path and query, body, headers."""

    path: str
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Vendor(ThreadingHTTPServer):
    """The server. `failures` go wrong with the next requests, one each; `outage` with all while it is set.

    `unanswered` are the requests that were taken and not answered well.
    """

    def __init__(self, handler: type["VendorHandler"]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.failures: deque[int | Fault] = deque()
        self.outage: Fault | None = None
        self.requests = 0
        self.unanswered: list[Form] = []

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server_port}"

    def take(self, path: str, form: Form, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Take a request that did not go wrong; return the answer."""
        raise NotImplementedError

    def next_fault(self) -> Fault | None:
        """Return what goes wrong now."""
        try:
            fault = self.failures.popleft()
        except IndexError:
            return self.outage
        return Fault(fault) if isinstance(fault, int) else fault


class VendorHandler(BaseHTTPRequestHandler):
    """One request: read, perhaps fail, take, answer."""

    server: Vendor

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        self.server.requests += 1
        fault = self.server.next_fault()
        if fault is None:
            self._answer(*self.server.take(self.path, form, dict(self.headers)))
            return
        if fault.is_taken:
            self.server.take(self.path, form, dict(self.headers))
            self.server.unanswered.append(form)
        time.sleep(fault.after_seconds)
        if fault.status:
            self._answer(fault.status, {"message": "not this time", "code": 20500}, fault.headers)

    def _answer(self, status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> None:
        raw = json.dumps(body).encode()
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked was killed, or lost patience

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


Served = TypeVar("Served", bound=Vendor)


@contextmanager
def serving(server: Served) -> Iterator[Served]:
    """Serve on a free port inside the block."""
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
