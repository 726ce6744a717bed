"""`manage.py migrate`, as the role that owns the tables."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from apps.core.database_owner import owner_connection


class Command(Migrate):
    """Django's own command; the application's role may not change tables, so the owner's connection is used."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate the database of the alias given."""
        with owner_connection(options["database"]):
            super().handle(*args, **options)
