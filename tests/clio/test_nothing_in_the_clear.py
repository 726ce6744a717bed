"""No token and no secret in the clear anywhere in the database or the logs; no client's name in logs or errors."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from django.utils import timezone

from apps.clio.mirror import ENTITIES
from apps.clio.models import ClioConnection, Webhook
from apps.clio.services.keep_webhooks import keep_webhooks
from apps.core.database_owner import owner_connection
from apps.core.encryption import decrypt
from apps.core.tenancy import tenant
from tests.clio.factories import connect, sync

pytestmark = pytest.mark.django_db(transaction=True)


def _secrets_of(firm: Any) -> set[str]:
    with tenant(firm.firm_id):
        grant = ClioConnection.objects.get(firm_id=firm.firm_id)
        sealed = [each.sealed_secret for each in Webhook.objects.filter(firm_id=firm.firm_id) if each.sealed_secret]
    return {decrypt(each) for each in (grant.access_token, grant.refresh_token, *sealed)}


def _everything_stored() -> dict[str, str]:
    """Return the text of every row of every table, as a dump of the database would hold it."""
    with owner_connection(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(r::text, chr(10)), '') FROM \"{table}\" r")
            found[table] = cursor.fetchone()[0]
    return found


def test_a_connection_leaves_no_secret_and_no_name_where_they_could_be_read(
    cast: Any, clio: Any, live_server: Any, settings: Any, caplog: Any, capfd: Any
) -> None:
    settings.CLIO_WEBHOOK_BASE_URL = live_server.url
    connect(cast.firm, clio)
    secrets = _secrets_of(cast.firm)

    keep_webhooks(firm_id=cast.firm.firm_id, now=timezone.now())
    clio.control("webhooks/settle", {"seconds": 20})
    clio.control("expire")
    clio.control(
        "faults", {"next": [{"kind": kind, "path": "/api/v4/contacts.json"} for kind in ("500", "html200", "truncate")]}
    )
    sync(cast.firm)
    secrets |= _secrets_of(cast.firm) | {configured.CLIO_CLIENT_SECRET}
    names = {contact["name"] for contact in clio.list_all("contacts", "id,name")}

    stored = _everything_stored()
    said = capfd.readouterr()
    logged = f"{said.out}{said.err}{[vars(record) for record in caplog.records]}"
    assert len(secrets) >= 5
    assert {table for table, text in stored.items() if any(secret in text for secret in secrets)} == set()
    assert not [secret for secret in secrets if secret in logged]
    assert not [name for name in names if name in logged]
    named = {table for table, text in stored.items() if any(name in text for name in names)}
    assert named - {entity.table for entity in ENTITIES} == set()
    assert "clio_contacts" in named
