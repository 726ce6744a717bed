"""Changes are kept for two weeks."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from apps.clio.services.forget_changes import KEPT, forget_changes
from apps.core.tenancy import tenant
from tests.clio.factories import fetch
from tests.clio.mirror.writing import changes, completed, write


def test_forgets_what_is_old_and_tells_up_to_where(cast):
    completed(cast.firm, "matters")
    for number in (1, 2, 3):
        write(cast.firm, "matters", {"id": number})
    now = timezone.now()
    with tenant(cast.firm.firm_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clio_changes SET changed_at = %s WHERE version <= 2", [now - KEPT - timedelta(minutes=1)]
        )
    write(cast.strangers_firm, "matters", {"id": 1})

    assert forget_changes(now=now) == 2
    assert forget_changes(now=now) == 0

    assert [row["version"] for row in changes(cast.firm)] == [3]
    assert fetch(cast.firm, "SELECT version, changes_since FROM clio_out_version") == [(3, 2)]
    assert fetch(cast.strangers_firm, "SELECT version, changes_since FROM clio_out_version") == [(1, 0)]
