"""Administrators are told what is not well with Clio: once, and again only after it was well."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.models import (
    ClioConnection,
    HealthAlert,
    HeldRecord,
    Reconciliation,
    Sweep,
    SyncedEntity,
    SyncRun,
    SyncStep,
)
from apps.clio.services.accept_missing import accept_missing
from apps.clio.services.describe_health import describe_health
from apps.clio.services.reconcile_firm import reconcile_firm
from apps.clio.services.watch_health import watch_firm, watch_health
from apps.core.tenancy import acting_as, tenant
from apps.notifications.models import Notification
from tests.clio.factories import mirrored, one, sandbox_records, sync
from tests.clio.hooks import make_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def synced(firm: Any, clio: Any) -> Any:
    with tenant(firm.firm_id):
        ClioConnection.objects.update(clio_user_since=timezone.now() - timedelta(days=30), clio_user_name="Olivia Hart")
    sync(firm, full=True)
    return firm


def kinds(firm: Any) -> set[str]:
    return {each.kind for each in describe_health(firm_id=firm.firm_id, now=timezone.now()).concerns}


def told(cast: Any) -> list[str]:
    with acting_as(cast.owner.pk):
        return list(Notification.objects.filter(kind__startswith="clio.").order_by("id").values_list("kind", flat=True))


def late_by(firm: Any, **age: int) -> None:
    with tenant(firm.firm_id):
        SyncedEntity.objects.update(read_from=timezone.now() - timedelta(**age))


def test_a_firm_that_is_well_has_its_facts_and_no_concern(synced, cast):
    soon = one(synced, "SELECT min(read_from) FROM clio_synced_entities") + timedelta(seconds=30)
    health = describe_health(firm_id=synced.firm_id, now=soon)

    assert (health.is_well, health.concerns) == (True, ())
    assert health.summary == "The numbers are what Clio had less than a minute ago."
    activities = next(each for each in health.entities if each.entity == "activities")
    assert activities.records == len(mirrored(synced, "activities"))
    assert activities.last_success_at is not None
    assert health.pace is not None
    assert health.pace.is_answering
    assert watch_health() == 0
    assert told(cast) == []


def test_a_sync_that_fails_for_long_is_told_once_and_its_end_too(synced, cast):
    late_by(synced, hours=7)

    assert [watch_firm(firm_id=synced.firm_id, now=timezone.now()) for _ in range(3)] == [1, 0, 0]
    late_by(synced, minutes=1)
    watch_firm(firm_id=synced.firm_id, now=timezone.now())
    late_by(synced, hours=9)
    watch_firm(firm_id=synced.firm_id, now=timezone.now())

    assert told(cast) == ["clio.sync_failing", "clio.sync_recovered", "clio.sync_failing"]


def test_hidden_hours_are_seen_and_told(synced, clio, cast):
    owner = clio.sandbox.oauth.owner()[0]
    clio.control("access", {"users": {str(owner): {"hours": "own"}}}, method="PATCH")
    sync(synced, full=True)

    health = describe_health(firm_id=synced.firm_id, now=timezone.now())

    concern = next(each for each in health.concerns if each.kind == "hidden_hours")
    assert concern.count == one(synced, "SELECT count(*) FROM clio_activities WHERE quantity_redacted") > 0
    assert not health.is_well
    assert [watch_firm(firm_id=synced.firm_id, now=timezone.now()) for _ in range(2)] == [1, 0]
    assert told(cast) == ["clio.sight_reduced"]


def test_hidden_rates_are_seen(synced, clio):
    owner = clio.sandbox.oauth.owner()[0]
    clio.control("access", {"users": {str(owner): {"rates": "own"}}}, method="PATCH")

    sync(synced, full=True)

    assert "hidden_rates" in kinds(synced)


def test_hidden_contacts_are_seen(firm, clio):
    owner = clio.sandbox.oauth.owner()[0]
    clio.control("access", {"users": {str(owner): {"contacts": "own"}}}, method="PATCH")
    sync(firm, full=True)
    with tenant(firm.firm_id):  # contacts were read before matters; the next sync is later than both
        SyncedEntity.objects.update(read_from=timezone.now() + timedelta(seconds=1))

    clients = {row["client_id"] for row in mirrored(firm, "matters").values()}
    missing = clients - mirrored(firm, "contacts").keys()

    found = {each.kind: each.count for each in describe_health(firm_id=firm.firm_id, now=timezone.now()).concerns}
    assert missing
    assert found.get("hidden_contacts") == len(missing)


def test_what_clio_does_not_let_us_read_is_named(firm, clio):
    clio.control("access", {"denied": ["Accounting"]}, method="PATCH")

    sync(firm, full=True)

    health = describe_health(firm_id=firm.firm_id, now=timezone.now())
    concern = next(each for each in health.concerns if each.kind == "refused")
    assert concern.title == "Clio does not let us read bank accounts and bank transactions."


def test_drift_beyond_a_small_share_is_told(synced, cast):
    now = timezone.now()
    with tenant(synced.firm_id):
        reconciliation = Reconciliation.objects.create(
            firm_id=synced.firm_id, kind="weekly", started_at=now, finished_at=now, clio_user_since=now
        )
        Sweep.objects.create(
            firm_id=synced.firm_id,
            reconciliation=reconciliation,
            position=1,
            entity="bills",
            is_whole=True,
            state="done",
            known=1000,
            stale=40,
            missed=40,
            mended=40,
            finished_at=now,
        )

    assert [watch_firm(firm_id=synced.firm_id, now=now) for _ in range(2)] == [1, 0]

    assert told(cast) == ["clio.drift_found"]


def test_silent_webhooks_are_told(synced, cast):
    make_webhook(synced)
    now = timezone.now()
    with tenant(synced.firm_id):
        run = SyncRun.objects.create(firm_id=synced.firm_id, kind="incremental", state="done", finished_at=now)
        SyncStep.objects.create(
            firm_id=synced.firm_id, run=run, position=1, entity="activities", since=now, finished_at=now, changed=500
        )

    assert [watch_firm(firm_id=synced.firm_id, now=now) for _ in range(2)] == [1, 0]

    assert told(cast) == ["clio.webhooks_lapsed"]


def test_a_revoked_grant_is_a_serious_concern(synced):
    with tenant(synced.firm_id):
        ClioConnection.objects.update(status="revoked", access_token="", refresh_token="")

    health = describe_health(firm_id=synced.firm_id, now=timezone.now())

    assert not health.is_well
    assert health.summary == "Clio no longer accepts our connection; the numbers stand still."


def test_what_is_held_is_told_and_can_be_given_up(synced, clio, cast):
    numbers = sorted(sandbox_records(clio, "tasks"))[:2]
    for number in numbers:
        clio.control(f"records/tasks/{number}", method="DELETE")
    with tenant(synced.firm_id):
        HeldRecord.objects.bulk_create(
            HeldRecord(firm_id=synced.firm_id, entity="tasks", record_key=str(number), reason="many_at_once")
            for number in numbers
        )
    assert watch_firm(firm_id=synced.firm_id, now=timezone.now()) == 1

    assert accept_missing(firm_id=synced.firm_id, actor_id=cast.owner.pk, entity="tasks") == 2
    while reconcile_firm(firm_id=synced.firm_id) is not None:
        pass

    gone = {number for number, row in mirrored(synced, "tasks").items() if row["gone_at"]}
    assert gone == set(numbers)
    with tenant(synced.firm_id):
        assert not HeldRecord.objects.exists()
    assert "held" not in kinds(synced)
    watch_firm(firm_id=synced.firm_id, now=timezone.now())
    with tenant(synced.firm_id):
        assert not HealthAlert.objects.exists()
