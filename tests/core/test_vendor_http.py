"""The HTTP base of the vendors: no answer takes longer than it may, and a cut one is no answer."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from apps.core.errors import VendorUnavailable
from apps.core.vendor_http import VendorSession

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"


@contextmanager
def answering(*pieces: bytes, pause: float = 0.0) -> Iterator[str]:
    """Serve one connection with these bytes, a pause after each piece."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                with server.accept()[0] as caller:
                    caller.recv(65_536)
                    for piece in pieces:
                        caller.sendall(piece)
                        time.sleep(pause)
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(timeout=5)


def test_reads_an_answer_that_comes_in_pieces():
    with answering(HEAD, *[b"ten bytes!"] * 4, pause=0.01) as url:
        assert VendorSession("Test").request("GET", url).content == b"ten bytes!" * 4


def test_ends_an_answer_that_trickles_in_though_every_byte_comes_in_time():
    with answering(HEAD.replace(b"40", b"400"), *[b"x"] * 400, pause=0.05) as url:
        begun = time.monotonic()

        with pytest.raises(VendorUnavailable, match="Timeout"):
            VendorSession("Test", total_seconds=0.2).request("GET", url)

        assert time.monotonic() - begun < 10  # the bytes take twenty seconds


def test_takes_no_answer_that_was_cut():
    with answering(HEAD, b"half of it") as url, pytest.raises(VendorUnavailable):
        VendorSession("Test").request("GET", url)


def test_takes_no_chunked_answer_that_was_cut():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with answering(head, b"5\r\nhello\r\n5\r\nwo") as url, pytest.raises(VendorUnavailable):
        VendorSession("Test").request("GET", url)


def test_an_empty_answer_is_one():
    with answering(b"HTTP/1.1 204 No Content\r\n\r\n") as url:
        assert VendorSession("Test").request("GET", url).content == b""
