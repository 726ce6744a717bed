"""Remove entries of the audit trail that are older than seven years."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from apps.core.database_owner import owner_connection

_OLD = "DELETE FROM core_auditentry WHERE happened_at < now() - interval '7 years'"


class Command(BaseCommand):
    help = "Remove entries of the audit trail older than seven years, as the owner of the tables; younger ones stay."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them and say how many there were."""
        with owner_connection(), connection.cursor() as cursor:
            cursor.execute(_OLD)
            self.stdout.write(f"Removed {cursor.rowcount:,} entries.")
