"""The HTTP server: threads, keep-alive, one write per answer."""

from __future__ import annotations

import contextlib
import gzip
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, cast

from apps.clio.sandbox.faults import Fault
from apps.clio.sandbox.sandbox import Sandbox
from apps.clio.sandbox.wire import Answer, Request

BODY_LIMIT = 8 * 1024 * 1024
SMALL_BODY = 1_000


class SandboxServer(ThreadingHTTPServer):
    """Serves one sandbox on one address."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.closing = Event()
        super().__init__((host, port), Handler)

    @property
    def base_url(self) -> str:
        """Return the address under which the server is reached."""
        host, port = str(self.server_address[0]), int(self.server_address[1])
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def server_bind(self) -> None:
        """Bind without asking a name server who this machine is."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about callers who hang up; let real faults of the sandbox be seen."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads a request, lets the sandbox answer, writes the answer in one piece."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "ClioSandbox"

    def do_GET(self) -> None:
        """Answer a request of any method."""
        server = cast("SandboxServer", self.server)
        request = self._request(server)
        if request is None:
            self._send(Answer(413))
            return
        fault = server.sandbox.fault_for(request.path)
        if fault is None:
            self._send(server.sandbox.answer(request))
        else:
            self._fail(server, fault, request)

    do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 -- the base class looks for these names

    def _request(self, server: SandboxServer) -> Request | None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= BODY_LIMIT:
            self.close_connection = True
            return None
        path, _, query = self.path.partition("?")
        host = self.headers.get("Host")
        base_url = f"http://{host}" if host else server.base_url
        body = self.rfile.read(length) if length else b""
        return Request(
            self.command,
            path,
            query,
            cast("Mapping[str, str]", self.headers),
            body,
            str(self.client_address[0]),
            base_url,
        )

    def _fail(self, server: SandboxServer, fault: Fault, request: Request) -> None:
        rules = server.sandbox.rules
        if fault.kind == "slow":
            time.sleep(rules.slow_seconds if fault.seconds is None else fault.seconds)
            self._send(server.sandbox.answer(request))
        elif fault.kind in ("timeout", "drop"):
            if fault.kind == "timeout":
                server.closing.wait(rules.timeout_seconds if fault.seconds is None else fault.seconds)
            server.sandbox.log.note(request.path)
            self._hang_up()
        elif fault.kind == "truncate":
            answer = server.sandbox.answer(request)
            self.wfile.write(self._head(answer) + answer.body[: len(answer.body) // 2])
            self._hang_up()
        else:
            self._send(server.sandbox.failure(fault, request))

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, answer: Answer) -> None:
        rules = cast("SandboxServer", self.server).sandbox.rules
        if rules.gzip and len(answer.body) > SMALL_BODY and "gzip" in self.headers.get("Accept-Encoding", ""):
            answer.body = gzip.compress(answer.body, compresslevel=1, mtime=0)
            answer.headers["Content-Encoding"] = "gzip"
        body = b"" if self.command == "HEAD" or answer.status == 304 else answer.body
        try:
            self.wfile.write(self._head(answer) + body)
        finally:
            if answer.after is not None:
                answer.after()

    def _head(self, answer: Answer) -> bytes:
        phrase = self.responses.get(answer.status, ("Answer", ""))[0]
        lines = [
            f"HTTP/1.1 {answer.status} {phrase}",
            f"Server: {self.server_version}",
            f"Date: {answer.headers.pop('Date', None) or formatdate(usegmt=True)}",
        ]
        if answer.status != 304:
            lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: tests and demonstrations count requests instead of reading them."""


@contextmanager
def serving(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> Iterator[SandboxServer]:
    """Serve a sandbox from a thread of this process; port 0 takes a free one."""
    server = SandboxServer(host, port, sandbox)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="clio-sandbox", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        sandbox.close()
        thread.join()
