"""Deliveries across all walls, by ids only."""

from django.db import connection, transaction

from apps.notifications.contracts import DeliveryReference


def list_due_deliveries(*, limit: int) -> list[DeliveryReference]:
    """Return deliveries that are due and held by nobody, oldest first: what a sweeper must ring for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT delivery_id, user_id, firm_id FROM resolve_due_deliveries(%s)", [limit])
        return [DeliveryReference(*row) for row in cursor.fetchall()]
