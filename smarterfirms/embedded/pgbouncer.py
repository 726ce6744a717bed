"""PgBouncer in transaction mode before the checkout's PostgreSQL: what production speaks through, for tests.

The pool is small on purpose: firms share server connections all the time, so that whatever one left in a session would
meet the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from smarterfirms.embedded.children import running
from smarterfirms.embedded.debian import Program
from smarterfirms.embedded.places import EmbeddedServerFailed, Places
from smarterfirms.embedded.privileges import demotion, own_as_server

ROLES = ("smarterfirms_app", "smarterfirms_owner")
CONSOLE = "pgbouncer"  # the name of its console, as a database and here as the role that may use it
_CONFIGURATION = """\
[databases]
* = host={server}

[pgbouncer]
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 500
query_wait_timeout = 30
listen_addr =
listen_port = 5432
unix_socket_dir = {sockets}
unix_socket_mode = 0777
auth_type = trust
auth_file = {users}
admin_users = {console}
ignore_startup_parameters = extra_float_digits,options
server_reset_query =
log_connections = 0
log_disconnections = 0
log_stats = 0
"""


@dataclass(frozen=True, slots=True)
class Bouncer:
    """A running PgBouncer: the folder of its socket serves as `host`."""

    host: str

    def address(self, database: str, role: str) -> str:
        """Return the URL of a database as a role, saying that it leads through PgBouncer."""
        return f"postgresql://{role}@/{database}?host={self.host}&pgbouncer=true"

    def ask(self, command: str, *names: str) -> list[dict[str, Any]]:
        """Send a command to the console, such as SHOW SERVERS, and return its rows by column."""
        console = psycopg2.connect(host=self.host, dbname=CONSOLE, user=CONSOLE)
        try:
            console.autocommit = True
            with console.cursor() as cursor:
                cursor.execute(sql.SQL(" ").join([sql.SQL(command), *map(sql.Identifier, names)]))
                columns = [column.name for column in cursor.description or ()]
                return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()] if columns else []
        finally:
            console.close()

    def forget(self, database: str) -> None:
        """Close every connection of a database, so that it can be dropped."""
        with suppress(psycopg2.Error):  # one nobody has asked for is not known
            self.ask("KILL", database)


@contextmanager
def pgbouncer(program: Program, places: Places, *, server: Path, pool_size: int) -> Iterator[Bouncer]:
    """Run PgBouncer before the server whose socket is in the folder `server`; its own socket is in `places.sockets`.

    It refuses to run as root, so it runs as the embedded server does. Raises EmbeddedServerFailed.
    """
    places.make()
    folder = places.var / "pgbouncer"
    folder.mkdir(exist_ok=True, mode=0o700)
    users, settings, log = folder / "users.txt", folder / "pgbouncer.ini", folder / "pgbouncer.log"
    users.write_text("".join(f'"{name}" ""\n' for name in (*ROLES, CONSOLE)))
    text = _CONFIGURATION.format(
        server=server, sockets=places.sockets, users=users, console=CONSOLE, pool_size=pool_size
    )
    settings.write_text(text)
    for path in (folder, users, settings):
        own_as_server(path)
    (places.sockets / ".s.PGSQL.5432").unlink(missing_ok=True)  # of one that was killed
    bouncer = Bouncer(str(places.sockets))
    with running(program, [str(settings)], log=log, answers=lambda: _answers(bouncer), first=demotion()):
        yield bouncer


def _answers(bouncer: Bouncer) -> bool:
    try:
        return bool(bouncer.ask("SHOW VERSION"))
    except psycopg2.OperationalError as error:
        if "auth failed" in str(error):
            raise EmbeddedServerFailed(f"PgBouncer refuses its own console: {error}") from error
        return False
