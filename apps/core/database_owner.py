"""Connect for a while as the role that owns the tables: migrations, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections


@contextmanager
def owner_connection(alias: str = "default") -> Iterator[None]:
    """Use the owner's credentials on a database alias inside the block; the connection is reopened on both sides."""
    connection = connections[alias]
    kept = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    connection.close()
    connection.settings_dict.update({name: settings.DATABASE_OWNER[name] for name in kept})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


_GRANTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO smarterfirms_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO smarterfirms_app;
GRANT USAGE ON SCHEMA public TO smarterfirms_app, smarterfirms_resolver, smarterfirms_staff;
"""


def grant_rows_to_the_application(using: str, **_: Any) -> None:
    """Before migrating: every table made from here on opens its rows, and nothing else, to the application's role."""
    with connections[using].cursor() as cursor:
        cursor.execute(_GRANTS)
