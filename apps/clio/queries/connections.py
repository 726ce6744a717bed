"""Reads of a firm's connection to Clio."""

from django.db import connection, transaction

from apps.clio.contracts import ConnectionStatus, ConnectionSummary
from apps.clio.models import ClioConnection
from apps.core.tenancy import tenant


def find_connection(*, firm_id: int) -> ConnectionSummary | None:
    """Return the firm's connection as people may see it, or None if it never had one."""
    with tenant(firm_id):
        row = ClioConnection.objects.filter(firm_id=firm_id).first()
    if row is None:
        return None
    return ConnectionSummary(
        status=ConnectionStatus(row.status),
        region=row.region,
        clio_account_id=row.clio_account_id,
        clio_account_name=row.clio_account_name,
        clio_user_name=row.clio_user_name,
        connected_at=row.connected_at,
        status_changed_at=row.status_changed_at,
    )


def list_connected_firms() -> list[int]:
    """Return the firms whose connection to Clio is meant to work, revoked ones included."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT firm_id FROM resolve_clio_firms()")
        return [firm_id for (firm_id,) in cursor.fetchall()]
