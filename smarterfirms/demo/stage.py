"""The processes of a complete product on one machine: sandbox, web, worker and beat."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import requests

from smarterfirms.processes import ProcessFailed, Supervisor, port_is_free

_NEEDED_BYTES = 1_000_000_000
# The sandbox's limit in the demo, and what the client assumes until the first answer tells it: both out of the way.
_REQUESTS_PER_MINUTE = 100_000


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the demo listens, on the loopback address only."""

    web_port: int
    sandbox_port: int

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def environment(self) -> dict[str, str]:
        """Return what tells the product's processes about these addresses."""
        return {
            "PUBLIC_BASE_URL": self.web,
            "CLIO_US_HOST": self.sandbox,
            "CLIO_REQUESTS_PER_MINUTE": str(_REQUESTS_PER_MINUTE),
            "LOG_FORMAT": "json",
        }


def refuse_if_impossible(addresses: Addresses, var: Path) -> None:
    """Raise ProcessFailed with a sentence when a port is taken or the disk is full."""
    for port, variable in ((addresses.web_port, "PORT"), (addresses.sandbox_port, "SANDBOX_PORT")):
        if not port_is_free(port):
            raise ProcessFailed(
                f"Port {port} is in use by another program. "
                f"Stop it, or choose another: {variable}={port + 100} make demo"
            )
    var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(var).free
    if free < _NEEDED_BYTES:
        raise ProcessFailed(
            f"Only {free // 1_000_000} MB are free on the disk of {var}; the demo needs about "
            f"{_NEEDED_BYTES // 1_000_000} MB."
        )


def raise_curtain(
    supervisor: Supervisor, addresses: Addresses, var: Path, credentials: dict[str, str], say: Callable[[str], None]
) -> None:
    """Start every process and wait until each answers. Raises ProcessFailed."""
    say("Opening a law firm in the Clio sandbox")
    supervisor.start("sandbox", _sandbox_arguments(addresses, var, credentials))
    say("Starting web, worker and beat")
    supervisor.start("web", _web_arguments(addresses))
    supervisor.start("worker", ["-m", "celery", "-A", "smarterfirms", "worker", *_WORKER_OPTIONS])
    supervisor.start("beat", ["-m", "celery", "-A", "smarterfirms", "beat", "--loglevel", "WARNING"])
    supervisor.wait_until("sandbox", lambda: _answers(f"{addresses.sandbox}/sandbox/counts"), seconds=180)
    supervisor.wait_until("web", lambda: _answers(f"{addresses.web}/readyz"))


_WORKER_OPTIONS = [
    *("-Q", "critical,default,email,sms,exports", "--concurrency", "2", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle"),
]


def _web_arguments(addresses: Addresses) -> list[str]:
    serving = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
    listening = ["--bind", f"127.0.0.1:{addresses.web_port}"]
    return ["-m", "gunicorn", "smarterfirms.wsgi", *listening, *serving, "--log-level", "warning"]


def _sandbox_arguments(addresses: Addresses, var: Path, credentials: dict[str, str]) -> list[str]:
    return [
        *("manage.py", "clio_sandbox", "--seed", "7", "--timekeepers", "12", "--years", "3"),
        *("--until", _last_day(var), "--port", str(addresses.sandbox_port)),
        *("--rate-limit", str(_REQUESTS_PER_MINUTE)),
        *("--client-id", credentials["client_id"], "--client-secret", credentials["client_secret"]),
        *("--redirect-uri", f"{addresses.web}/clio/callback"),
        *("--redirect-uri", f"{addresses.web}/auth/clio/callback"),
    ]


def _last_day(var: Path) -> str:
    """Return the last day of the demo firm's history: today at the first run, and the same day ever after."""
    remembered = var / "demo-firm.json"
    if not remembered.exists():
        remembered.write_text(json.dumps({"until": date.today().isoformat()}))  # noqa: DTZ011 - the person's own today
    until: str = json.loads(remembered.read_text())["until"]
    return until


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
