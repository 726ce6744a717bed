"""How far each entity of Clio's was read, as clio publishes it."""

from datetime import datetime

from django.db import connection

from apps.reports.contracts.quality import EntityAge

_AGES = """
SELECT entity, last_completed_at, refused FROM clio_out_sync WHERE firm_id = %(firm)s ORDER BY entity
"""


def read_sync_ages(*, firm_id: int, now: datetime) -> tuple[EntityAge, ...]:
    """Return how long ago each entity was read to its end; call it inside the firm's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_AGES, {"firm": firm_id})
        return tuple(
            EntityAge(entity, completed, max(int((now - completed).total_seconds()), 0) if completed else None, refused)
            for entity, completed, refused in cursor.fetchall()
        )
