"""The product's processes on the bench's own database: web, worker, and a sandbox that stands for Clio."""

import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import redis
import requests
from django.conf import settings
from django.db import connection

from smarterfirms.processes import Supervisor, supervised

BASE = Path(__file__).resolve().parents[1]
# A database of the broker's own: nobody else's worker answers what is promised here.
_BROKER_DATABASE = 13


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the processes listen."""

    supervisor: Supervisor
    web: str
    broker: str

    def start_worker(self) -> None:
        """Start a worker of two processes, as the demo's."""
        arguments = ["-m", "celery", "-A", "smarterfirms", "worker", "--loglevel", "WARNING", "--concurrency", "2"]
        queues = ["-Q", "critical,default", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.supervisor.start("worker", [*arguments, *queues])

    def start_web(self) -> None:
        """Start gunicorn with two workers of four threads and wait until it answers."""
        port = str(urlsplit(self.web).port)
        serving = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
        self.supervisor.start("web", ["-m", "gunicorn", "smarterfirms.wsgi", "--bind", f"127.0.0.1:{port}", *serving])
        self.supervisor.wait_until("web", lambda: answers(f"{self.web}/readyz"))

    def start_sandbox(self, *firm: str) -> str:
        """Start a sandbox and return its address once it serves."""
        port = free_port()
        listening = ["--port", str(port), "--rate-limit", "0"]
        self.supervisor.start("sandbox", ["-m", "apps.clio.sandbox", *firm, *listening])
        host = f"http://127.0.0.1:{port}"
        self.supervisor.wait_until("sandbox", lambda: answers(f"{host}/sandbox/counts"), seconds=120)
        return host


@contextmanager
def stage(**environment: str) -> Iterator[Stage]:
    """Set the stage on the database this process uses; everything started on it ends with the block."""
    web, broker = f"http://127.0.0.1:{free_port()}", _with_database(settings.REDIS_URL, _BROKER_DATABASE)
    known = {
        "DATABASE_URL": _database_url(),
        "REDIS_URL": broker,
        "PUBLIC_BASE_URL": web,
        "CLIO_REQUESTS_PER_MINUTE": "1000000",
        "LOG_LEVEL": "WARNING",
        "VAR_DIR": str(settings.VAR_DIR),
    }
    with tempfile.TemporaryDirectory() as logs, redis.Redis.from_url(broker) as server:
        server.flushdb()
        with supervised(Supervisor(BASE, {**known, **environment}, Path(logs))) as supervisor:
            yield Stage(supervisor, web, broker)
        server.flushdb()


def answers(url: str) -> bool:
    """Tell whether there is somebody at an address who says 200."""
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        time.sleep(0.1)
        return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database_url() -> str:
    known = connection.settings_dict
    if str(known["HOST"]).startswith("/"):
        return f"postgresql://{known['USER']}@/{known['NAME']}?host={known['HOST']}"
    secret = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    return f"postgresql://{known['USER']}{secret}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


def _with_database(url: str, number: int) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{re.sub(r'[?].*', '', url)}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))
