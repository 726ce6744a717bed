"""Databases of the bench's own: nothing measured here is left in the developer's, or slowed down by it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from apps.core.database_owner import owner_connection


@contextmanager
def database_of_its_own(kept_as: str = "") -> Iterator[None]:
    """Make and migrate a database, use it as the application's role, and drop it at the end.

    kept_as: a name under which it stays, to be migrated and used again next time.
    """
    usual = str(connection.settings_dict["NAME"])
    connection.settings_dict["TEST"]["NAME"] = f"bench_smarterfirms_{kept_as or os.getpid()}"
    with owner_connection():
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=bool(kept_as))
    try:
        yield
    finally:
        with owner_connection():
            connection.creation.destroy_test_db(usual, verbosity=0, keepdb=bool(kept_as))
