"""Development's own PostgreSQL and Redis: real servers under `var/`, shared by all processes of the checkout.

A process that needs them calls `ensure()` and thereby holds a shared lock until it ends, however it ends. A small
keeper process stops the servers half a minute after the last holder has gone. Production never comes here: the
settings name this package only when DATABASE_URL or REDIS_URL is missing and the environment is development or test.
"""

import fcntl
import os
import sys
from pathlib import Path
from typing import IO

from smarterfirms.embedded import postgres, redis
from smarterfirms.embedded.places import EmbeddedServerFailed, Places

__all__ = ["EmbeddedServerFailed", "Places", "ensure", "release", "stop_if_unused"]

_holds: dict[Path, IO[str]] = {}


def ensure(var: Path, *, again: bool = False) -> None:
    """Make sure both servers run and keep them running for the life of this process.

    again: look even if this process made sure before.
    Raises EmbeddedServerFailed with a sentence for the person at the terminal.
    """
    if var in _holds and not again:
        return
    places = Places(var)
    places.make()
    hold = _holds.get(var) or users_lock(places)
    fcntl.flock(hold, fcntl.LOCK_SH)
    with (var / "start.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        _start_keeper(var)  # first, so that a start cut off leaves nothing running for ever
        postgres.start(places)
        redis.start(places)
    _holds[var] = hold


def release(var: Path) -> None:
    """Give up this process's hold and stop the servers if no other process uses them."""
    hold = _holds.pop(var, None)
    if hold is not None:
        hold.close()
        stop_if_unused(Places(var))


def stop_if_unused(places: Places) -> bool:
    """Stop both servers unless some process holds them; tell whether they were stopped."""
    with users_lock(places) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        redis.stop(places)
        postgres.stop(places)
        return True


def users_lock(places: Places) -> IO[str]:
    """Open the file whose shared lock means "the servers are in use"."""
    return (places.var / "users.lock").open("w")


def _start_keeper(var: Path) -> None:
    """Start the keeper as a session of its own that nobody waits for; a second one ends at once."""
    log = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "smarterfirms.embedded.keeper", str(var)],
        {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(var / "log" / "keeper.log"), log, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
