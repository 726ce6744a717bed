"""`manage.py prepare_database`: make the four roles and let the given log-in use them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

_OLDEST_SERVER = 180000
_ROLES = ("smarterfirms_owner", "smarterfirms_app")


class Command(BaseCommand):
    """Prepare a server of your own, once, before the first `migrate`.

    Runs deploy/postgres/roles.sql as the log-in of DATABASE_URL, which therefore must be allowed to create roles, and
    grants it the owner's and the application's role; in development Django then takes on one or the other.
    """

    help = "make the database roles of deploy/postgres/roles.sql (once per server; safe to repeat)"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the statements; a server too old or a log-in not allowed to is a clear sentence."""
        connection.close()
        connection.settings_dict["OPTIONS"] = {
            name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "assume_role"
        }
        try:
            self._prepare()
        except DatabaseError as error:
            raise CommandError(f"The log-in of DATABASE_URL could not prepare the database: {error}") from error
        finally:
            connection.close()

    def _prepare(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            if cursor.fetchone()[0] < _OLDEST_SERVER:
                raise CommandError("PostgreSQL 18 or newer is needed; DATABASE_URL names an older server.")
            cursor.execute((settings.BASE_DIR / "deploy" / "postgres" / "roles.sql").read_text())
            for role in _ROLES:
                cursor.execute(f"GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE")
            cursor.execute("GRANT USAGE, CREATE ON SCHEMA public TO smarterfirms_owner")
        self.stdout.write("The roles are there. Next: manage.py migrate")
