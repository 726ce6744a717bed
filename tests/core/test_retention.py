"""What is kept no longer goes, in small batches, and nothing else does; the database itself sees to that."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import ApiKey, FirmExport, Invitation, MailedToken, SentCode, Session, TrustedDevice
from apps.core.models import AuditEntry, Job, RememberedAnswer
from apps.core.registries import retention_rules
from apps.core.retention import BATCH, prune_old_rows, pruning
from apps.core.tenancy import acting_as, tenant
from smarterfirms.settings.environment import BASE_DIR

pytestmark = pytest.mark.django_db


def _make(cast, age: timedelta) -> None:
    """One row of each kind, ended that long ago."""
    now = timezone.now()
    ended, user, number = now - age, cast.owner, f"{age.total_seconds():.0f}"
    with acting_as(user.pk):
        Session.objects.create(user=user, token_hash="x", expires_at=ended, device=number)
        MailedToken.objects.create(user=user, purpose="verify_email", token_hash=f"m{number}", expires_at=ended)
        SentCode.objects.create(user=user, purpose="sign_in", code_digest="x", expires_at=ended)
        TrustedDevice.objects.create(user=user, token_hash=f"d{number}", expires_at=ended)
        answer = RememberedAnswer.objects.create(user=user, route="POST /x", key=number, request_digest="x")
        RememberedAnswer.objects.filter(pk=answer.pk).update(created_at=ended)
    with tenant(cast.firm.firm_id):
        Invitation.objects.create(
            firm_id=cast.firm.firm_id,
            email=f"a{number}@example.com",
            role="member",
            scope="self",
            token_hash=f"i{number}",
            sent_at=ended,
            expires_at=ended,
        )
        FirmExport.objects.create(
            firm_id=cast.firm.firm_id, status="expired", requested_at=ended, expires_at=ended, size_bytes=7
        )
        member = cast.owner.memberships.get(firm_id=cast.firm.firm_id)
        ApiKey.objects.create(
            firm_id=cast.firm.firm_id,
            membership=member,
            name="BI",
            prefix=f"p{number}",
            secret_hash=f"k{number}",
            scopes=[],
            expires_at=ended,
        )
        Job.objects.create(firm_id=cast.firm.firm_id, name="tests.done", status="done", finished_at=ended)
        Job.objects.create(firm_id=cast.firm.firm_id, name="tests.dead", status="dead", finished_at=ended)


def _counts(cast) -> dict[str, int]:
    with acting_as(cast.owner.pk):
        mine = {
            model.__name__: model.objects.filter(user=cast.owner).count()
            for model in (Session, MailedToken, SentCode, TrustedDevice, RememberedAnswer)
        }
    with tenant(cast.firm.firm_id):
        jobs = Job.objects.filter(firm_id=cast.firm.firm_id, name__startswith="tests.")
        return mine | {
            "Invitation": Invitation.objects.count(),
            "FirmExport": FirmExport.objects.count(),
            "ApiKey": ApiKey.objects.count(),
            "done": jobs.filter(status="done").count(),
            "dead": jobs.filter(status="dead").count(),
        }


def test_old_rows_go_and_younger_ones_stay(cast):
    for days in (1, 8, 31, 91, 366):
        _make(cast, timedelta(days=days))

    removed = prune_old_rows()

    assert _counts(cast) == {
        "Session": 3,  # ended 1, 8 and 31 days ago
        "MailedToken": 2,
        "SentCode": 1,
        "TrustedDevice": 0,
        "RememberedAnswer": 1,
        "Invitation": 3,
        "FirmExport": 4,
        "ApiKey": 4,
        "done": 2,
        "dead": 3,
    }
    assert removed["accounts.sessions"] == 2
    assert prune_old_rows()["accounts.sessions"] == 0


def test_it_works_in_batches_until_all_is_done(cast):
    with acting_as(cast.owner.pk):
        ended = timezone.now() - timedelta(days=91)
        old = [Session(user=cast.owner, token_hash="x", expires_at=ended) for _ in range(BATCH * 2 + 1)]
        Session.objects.bulk_create(old)

    assert dict(retention_rules)["accounts.sessions"].prune() == BATCH
    assert prune_old_rows()["accounts.sessions"] == BATCH + 1


def test_the_database_gives_up_no_younger_row_whatever_is_asked_for(cast):
    _make(cast, timedelta(days=1))
    before = _counts(cast)

    with pruning(), connection.cursor() as cursor:
        for table in ("session", "mailedtoken", "sentcode", "invitation", "apikey", "firmexport"):
            cursor.execute(f"DELETE FROM accounts_{table}")
            assert cursor.rowcount == 0, table
        cursor.execute("DELETE FROM core_job WHERE firm_id IS NOT NULL")
        assert cursor.rowcount == 0

    assert _counts(cast) == before


def test_old_rows_are_seen_by_nobody_who_does_not_prune(cast):
    _make(cast, timedelta(days=91))

    assert Session.objects.count() == 0
    with tenant(cast.strangers_firm.firm_id):
        assert Invitation.objects.count() == 0


def test_the_application_removes_no_entry_of_the_trail_however_old(cast):
    with tenant(cast.firm.firm_id):
        AuditEntry.objects.create(
            firm_id=cast.firm.firm_id, action="tests.old", happened_at=timezone.now() - timedelta(days=3000)
        )
    with pytest.raises(Exception, match="permission denied"), pruning(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")


def test_the_page_says_of_every_rule_what_holds():
    page = (BASE_DIR / "docs" / "retention.md").read_text()

    told = {name: int(days) for name, days in re.findall(r"^\| `([a-z_.]+)` \|[^|]*\| (\d+) \|", page, re.MULTILINE)}

    assert told == {name: rule.keeps_days for name, rule in retention_rules}
