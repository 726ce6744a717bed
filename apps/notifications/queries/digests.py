"""Daily digests across all walls, by ids only."""

from django.db import connection, transaction


def list_due_digests(*, limit: int) -> list[int]:
    """Return the ids of people whose daily digest is due, the longest due first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM resolve_due_digests(%s)", [limit])
        return [user_id for (user_id,) in cursor.fetchall()]
