"""Tell accounts which of the firm's people were turned off in Clio, or are no longer there."""

from django.db import connection

from apps.accounts import interface as accounts
from apps.clio.models import ClioConnection
from apps.core.tenancy import tenant

_OFF_SINCE = """
SELECT clio_id, seen_at FROM clio_users,
       LATERAL greatest(CASE WHEN enabled IS FALSE THEN disabled_seen_at END, gone_at) AS seen_at
WHERE firm_id = %(firm_id)s AND seen_at > coalesce(%(told_to)s::timestamptz, '-infinity')
ORDER BY seen_at, clio_id
"""


def tell_of_users(*, firm_id: int) -> int:
    """Tell of everybody seen off for the first time since the last time; return how many there were.

    Each once: an administrator who lets somebody go on working is not overruled by the next sync. Being told and having
    told are one transaction.
    """
    with tenant(firm_id), connection.cursor() as cursor:
        connected = ClioConnection.objects.select_for_update().get(firm_id=firm_id)
        cursor.execute(_OFF_SINCE, {"firm_id": firm_id, "told_to": connected.users_told_to})
        rows = cursor.fetchall()
        for clio_user_id, _ in rows:
            accounts.note_clio_user_disabled(firm_id=firm_id, clio_user_id=clio_user_id)
        if rows:
            connected.users_told_to = rows[-1][1]
            connected.save(update_fields=["users_told_to"])
    return len(rows)
