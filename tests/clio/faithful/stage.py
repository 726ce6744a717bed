"""PostgreSQL, Redis, web, worker and a sandbox that stands for Clio: all real, nobody else's, all of them mortal."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import redis
import requests
from psycopg2.extras import RealDictCursor, register_default_jsonb

from apps.clio.sandbox.authority import Application
from smarterfirms import embedded
from smarterfirms.embedded import postgres
from smarterfirms.embedded import redis as embedded_redis
from smarterfirms.embedded.places import Places

BASE = Path(__file__).resolve().parents[3]
_PATIENCE_SECONDS = 300
# Below those the system gives to whoever asks for any, so that nobody gets ours while a process of ours starts anew.
_PORTS = iter(range(10_000 + os.getpid() % 20_000, 32_000))
_PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """Return a port of this machine that nobody listens on, another one each time."""
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


class Stage:
    """Servers in a folder of their own, and processes that may be killed at any time."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder / "var")
        self.logs = folder / "log"
        self.logs.mkdir()
        self.web, self.clio = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def environment(self) -> dict[str, str]:
        """Return what tells every process where it is; this one must have it before the settings are read."""
        known, database = Application(), f"@/smarterfirms?host={self.places.sockets}"
        return {
            "APP_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "smarterfirms.settings",
            "VAR_DIR": str(self.places.var),
            "DATABASE_URL": f"postgresql://smarterfirms_app{database}",
            "DATABASE_OWNER_URL": f"postgresql://smarterfirms_owner{database}",
            "REDIS_URL": f"unix://{self.places.redis_socket}",
            "CELERY_BROKER_URL": "",
            "CACHE_URL": "",
            "PUBLIC_BASE_URL": self.web,
            "CLIO_WEBHOOK_BASE_URL": "",
            "CLIO_US_HOST": self.clio,
            "CLIO_CLIENT_ID": known.client_id,
            "CLIO_CLIENT_SECRET": known.client_secret,
            "CLIO_REQUESTS_PER_MINUTE": "1000000",
            "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "lines",
        }

    def start_servers(self) -> None:
        """Start PostgreSQL and Redis; they end with this process."""
        embedded.ensure(self.places.var)

    def start_sandbox(self, seed: int, last_day: str) -> None:
        """Let Clio serve another firm at the same address."""
        self.end("sandbox")
        firm = ["--seed", str(seed), "--timekeepers", "2", "--years", "1", "--until", last_day]
        rules = ["--port", self.clio.rpartition(":")[2], "--rate-limit", "0", "--webhook-time-scale", "0.001"]
        self._start("sandbox", ["-m", "apps.clio.sandbox", *firm, *rules])
        self._wait("sandbox", lambda: _answers(f"{self.clio}/sandbox/counts"))

    def start_web(self) -> None:
        """Start gunicorn; who calls it too early is one whose webhook is lost."""
        serving = ["--workers", "1", "--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
        self._start(
            "web", ["-m", "gunicorn", "smarterfirms.wsgi", "--bind", self.web.removeprefix("http://"), *serving]
        )

    def start_worker(self) -> None:
        """Start a worker of two processes. Beat's part is played by `rest`: its minutes would be ours."""
        queues = ["-Q", "critical,default", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        options = ["--concurrency", "2", "--loglevel", "WARNING", *queues]
        self._start("worker", ["-m", "celery", "-A", "smarterfirms", "worker", *options])

    def kill_child(self, number: int) -> bool:
        """Kill one of the worker's processes, which does the work; tell whether there was one."""
        children = self._children("worker")
        if not children:
            return False
        with suppress(ProcessLookupError):
            os.kill(children[number % len(children)], signal.SIGKILL)
        return True

    @contextmanager
    def frozen_child(self, number: int) -> Iterator[None]:
        """Let one of the worker's processes stand still inside the block, whatever it was at."""
        children = self._children("worker")
        chosen = children[number % len(children) :][:1] if children else []
        for child in chosen:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGSTOP)
        try:
            yield
        finally:
            for child in chosen:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGCONT)

    def kill(self, name: str) -> None:
        """Kill a process and all it has started."""
        process = self._processes.pop(name, None)
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def end(self, name: str) -> None:
        """Ask a process to end, and see that it does."""
        process = self._processes.get(name)
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            self.kill(name)

    def revive(self) -> None:
        """Start whatever is no longer there, and wait until all of it is."""
        for name, start in (("web", self.start_web), ("worker", self.start_worker)):
            process = self._processes.get(name)
            if process is None or process.poll() is not None:
                self.kill(name)
                start()
        self._wait("web", lambda: _answers(f"{self.web}/healthz"))
        self._wait("worker", lambda: len(self._children("worker")) >= 2)

    def empty_redis(self) -> None:
        """Lose broker, budget, breaker and cache at once."""
        with redis.Redis(unix_socket_path=str(self.places.redis_socket)) as server:
            server.flushall()

    def crash_redis(self) -> None:
        """Kill Redis; what comes back is what it had saved last, if anything."""
        pid = embedded_redis.process_id(self.places)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            _wait_for_end(pid)
        embedded_redis.start(self.places)

    def crash_postgres(self) -> None:
        """Stop PostgreSQL as a crash does, and start it again: it recovers from its log."""
        pid = int((self.places.postgres_data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        _wait_for_end(pid)
        postgres.start(self.places)

    def ask(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Look at the database from above every wall; numbers inside documents stay exact."""
        with self._above() as cursor:
            cursor.execute(query, values[0] if values and isinstance(values[0], dict) else values)
            return [dict(row) for row in cursor.fetchall()]

    def do(self, statement: str, *values: Any) -> int:
        """Change rows from above every wall; return how many."""
        with self._above() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

    @contextmanager
    def _above(self) -> Iterator[Any]:
        connection = psycopg2.connect(
            host=str(self.places.sockets), dbname="smarterfirms", user="postgres", cursor_factory=RealDictCursor
        )
        try:
            connection.autocommit = True
            register_default_jsonb(connection, loads=lambda text: json.loads(text, parse_float=Decimal))
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def call(self, path: str, content: object = None, method: str = "POST", *, may_refuse: bool = False) -> Any:
        """Pull a lever of the sandbox; None where it refuses and may."""
        answer = requests.request(method, f"{self.clio}/sandbox/{path}", json=content, timeout=60)
        if may_refuse and answer.status_code in (400, 404, 409, 422):
            return None
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def close(self) -> None:
        """End everything, the servers last."""
        for name in list(self._processes):
            self.kill(name)
        embedded.release(self.places.var)

    def deadlocks(self) -> int:
        """Return how often PostgreSQL had to end a transaction because two waited for each other."""
        return self.places.postgres_log.read_text(errors="replace").count("deadlock detected")

    def log_of(self, name: str) -> str:
        """Return what a process has written."""
        log = self.logs / f"{name}.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def _start(self, name: str, arguments: list[str]) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=BASE,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def _wait(self, name: str, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not reached():
            process = self._processes[name]
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not answer: {self.log_of(name)[-2000:]}")
            time.sleep(0.05)

    def _children(self, name: str) -> list[int]:
        process = self._processes.get(name)
        if process is None:
            return []
        with suppress(OSError):
            return [int(each) for each in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
        return []


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with suppress(FileNotFoundError, ProcessLookupError):  # nobody may be there to bury it: Z is an end, too
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            if time.monotonic() > deadline:
                raise RuntimeError(f"process {pid} does not end")
            time.sleep(0.02)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
