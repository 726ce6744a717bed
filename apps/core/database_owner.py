"""Connect for a while as the role that owns the tables: migrations, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections


@contextmanager
def owner_connection(alias: str = "default") -> Iterator[None]:
    """Use the owner's credentials on a database alias inside the block; the connection is reopened on both sides."""
    connection = connections[alias]
    kept = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict.update({name: settings.DATABASE_OWNER[name] for name in kept})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)
