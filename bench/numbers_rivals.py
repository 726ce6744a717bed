"""What the numbers are set beside: statements by hand on the mirror, DuckDB, and a role that no wall holds."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

from apps.core.tenancy import tenant

_HERE = Path(__file__).parent
_PYTHON = _HERE.parent / "var" / "bench-dlt" / "bin" / "python"
_BYPASSING = "smarterfirms_bench_bypass"
_TABLES = ("time", "expense", "line", "settle", "bill", "interest", "employment")
# The 12 months of the overview.
FIRST, LAST = date(2025, 10, 18), date(2026, 10, 17)


def run_by_hand(firm_id: int) -> None:
    """Run the statements of numbers_by_hand.sql."""
    values: dict[str, Any] = {"firm": firm_id, "first": FIRST, "last": LAST}
    with tenant(firm_id, read_only=True), connection.cursor() as cursor:
        for statement in (_HERE / "numbers_by_hand.sql").read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
                cursor.fetchall()


@contextmanager
def duckdb_beside(firm_id: int) -> Iterator[Callable[[], float] | None]:
    """Yield what asks DuckDB for the overview's sums and returns its milliseconds; it stays warm between the askings.

    None where it is not installed (`make bench` does that).
    """
    if not _PYTHON.exists():
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        _export(firm_id, Path(folder))
        command = [str(_PYTHON), "-I", str(_HERE / "numbers_duckdb.py"), folder, str(FIRST), str(LAST)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, bufsize=1) as rival:  # noqa: S603 - our own command
            if _said(rival) == "ready":
                yield partial(_asked, rival)
            else:
                _check_missing(rival)
                yield None


def _export(firm_id: int, folder: Path) -> None:
    with tenant(firm_id, read_only=True), connection.cursor() as cursor:
        for table in _TABLES:
            query = f"COPY (SELECT * FROM reports_{table}) TO STDOUT WITH (FORMAT csv, HEADER)"  # noqa: S608 - our own names
            with (folder / f"{table}.csv").open("wb") as target:
                cursor.copy_expert(query, target)


def _asked(rival: subprocess.Popen[str]) -> float:
    assert rival.stdin is not None
    rival.stdin.write("again\n")
    rival.stdin.flush()
    return float(_said(rival))


def _said(rival: subprocess.Popen[str]) -> str:
    assert rival.stdout is not None
    line: str = rival.stdout.readline()
    return line.strip()


def _check_missing(rival: subprocess.Popen[str]) -> None:
    """Raise what went wrong, unless it is an environment made before there was this rival."""
    told = rival.communicate()[1]
    if "No module named 'duckdb'" not in told:
        raise RuntimeError(told[-2000:])


@contextmanager
def without_the_wall() -> Iterator[None]:
    """Connect as a role of the bench's own that reads every firm's rows; the queries stay the same."""
    _make_bypassing_role()
    usual = str(connection.settings_dict["USER"])
    connection.close()
    connection.settings_dict["USER"] = _BYPASSING
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = usual


def _make_bypassing_role() -> None:
    """Make the role as the embedded server's superuser: on a server of others the bench has no business to."""
    if not settings.USES_EMBEDDED_SERVERS:
        raise RuntimeError("tenancy.overhead is measured on the embedded server only")
    known = connection.settings_dict
    superuser = psycopg2.connect(host=known["HOST"], dbname=known["NAME"], user="postgres")
    try:
        with superuser, superuser.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [_BYPASSING])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {_BYPASSING} LOGIN BYPASSRLS")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {_BYPASSING}")
    finally:
        superuser.close()
