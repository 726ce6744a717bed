"""Django's PostgreSQL backend, except that the first connection starts the embedded server.

So a command that never touches the database (linting, making a migration, the type checker) starts nothing.
"""

from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.postgresql import base

from smarterfirms import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Start the checkout's servers if they do not run, then connect."""
        embedded.ensure(settings.VAR_DIR)
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError:  # somebody killed the server since this process made sure of it
            embedded.ensure(settings.VAR_DIR, again=True)
            return super().get_new_connection(conn_params)
