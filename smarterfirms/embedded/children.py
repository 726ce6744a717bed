"""Server processes that end with the process that started them, even when that one is killed."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from smarterfirms.embedded.debian import Program
from smarterfirms.embedded.places import EmbeddedServerFailed, last_lines

_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 10


@contextmanager
def running(
    program: Program,
    arguments: list[str],
    *,
    log: Path,
    answers: Callable[[], bool],
    first: Callable[[], None] | None = None,
    seconds: float = 15,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server in the foreground inside the block, from when it answers; on the way out it is stopped.

    first: what the child calls before the program, such as giving up root. Raises EmbeddedServerFailed with the end of
    its log when it ends or does not answer within so many seconds.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - a server's program, with arguments of ours
            [str(program.path), *arguments],
            cwd=log.parent,
            env=program.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the tests first; the server goes last
            preexec_fn=_die_with_parent(os.getpid(), first),
        )
    try:
        wait_until(lambda: child.poll() is not None or answers(), what=program.path.name, log=log, seconds=seconds)
        if child.poll() is not None:
            raise EmbeddedServerFailed(f"{program.path.name} did not start.{last_lines(log)}")
        yield child
    finally:
        _stop(child)


def wait_until(reached: Callable[[], bool], *, what: str, log: Path, seconds: float) -> None:
    """Wait until something is reached. Raises EmbeddedServerFailed with the end of a log when it takes too long."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise EmbeddedServerFailed(f"{what} did not answer within {seconds:.0f} s.{last_lines(log)}")
        time.sleep(0.05)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    child.send_signal(signal.SIGCONT)  # one that a test had stopped would not hear the next
    child.terminate()
    try:
        child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _die_with_parent(parent: int, first: Callable[[], None] | None) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        if first is not None:
            first()
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # last: changing the account takes it back
        if os.getppid() != parent:
            os._exit(1)

    return arrange
