"""`python -m tests.pooled [what pytest understands]`: run the suite through PgBouncer and on a Redis Cluster.

Both start for this run and end with it. Migrations go to PostgreSQL directly, and Celery's broker is a Redis of its
own, as in production.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from smarterfirms import embedded
from smarterfirms.embedded.debian import find_programs
from smarterfirms.embedded.pgbouncer import pgbouncer
from smarterfirms.embedded.places import EmbeddedServerFailed, Places
from smarterfirms.embedded.redis_cluster import redis_cluster
from tests.session_state import POOL_SIZE

_BASE = Path(__file__).resolve().parents[2]
_PACKAGES = {"pgbouncer": "pgbouncer", "redis-server": "redis-server"}
_ALL = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def main(arguments: list[str]) -> int:
    """Run pytest between the servers and return its exit code."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    var = _BASE / "var"
    try:
        return _run(var, arguments or _ALL)
    except EmbeddedServerFailed as failed:
        print(f"test-pooled: {failed}", file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        embedded.release(var)


def _run(var: Path, arguments: list[str]) -> int:
    embedded.ensure(var)
    server, own = Places(var), Places(var / "pooled")
    programs = find_programs(_PACKAGES, var / "debian")
    with ExitStack() as stack:
        bouncer = stack.enter_context(pgbouncer(programs["pgbouncer"], own, server=server.sockets, pool_size=POOL_SIZE))
        cluster = stack.enter_context(redis_cluster(programs["redis-server"], own.var / "cluster"))
        environment = {
            "DATABASE_URL": bouncer.address("smarterfirms", "smarterfirms_app"),
            "DATABASE_OWNER_URL": f"postgresql://smarterfirms_owner@/smarterfirms?host={server.sockets}",
            "CACHE_URL": cluster.url,
            # `make test` sends as many as are promised; here the ways they take are what is tested.
            "CHAOS_MESSAGES": os.environ.get("CHAOS_MESSAGES", "400"),
        }
        return _pytest(arguments, environment)


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    inherited = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "CELERY_BROKER_URL")}
    tests = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=_BASE, env={**inherited, **environment})
    try:
        return tests.wait()
    except KeyboardInterrupt:  # Ctrl-C reaches pytest as well, which reports and ends; a SIGTERM is handed on
        tests.send_signal(signal.SIGINT)
        tests.wait()
        raise


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
