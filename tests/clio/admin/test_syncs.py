"""Staff see how every firm's sync is, by granted columns, and leave a trace by looking."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.clio.models import ClioConnection, HealthAlert
from apps.clio.services.open_reconciliation import open_reconciliation
from apps.clio.services.reconcile_firm import reconcile_firm
from apps.core.models import AuditEntry
from apps.core.staff import staff_view
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import enter_admin
from tests.accounts.factories import make_user
from tests.clio.factories import mirrored, sync

pytestmark = pytest.mark.django_db
LIST = "/admin/clio/clioconnection/"


def staff(*rights: str) -> Client:
    person = make_user("Sam Staff")
    person.is_staff = True
    person.save()
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="clio", codename__in=rights))
    client = Client()
    enter_admin(client, person)
    return client


@pytest.fixture
def reader() -> Client:
    return staff("view_clioconnection")


def test_lists_every_firm_with_its_state(reader, firm, clio):
    sync(firm, full=True)
    with tenant(firm.firm_id):
        now = timezone.now()
        HealthAlert.objects.create(firm_id=firm.firm_id, kind="failing", begun_at=now, told_at=now)

    answer = reader.get(LIST)

    (row,) = answer.context["rows"]
    assert (row.firm_id, row.status, row.run_state, row.alerts) == (firm.firm_id, "connected", "done", ("failing",))
    assert row.records >= len(mirrored(firm, "activities"))
    assert f"Firm {firm.firm_id}" in answer.content.decode()


def test_shows_only_those_that_are_not_well(reader, firm):
    assert reader.get(LIST, {"unwell": "1"}).context["rows"] == []

    with tenant(firm.firm_id):
        ClioConnection.objects.update(status="revoked")

    assert len(reader.get(LIST, {"unwell": "1"}).context["rows"]) == 1
    assert len(reader.get(LIST, {"status": "disconnected"}).context["rows"]) == 0
    assert len(reader.get(LIST, {"status": "nonsense", "cursor": "nonsense"}).context["rows"]) == 1


def test_shows_a_firm_entity_by_entity(reader, firm, clio):
    with tenant(firm.firm_id):
        ClioConnection.objects.update(clio_user_since=timezone.now() - timedelta(days=1))
    sync(firm, full=True)
    clio.control(f"records/tasks/{min(mirrored(firm, 'tasks'))}", method="DELETE")
    open_reconciliation(firm_id=firm.firm_id, entities=("tasks",))
    reconcile_firm(firm_id=firm.firm_id)

    answer = reader.get(f"{LIST}{firm.firm_id}/")

    rows = {row["entity"]: row for row in answer.context["sync"].entities}
    assert rows["tasks"]["drift"]["gone"] == 1
    assert rows["bills"]["drift"] is None
    assert answer.context["sync"].reconciliations[0]["kind"] == "asked"
    assert reader.get(f"{LIST}999999/").status_code == 404


def test_needs_the_right(firm):
    client = staff()

    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{firm.firm_id}/").status_code == 403


def test_never_shows_a_token_or_a_name(reader, firm):
    with tenant(firm.firm_id):
        sealed: Any = ClioConnection.objects.get().access_token

    shown = reader.get(f"{LIST}{firm.firm_id}/").content.decode()

    assert sealed not in shown
    for column in ("access_token", "refresh_token", "clio_user_name", "clio_account_name"):
        with pytest.raises(DatabaseError), transaction.atomic(), staff_view(1, "a try"), connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM clio_connections")


def test_a_look_is_in_the_audit_trail(firm):
    client = staff("view_clioconnection")

    client.get(LIST)

    with acting_as(User.objects.get(name="Sam Staff").pk):
        assert AuditEntry.objects.get(action="core.staff_viewed").details == {"reason": "syncs listed"}
