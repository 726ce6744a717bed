"""Start the product's processes side by side, wait until they answer, and stop every one of them at the end."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from smarterfirms.embedded.places import last_lines

_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 15


class ProcessFailed(RuntimeError):
    """A process did not start or ended early; the text is a sentence for the person at the terminal."""


@dataclass(slots=True)
class Supervisor:
    """Owns child processes: each writes to its own log, dies with this process, and is stopped by `stop_all`."""

    folder: Path
    environment: dict[str, str]
    logs: Path
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, arguments: list[str]) -> None:
        """Start `python <arguments>` under a name; its output goes to `<logs>/<name>.log`."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log_of(name).open("w") as log:
            self._children[name] = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, *arguments],
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent(os.getpid()),
            )

    def wait_until(self, name: str, answers: Callable[[], bool], *, seconds: float = 60) -> None:
        """Wait until a process answers. Raises ProcessFailed with the end of its log when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not answers():
            self.check()
            if time.monotonic() > deadline:
                raise ProcessFailed(f"{name} did not answer within {seconds:.0f} s.{last_lines(self.log_of(name), 8)}")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise ProcessFailed if any process has ended."""
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ProcessFailed(f"{name} ended with code {child.returncode}.{last_lines(self.log_of(name), 8)}")

    def stop_all(self) -> None:
        """Ask every process to end, the last started first; whoever does not listen is killed."""
        for child in reversed(self._children.values()):
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                _signal_group(child, signal.SIGKILL)
                child.wait()
        self._children.clear()

    def log_of(self, name: str) -> Path:
        """Return where a process writes."""
        return self.logs / f"{name}.log"


@contextmanager
def supervised(supervisor: Supervisor) -> Iterator[Supervisor]:
    """Stop everything on the way out, also on Ctrl-C and SIGTERM."""
    previous = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        yield supervisor
    finally:
        supervisor.stop_all()
        signal.signal(signal.SIGTERM, previous)


def port_is_free(port: int) -> bool:
    """Tell whether something could listen on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _die_with_parent(parent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    """Reach a child and whatever it started, also after the child itself has ended."""
    child.poll()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
