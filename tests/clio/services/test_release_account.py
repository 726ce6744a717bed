"""An account is let go of: nothing of its books stays, and both sides may connect anew."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.clio.errors import ClioNotConnected, ClioStillConnected
from apps.clio.models import ClioConnection
from apps.clio.services.disconnect import disconnect
from apps.clio.services.release_account import release_account
from apps.core.tenancy import tenant
from apps.reports.interface import rebuild_ledger
from tests.clio.factories import connect, mirrored, one, sync

pytestmark = pytest.mark.django_db


def leave(cast: Any) -> None:
    disconnect(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, now=timezone.now())


def count(firm: Any, table: str) -> int:
    return int(one(firm, f"SELECT count(*) FROM {table}"))


def test_nothing_of_the_account_stays_and_the_numbers_are_empty(cast, clio):
    connect(cast.firm, clio)
    connect(cast.strangers_firm, clio, account_id=2)
    sync(cast.firm)
    sync(cast.strangers_firm)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=timezone.now())
    assert count(cast.firm, "reports_time") > 0
    theirs, version = (
        len(mirrored(cast.strangers_firm, "activities")),
        one(cast.firm, "SELECT version FROM clio_mirror_versions"),
    )
    leave(cast)

    assert release_account(firm_id=cast.firm.firm_id) > 1000

    for table in ("clio_activities", "clio_bills", "clio_users", "clio_sync_runs", "clio_synced_entities",
                  "clio_connections", "clio_history", "clio_changes", "reports_time", "reports_bill"):  # fmt: skip
        assert count(cast.firm, table) == 0, table
    assert one(cast.firm, "SELECT version FROM clio_mirror_versions") == version + 1
    assert one(cast.firm, "SELECT count(*) FROM core_auditentry WHERE action = 'clio.account_released'") == 1
    assert len(mirrored(cast.strangers_firm, "activities")) == theirs


def test_another_account_is_read_from_the_start_then(cast, clio):
    connect(cast.firm, clio)
    sync(cast.firm)
    leave(cast)
    release_account(firm_id=cast.firm.firm_id)
    connect(cast.strangers_firm, clio, account_id=1)

    connect(cast.firm, clio, account_id=7)
    sync(cast.firm)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=timezone.now())

    assert one(cast.firm, "SELECT kind FROM clio_sync_runs") == "full"
    assert count(cast.firm, "clio_activities") == clio.control("counts", method="GET")["activities"]["count"]
    assert count(cast.firm, "reports_time") > 0


@pytest.mark.parametrize("status", ["connected", "revoked"])
def test_a_firm_disconnects_first(cast, clio, status):
    connect(cast.firm, clio)
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.update(status=status)

    with pytest.raises(ClioStillConnected):
        release_account(firm_id=cast.firm.firm_id)

    assert one(cast.firm, "SELECT status FROM clio_connections") == status
    with pytest.raises(ClioNotConnected):
        release_account(firm_id=cast.strangers_firm.firm_id)


def test_the_command_wants_to_be_meant(cast, clio):
    connect(cast.firm, clio)
    firm, out = str(cast.firm.public_id), StringIO()

    with pytest.raises(CommandError, match="say --yes"):
        call_command("release_clio_account", "--firm", firm)
    with pytest.raises(CommandError, match="disconnects it first"):
        call_command("release_clio_account", "--firm", firm, "--yes")
    leave(cast)
    call_command("release_clio_account", "--firm", firm, "--yes", stdout=out)

    assert out.getvalue().startswith("Released: ")
    assert count(cast.firm, "clio_connections") == 0
