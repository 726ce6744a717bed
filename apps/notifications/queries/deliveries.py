"""Deliveries across all walls, by ids only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.notifications.contracts import Channel, DeliveryReference


def list_due_deliveries(*, limit: int) -> list[tuple[DeliveryReference, Channel]]:
    """Return deliveries that are due and held by nobody, oldest first: what a sweeper must ring for."""
    rows = _ask("SELECT delivery_id, user_id, firm_id, channel FROM resolve_due_deliveries(%s)", [limit])
    return [(DeliveryReference(*row[:3]), Channel(row[3])) for row in rows]


def list_dead_deliveries(
    *, ids: Sequence[int] | None = None, channel: Channel | None = None, since: datetime | None = None, limit: int
) -> list[tuple[DeliveryReference, Channel]]:
    """Return deliveries that were given up, newest first. ids: of these only. since: promised at or after it."""
    query = "SELECT delivery_id, user_id, firm_id, channel FROM resolve_dead_deliveries(%s::bigint[], %s, %s, %s)"
    rows = _ask(query, [None if ids is None else list(ids), channel, since, limit])
    return [(DeliveryReference(*row[:3]), Channel(row[3])) for row in rows]


def find_delivery_by_key(message_key: UUID) -> DeliveryReference | None:
    """Return the delivery that a vendor names by our key, or None."""
    rows = _ask("SELECT delivery_id, user_id, firm_id FROM resolve_delivery_by_key(%s)", [str(message_key)])
    return DeliveryReference(*rows[0]) if rows else None


def _ask(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
