"""An account is let go of: nothing of its books stays, and both sides may connect anew."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import Invitation, Membership, TargetHours, User
from apps.clio.errors import ClioNotConnected, ClioStillConnected
from apps.clio.models import ClioConnection
from apps.clio.services.disconnect import disconnect
from apps.clio.services.release_account import release_account
from apps.core.models import AuditEntry
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant
from apps.reports.interface import rebuild_ledger
from apps.reports.models import CostRate, FeeSplit, FormerKeptRow, SettingsVersion, Target
from apps.reports.services.check_ledger import check_ledger
from tests.accounts.factories import join, make_user, signed_in_client
from tests.clio.factories import connect, mirrored, one, sync

pytestmark = pytest.mark.django_db


def leave(cast: Any) -> None:
    disconnect(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, now=timezone.now())


def release(cast: Any, firm: Any = None) -> int:
    """Release as a member of staff who says why."""
    operator = User.objects.filter(is_staff=True).first() or make_operator()
    return release_account(
        firm_id=(firm or cast.firm).firm_id, operator_id=operator.pk, reason="Olive asked for it, ticket 17"
    )


def make_operator() -> User:
    operator = make_user("Kim Operator")
    operator.is_staff = True
    operator.save()
    return operator


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
    check_ledger(firm_id=cast.firm.firm_id, now=timezone.now())
    assert count(cast.firm, "reports_ledger_check") > 0
    leave(cast)

    assert release(cast) > 1000

    for table in ("clio_activities", "clio_bills", "clio_users", "clio_sync_runs", "clio_synced_entities",
                  "clio_connections", "clio_history", "clio_changes", "reports_time", "reports_bill",
                  "reports_ledger_check"):  # fmt: skip
        assert count(cast.firm, table) == 0, table
    assert one(cast.firm, "SELECT version FROM clio_mirror_versions") == version + 1
    assert one(cast.firm, "SELECT count(*) FROM core_auditentry WHERE action = 'clio.account_released'") == 1
    assert len(mirrored(cast.strangers_firm, "activities")) == theirs


def test_another_account_is_read_from_the_start_then(cast, clio):
    connect(cast.firm, clio)
    sync(cast.firm)
    leave(cast)
    release(cast)
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
        release(cast)

    assert one(cast.firm, "SELECT status FROM clio_connections") == status
    with pytest.raises(ClioNotConnected):
        release(cast, cast.strangers_firm)


def test_the_command_wants_to_be_meant(cast, clio):
    connect(cast.firm, clio)
    out, operator = StringIO(), make_operator()
    meant = ["--firm", str(cast.firm.public_id), "--operator", operator.email, "--reason", " asked for it "]

    with pytest.raises(CommandError, match="say --yes"):
        call_command("release_clio_account", *meant)
    with pytest.raises(CommandError, match="disconnects it first"):
        call_command("release_clio_account", *meant, "--yes")
    leave(cast)
    call_command("release_clio_account", *meant, "--yes", stdout=out)

    assert out.getvalue().startswith("Released: ")
    assert count(cast.firm, "clio_connections") == 0
    (entry,) = trail(cast, "clio.account_released")
    assert (entry.user_id, entry.details["reason"]) == (operator.pk, "asked for it")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"--operator": "nobody@example.com"}, "No member of staff"),
        ({"--operator": "olive"}, "No member of staff"),
        ({"--reason": "  "}, "Give a reason"),
        ({"--reason": "x" * 501}, "Give a reason"),
    ],
)
def test_the_command_asks_who_and_why(cast, clio, changed, says):
    connect(cast.firm, clio)
    leave(cast)
    given = {"--firm": str(cast.firm.public_id), "--operator": make_operator().email, "--reason": "asked"} | changed
    words = [word for pair in given.items() for word in pair]

    with pytest.raises(CommandError, match=says):
        call_command("release_clio_account", *words, "--yes")
    with pytest.raises(CommandError, match="required"):
        call_command("release_clio_account", "--firm", str(cast.firm.public_id), "--yes")

    assert count(cast.firm, "clio_connections") == 1


def test_an_owner_is_no_operator(cast, clio):
    connect(cast.firm, clio)
    leave(cast)

    with pytest.raises(CommandError, match="No member of staff"):
        call_command("release_clio_account", "--firm", str(cast.firm.public_id), "--operator", cast.owner.email,
                     "--reason", "mine", "--yes")  # fmt: skip


def test_members_are_nobody_in_the_next_account_until_somebody_looked(cast, clio):
    connect(cast.firm, clio)
    grants, clerk, partner, bystander = [{"practice_area_ids": [5], "client_ids": [7]}], *(make_user() for _ in "123")
    ties = {
        join(clerk, cast.firm, scope=ScopeKind.SELF, clio_user_id=3).pk: ("self", 3, []),
        join(partner, cast.firm, scope=ScopeKind.SUBSET, grants=grants).pk: ("subset", None, grants),
    }
    join(bystander, cast.firm)
    invite(cast, grants)
    leave(cast)

    release(cast)

    with tenant(cast.firm.firm_id):
        for member in Membership.objects.exclude(user=bystander):
            assert (member.clio_user_id, member.grants) == (None, [])
            assert member.status == "active"
        assert {Membership.objects.get(pk=pk).scope for pk in ties} == {"self"}
        assert Membership.objects.get(user=bystander).scope == "whole_firm"
        invitation = Invitation.objects.get()
        assert (invitation.scope, invitation.clio_user_id, invitation.grants) == ("self", None, [])
    ended = {entry.target: entry.details["before"] for entry in trail(cast, "accounts.clio_tie_ended")}
    assert ended == {
        f"membership:{pk}": {"scope": scope, "clio_user_id": user, "grants": given}
        for pk, (scope, user, given) in ties.items()
    } | {f"invitation:{invitation.pk}": {"scope": "subset", "clio_user_id": 11, "grants": grants}}


def invite(cast: Any, grants: list[Any]) -> None:
    now = timezone.now()
    with tenant(cast.firm.firm_id):
        Invitation.objects.create(
            firm_id=cast.firm.firm_id, email="new@example.com", role="member", scope="subset", grants=grants,
            clio_user_id=11, token_hash="0" * 64, sent_at=now, expires_at=now + timedelta(days=7),
        )  # fmt: skip


def test_who_saw_a_part_sees_no_row_of_the_next_account(cast, clio):
    connect(cast.firm, clio)
    sync(cast.firm)
    partner = make_user()
    join(partner, cast.firm, scope=ScopeKind.SUBSET, grants=[{"timekeeper_ids": list(range(1, 10_000))}])
    leave(cast)
    release(cast)
    connect(cast.firm, clio)
    sync(cast.firm)

    found = signed_in_client(partner).get(f"/api/v1/firms/{cast.firm.public_id}/activities").json()

    assert found["results"] == []
    assert count(cast.firm, "clio_activities") > 0


def test_what_the_firm_kept_by_the_old_ids_is_put_away(cast, clio):
    connect(cast.firm, clio)
    rate = {"timekeeper_id": 3, "starts_on": date(2025, 1, 1), "pay": Decimal(90_000), "benefits": Decimal(0),
            "overhead": Decimal(0), "expected_hours": Decimal(1800)}  # fmt: skip
    plan = {"month": date(2025, 1, 1), "measure": "billed", "amount": Decimal(100)}
    with tenant(cast.firm.firm_id):
        CostRate.objects.create(firm_id=cast.firm.firm_id, **rate)
        Target.objects.create(firm_id=cast.firm.firm_id, **plan)
        Target.objects.create(firm_id=cast.firm.firm_id, practice_area_id=5, **plan)
        FeeSplit.objects.create(
            firm_id=cast.firm.firm_id, starts_on=date(2025, 1, 1), worked=40, originating=20, responsible=10
        )
        SettingsVersion.objects.create(
            firm_id=cast.firm.firm_id, subject="cost_rates", version=4, changed_at=timezone.now()
        )
        TargetHours.objects.create(
            firm_id=cast.firm.firm_id, timekeeper_id=3, starts_on=date(2025, 1, 1), monthly_hours=100,
            set_at=timezone.now(),
        )  # fmt: skip
    leave(cast)

    release(cast)

    with tenant(cast.firm.firm_id):
        assert (CostRate.objects.count(), TargetHours.objects.count(), FeeSplit.objects.count()) == (0, 0, 1)
        assert [target.practice_area_id for target in Target.objects.all()] == [None]
        away = {row.table_name: row.row for row in FormerKeptRow.objects.all()}
        assert SettingsVersion.objects.get(subject="cost_rates").version == 5
    assert away.keys() == {"cost_rates", "targets"}
    assert (away["cost_rates"]["timekeeper_id"], away["cost_rates"]["pay"]) == (3, 90_000)
    assert (away["targets"]["practice_area_id"], away["targets"]["amount"]) == (5, 100)
    assert {entry.target: entry.details["rows"] for entry in trail(cast, "reports.kept_rows_put_away")} == {
        "settings:cost_rates": 1,
        "settings:targets": 1,
    }
    (hours,) = trail(cast, "accounts.target_hours_ended")
    assert hours.details["rows"] == [[3, "2025-01-01", "100.00"]]


def trail(cast: Any, action: str) -> list[Any]:
    with tenant(cast.firm.firm_id):
        return list(AuditEntry.objects.filter(firm_id=cast.firm.firm_id, action=action))
