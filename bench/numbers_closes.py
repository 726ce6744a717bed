"""The last twelve whole months of a measured firm, closed once and kept so."""

from datetime import date

from django.db import connection

from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.queries.closes import list_closes
from apps.reports.services.close_month import close_month
from bench.numbers_firm import NOW

CLOSED_YEAR = "2025-10-01..2026-09-30"
MONTHS = [date(2025, month, 1) for month in (10, 11, 12)] + [date(2026, month, 1) for month in range(1, 10)]


def close_year(firm_id: int) -> None:
    """Close those of the months that are open."""
    owner_id = owner_of(firm_id)
    with tenant(firm_id, read_only=True):
        closes = list_closes(scope=Scope.whole_firm(firm_id))
        closed = {each.month for each in closes if each.reopened_at is None}
    for month in MONTHS:
        if month not in closed:
            close_month(firm_id=firm_id, actor_id=owner_id, month=month, now=NOW)


def owner_of(firm_id: int) -> int:
    """Return who made the firm, and bring its clock to the bench's: Clio's data are of today."""
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_synced_entities SET last_completed_at = %s WHERE firm_id = %s", [NOW, firm_id])
        cursor.execute("SELECT user_id FROM accounts_membership WHERE firm_id = %s", [firm_id])
        return int(cursor.fetchone()[0])
