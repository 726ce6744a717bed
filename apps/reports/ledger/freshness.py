"""How current the mirror is, as clio publishes it."""

from django.db import connection

from apps.reports.contracts import Freshness

_FRESHNESS = """
SELECT (SELECT version FROM clio_out_version WHERE firm_id = %(firm)s), array_agg(entity), min(last_completed_at)
FROM clio_out_sync WHERE firm_id = %(firm)s AND first_completed_at IS NOT NULL
"""
# The ledger needs all of them; an entity is listed once it was read to its end.
NEEDED = frozenset({"users", "matters", "activities", "bills", "line_items", "allocations"})


def read_freshness(*, firm_id: int) -> Freshness:
    """Return how current the mirror is; call it inside the firm's transaction. The oldest entity sets the time."""
    with connection.cursor() as cursor:
        cursor.execute(_FRESHNESS, {"firm": firm_id})
        version, entities, last_synced_at = cursor.fetchone()
    return Freshness(
        is_connected=version is not None or bool(entities),
        is_complete=set(entities or ()) >= NEEDED,
        last_synced_at=last_synced_at,
        mirror_version=version or 0,
    )
