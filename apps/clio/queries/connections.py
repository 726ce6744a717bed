"""Reads of a firm's connection to Clio."""

from django.conf import settings
from django.db import connection, transaction

from apps.clio.contracts import ConnectionStatus, ConnectionSummary
from apps.clio.models import ClioConnection
from apps.clio.rules.region_names import US
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


def find_app_host(*, firm_id: int) -> str:
    """Return where people of the firm open Clio, `https://app.clio.com`; empty if it never was connected."""
    with tenant(firm_id):
        region = ClioConnection.objects.filter(firm_id=firm_id).values_list("region", flat=True).first()
    if region is None:
        return ""
    return settings.CLIO_US_HOST if region == US else settings.CLIO_OTHER_REGIONS.get(region, ("",))[0]


def list_connected_firms() -> list[int]:
    """Return the firms whose connection to Clio is meant to work, revoked ones included."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT firm_id FROM resolve_clio_firms()")
        return [firm_id for (firm_id,) in cursor.fetchall()]
