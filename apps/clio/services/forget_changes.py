"""Forget which records changed long ago: who has not read of it by then reads everything anew."""

from datetime import datetime, timedelta

from django.db import connection

from apps.accounts.interface import list_firm_ids
from apps.core.tenancy import tenant

KEPT = timedelta(days=14)
_FORGET = """
WITH forgotten AS (
    DELETE FROM clio_changes WHERE firm_id = %(firm)s AND changed_at < %(before)s RETURNING version
), noted AS (
    UPDATE clio_mirror_versions SET forgotten_version = greatest(forgotten_version, last.version)
    FROM (SELECT max(version) AS version FROM forgotten) last WHERE firm_id = %(firm)s AND last.version IS NOT NULL
)
SELECT count(*) FROM forgotten
"""


def forget_changes(*, now: datetime) -> int:
    """Remove the changes of every firm older than `KEPT`, noting up to which version; return how many went."""
    return sum(_forget(firm_id, now - KEPT) for firm_id in list_firm_ids())


def _forget(firm_id: int, before: datetime) -> int:
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(_FORGET, {"firm": firm_id, "before": before})
        count: int = cursor.fetchone()[0]
    return count
