"""Deleting one's own account: closed at once, kept for a while, then nameless and emptied."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from apps.accounts.contracts import Place
from apps.accounts.models import AccountDeletion, Invitation, Membership, Session, User
from apps.accounts.services.accept_invitation import accept_as_member
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.delete_accounts import delete_due_accounts
from apps.accounts.services.invite_person import invite_person
from apps.core.models import AuditEntry
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from apps.notifications.models import Notification
from tests.accounts.entering import ADDRESS, add_app, log_in, make_rita
from tests.accounts.factories import PASSWORD, join, make_firm, make_user, signed_in_client
from tests.accounts.mail import mailed_token, promised, promised_kinds, sent_elsewhere
from tests.accounts.mails import invitation_token

pytestmark = pytest.mark.django_db
_SCHEDULED = "accounts.account_deletion_scheduled"
_START = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def nobody(api):
    return api(None)


@pytest.fixture
def rita():
    user = make_rita()
    update_contact_card(user_id=user.pk)
    return user


def _ask(user, **body):
    client = signed_in_client(user, second_factor=False)
    return client.post("/api/v1/me/deletion", {"password": PASSWORD, **body}, format="json")


def _keep(nobody, token):
    return nobody.post("/api/v1/auth/keep-account", {"token": token}, format="json")


def test_closes_at_once_and_mails_a_link_that_keeps(rita, nobody):
    signed_in = signed_in_client(rita, second_factor=False)

    with time_machine.travel(_START, tick=False):
        answer = _ask(rita)

    assert (answer.status_code, answer.json()) == (202, {"delete_at": "2030-01-15T00:00:00Z"})
    assert signed_in.get("/api/v1/me").status_code == 401
    assert log_in(nobody).status_code == 401
    assert [each["deleted_on"] for each in promised(rita, _SCHEDULED)] == ["2030-01-15"]
    with acting_as(rita.pk):
        assert not Session.objects.filter(revoked_at__isnull=True).exists()


def test_the_link_opens_the_account_again_with_everything_but_its_firms(rita, nobody, cast):
    join(rita, cast.firm)
    _ask(rita)

    assert _keep(nobody, mailed_token(rita, _SCHEDULED)).status_code == 204

    assert _keep(nobody, mailed_token(rita, _SCHEDULED)).status_code == 400
    signed_in = log_in(nobody)
    assert signed_in.status_code == 200
    assert delete_due_accounts(now=timezone.now() + timedelta(days=30)) == 0
    assert signed_in_client(rita, second_factor=False).get("/api/v1/firms").json() == []


def test_places_in_firms_end_and_those_who_run_them_are_told(rita, cast):
    join(rita, cast.firm, role=Role.ADMIN)
    join(rita, cast.strangers_firm, role=Role.CONSULTANT)

    assert _ask(rita).status_code == 202

    for owner, firm in ((cast.owner, cast.firm), (cast.stranger, cast.strangers_firm)):
        with tenant(firm.firm_id):
            assert Membership.objects.get(user=rita).status == "ended"
            assert AuditEntry.objects.filter(action="accounts.member_left", user_id=rita.pk).count() == 1
        assert [each["person"] for each in promised(owner, "accounts.member_left")] == ["Rita Moreno"]


def test_refuses_while_sole_owner_names_every_such_firm_and_changes_nothing(rita, cast):
    first, second = make_firm(rita, "Ash & Birch"), make_firm(rita, "Cedar LLP")
    shared = make_firm(rita, "Shared LLP")
    join(make_user(), shared, role=Role.OWNER)
    join(rita, cast.firm)

    answer = _ask(rita)

    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.sole_owner")
    assert answer.json()["firms"] == [
        {"id": str(first.public_id), "name": "Ash & Birch"},
        {"id": str(second.public_id), "name": "Cedar LLP"},
    ]
    assert "Ash & Birch and Cedar LLP" in answer.json()["detail"]
    assert User.objects.get(pk=rita.pk).is_active
    with tenant(cast.firm.firm_id):
        assert Membership.objects.get(user=rita).status == "active"
    with acting_as(rita.pk):
        assert not AccountDeletion.objects.exists()
    assert promised_kinds(cast.owner) == []
    assert _SCHEDULED not in promised_kinds(rita)


def test_an_owner_beside_another_may_go(rita):
    firm = make_firm(rita)
    join(make_user(), firm, role=Role.OWNER)

    assert _ask(rita).status_code == 202


def test_a_stolen_token_deletes_nothing(rita):
    assert _ask(rita, password="not my password").json()["errors"][0]["pointer"] == "/password"
    add_app(rita)

    assert _ask(rita).json()["code"] == "core.step_up_needed"
    assert User.objects.get(pk=rita.pk).is_active
    assert signed_in_client(rita).post("/api/v1/me/deletion", {}, format="json").status_code == 202


def test_nothing_is_deleted_before_its_day_and_keeping_ends_with_it(rita, nobody):
    with time_machine.travel(_START, tick=False) as clock:
        _ask(rita)
        token = mailed_token(rita, _SCHEDULED)
        clock.shift(timedelta(days=14, seconds=-1))
        assert delete_due_accounts(now=timezone.now()) == 0
        clock.shift(timedelta(seconds=1))
        assert _keep(nobody, token).status_code == 400
        assert delete_due_accounts(now=timezone.now()) == 1

    user = User.objects.get(pk=rita.pk)
    assert (user.email, user.name, user.is_active) == (
        f"deleted-{rita.pk}@deleted.invalid",
        "Deleted account",
        False,
    )
    assert not user.has_usable_password()
    assert sent_elsewhere(rita, "accounts.account_deleted") == [ADDRESS]


def _delete_whole(user):
    """Walk the deletion to its end; return how many steps it took."""
    with time_machine.travel(_START, tick=False) as clock:
        assert _ask(user).status_code == 202
        clock.shift(timedelta(days=14))
        assert delete_due_accounts(now=timezone.now()) == 1
        assert delete_due_accounts(now=timezone.now()) == 0  # the last mail leaves first
        clock.shift(timedelta(days=1))
        steps = 0
        while delete_due_accounts(now=timezone.now()):
            steps += 1
        return steps


# Rows about a person that stay by number, and why; every other table with a key to the person is emptied.
_STAY = {
    "accounts_accountdeletion": "that and when the account was deleted",
    "accounts_factorreset.approved_by_id": "which member of staff approved",
    "accounts_firmerasure": "which owner asked",
    "accounts_firmexport": "who asked for the firm's copy",
    "accounts_invitation": "who invited, who came; the address is taken out",
    "accounts_membership": "who belonged to the firm from when to when",
    "accounts_user_groups": "cleared with the name",
    "accounts_user_user_permissions": "cleared with the name",
    "accounts_ownershipoffer": "who offered the firm to whom",
    "clio_clioconnection": "who connected the firm",
    "clio_connectattempt": "who began to connect the firm; minutes old at most",
    "clio_syncrun": "who asked for a sync",
    "django_admin_log": "what a member of staff did",
}


def _columns_to_people():
    """Every column of the database that refers to a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint "
            "JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) "
            "WHERE contype = 'f' AND confrelid = 'accounts_user'::regclass ORDER BY 1, 2"
        )
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


def test_no_table_keeps_a_row_about_a_deleted_person_unless_it_says_why(rita, cast):
    add_app(rita)
    client = signed_in_client(rita)
    client.post("/api/v1/me/email", {"email": "other@example.com"}, format="json")
    client.post("/api/v1/firms", {"name": "A"}, format="json", HTTP_IDEMPOTENCY_KEY="k")
    _hand_over_everything(rita)
    client.put("/api/v1/me/quiet-hours", {"starts_at": "22:00", "ends_at": "07:00"}, format="json")
    client.credentials()
    with time_machine.travel(_START, tick=False):
        assert signed_in_client(rita).post("/api/v1/me/deletion", {}, format="json").status_code == 202

    for day in range(14, 20):
        delete_due_accounts(now=_START + timedelta(days=day))

    left = {}
    with acting_as(rita.pk), connection.cursor() as cursor:
        for table, column in _columns_to_people():
            cursor.execute(f'SELECT count(*) FROM {table} WHERE "{column}" = %s', [rita.pk])
            left[f"{table}.{column}"] = cursor.fetchone()[0]
        assert AccountDeletion.objects.get().erased_at is not None
    unexplained = {
        name: count
        for name, count in left.items()
        if count and name not in _STAY and name.partition(".")[0] not in _STAY
    }
    assert unexplained == {}
    assert left["accounts_accountdeletion.user_id"] == 1
    assert len(left) > 25


def _hand_over_everything(user):
    """Give every firm of the person another owner."""
    with acting_as(user.pk):
        firm_ids = list(Membership.objects.filter(user=user).values_list("firm_id", flat=True))
    for firm_id in firm_ids:
        with tenant(firm_id):
            Membership.objects.create(firm_id=firm_id, user=make_user(), role="owner", scope="whole_firm")


def test_the_trail_stays_whole_and_the_firm_keeps_who_did_what_by_number(rita, cast):
    join(rita, cast.firm)
    with acting_as(rita.pk):
        before = AuditEntry.objects.count()

    _delete_whole(rita)

    with tenant(cast.firm.firm_id):
        left = AuditEntry.objects.select_related("user").get(action="accounts.member_left")
        assert left.user is not None
    assert (left.user_id, left.user.name) == (rita.pk, "Deleted account")
    with acting_as(rita.pk):
        assert AuditEntry.objects.count() > before
        assert list(AuditEntry.objects.order_by("-pk").values_list("action", flat=True)[:2]) == [
            "accounts.account_erased",
            "accounts.account_deleted",
        ]


def test_the_address_goes_out_of_the_invitation_by_which_the_person_came_and_is_free_again(rita, nobody, cast):
    place, now = Place(role="member", scope="self"), timezone.now()
    invite_person(firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, email=ADDRESS, place=place, now=now)
    accept_as_member(token=invitation_token(cast.firm, ADDRESS), user_id=rita.pk, now=now)

    _delete_whole(rita)

    with tenant(cast.firm.firm_id):
        assert Invitation.objects.get().email == f"deleted-{rita.pk}@deleted.invalid"
    assert User.objects.filter(email__iexact=ADDRESS).count() == 0


def test_a_large_history_goes_in_small_steps(rita):
    with acting_as(rita.pk):
        Notification.objects.bulk_create(
            Notification(user=rita, kind="accounts.welcome", sealed_context="x") for _ in range(1_200)
        )

    steps = _delete_whole(rita)

    assert steps == 4  # 500, 500, the rest, and one that finds nothing
    with acting_as(rita.pk):
        assert not Notification.objects.exists()


def test_a_deletion_that_fails_holds_no_other_up(rita, cast):
    second = User.objects.create_user("second@example.com", PASSWORD, name="S", email_verified_at=timezone.now())
    with time_machine.travel(_START, tick=False):
        assert _ask(rita).status_code == 202
        assert _ask(second).status_code == 202
    # The first one's nameless address is taken, which the product itself never does.
    User.objects.create_user(f"deleted-{rita.pk}@deleted.invalid", None, name="In the way")

    assert delete_due_accounts(now=_START + timedelta(days=14)) == 1

    assert User.objects.get(pk=second.pk).name == "Deleted account"
    assert User.objects.get(pk=rita.pk).name == "Rita Moreno"
