"""Vendors' events that wait to be applied, across all walls, by ids only."""

from django.db import connection, transaction

from apps.notifications.contracts import EventReference


def list_due_events(*, limit: int) -> list[EventReference]:
    """Return events that nobody has applied yet and that are due, oldest first."""
    query = "SELECT event_id, user_id, firm_id, address_digest FROM resolve_due_events(%s)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, [limit])
        return [EventReference(*row) for row in cursor.fetchall()]
