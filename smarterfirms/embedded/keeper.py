"""The process that stops a checkout's servers once nobody has used them for a while."""

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

from smarterfirms.embedded import redis, stop_if_unused, users_lock
from smarterfirms.embedded.places import Places, is_program

_PATIENCE_SECONDS = 30
_LOOK_SECONDS = 3


def keep(var: Path) -> None:
    """Watch the users' lock and stop the servers after a quiet spell; ends at once if another keeper is at work."""
    with (var / "keeper.lock").open("w") as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        places, quiet_since = Places(var), time.monotonic()
        redis_pid: int | None = None
        while True:
            time.sleep(_LOOK_SECONDS)
            if not var.exists():
                _end_redis(
                    redis_pid, places
                )  # the checkout was removed; PostgreSQL ends by itself when its folder is gone
                return
            redis_pid = redis.process_id(places) or redis_pid
            if _in_use(places):
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since >= _PATIENCE_SECONDS and stop_if_unused(places):
                return


def _end_redis(process_id: int | None, places: Places) -> None:
    if process_id is not None and is_program(str(process_id), "redis-server", str(places.redis_socket)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)


def _in_use(places: Places) -> bool:
    with users_lock(places) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


if __name__ == "__main__":
    os.chdir("/")
    keep(Path(sys.argv[1]))
