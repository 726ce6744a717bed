"""Changes of one's own account at one moment, with real threads and real transactions: one right state."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.contracts import Origin
from apps.accounts.errors import SoleOwner
from apps.accounts.models import AccountDeletion, EmailChange, FactorReset, Membership, User
from apps.accounts.services import tokens
from apps.accounts.services.confirm_email_change import confirm_email_change
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.delete_accounts import delete_due_accounts
from apps.accounts.services.keep_account import keep_account
from apps.accounts.services.request_account_deletion import request_account_deletion
from apps.accounts.services.request_email_change import request_email_change
from apps.accounts.services.request_factor_reset import request_factor_reset
from apps.accounts.services.settle_factor_resets import approve_factor_reset, settle_factor_reset
from apps.accounts.services.stop_by_link import stop_by_link
from apps.core.errors import DomainError
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from tests.accounts.entering import add_app, make_rita
from tests.accounts.factories import PASSWORD, join, make_firm, make_user
from tests.accounts.mail import mailed_token, promised, run_accounts_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("production_hasher")]
_NEW = "wanted@example.com"


def _at_once(*acts: Callable[[], object]) -> list[str]:
    """Run each act in a thread of its own, all released together; return how each ended, sorted."""
    barrier, outcomes = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=60)
            act()
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not an answer
            outcomes.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(outcomes)


def _person(email: str) -> User:
    user = User.objects.create_user(email, PASSWORD, name="Somebody", email_verified_at=timezone.now())
    update_contact_card(user_id=user.pk)
    return user


def _ask_email(user: User, email: str = _NEW) -> None:
    request_email_change(
        user_id=user.pk,
        session_id=None,
        factor_at=None,
        email=email,
        password=PASSWORD,
        origin=Origin(),
        now=timezone.now(),
    )


def _agree(token: str) -> Callable[[], object]:
    return lambda: confirm_email_change(token=token, now=timezone.now())


@pytest.mark.parametrize("attempt", range(5))
def test_both_mailboxes_at_one_moment_change_the_address_once(attempt):
    rita = _person("rita@example.com")
    _ask_email(rita)
    run_accounts_jobs()
    old = mailed_token(rita, "accounts.email_change_requested")
    new = mailed_token(rita, "accounts.email_change_confirm")

    outcomes = _at_once(_agree(old), _agree(new), _agree(old), _agree(new))

    assert outcomes == ["accounts.link_refused"] * 2 + ["done"] * 2
    assert User.objects.get(pk=rita.pk).email == _NEW
    assert len(promised(rita, "accounts.email_changed")) == 2


@pytest.mark.parametrize("attempt", range(5))
def test_two_people_who_want_one_address_are_one_who_gets_it_and_one_answer(attempt):
    people = [_person("one@example.com"), _person("two@example.com")]
    last = []
    for person in people:
        _ask_email(person)
        run_accounts_jobs()
        _agree(mailed_token(person, "accounts.email_change_requested"))()
        last.append(_agree(mailed_token(person, "accounts.email_change_confirm")))

    outcomes = _at_once(*last)

    assert outcomes == ["accounts.address_taken_meanwhile", "done"]
    assert User.objects.filter(email=_NEW).count() == 1
    with_states = []
    for person in people:
        with acting_as(person.pk):
            change = EmailChange.objects.get()
        with_states.append((change.done_at is not None, change.stopped_because))
    assert sorted(with_states) == [(False, "address taken"), (True, "")]


def test_two_wishes_at_one_moment_leave_one_open():
    rita = _person("rita@example.com")

    outcomes = _at_once(*[lambda at=at: _ask_email(rita, f"wish{at}@example.com") for at in range(4)])

    assert outcomes == ["done"] * 4
    with acting_as(rita.pk):
        assert EmailChange.objects.filter(stopped_at__isnull=True).count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_agreeing_and_stopping_at_one_moment_is_one_or_the_other(attempt):
    rita = _person("rita@example.com")
    _ask_email(rita)
    run_accounts_jobs()
    stop = promised(rita, "accounts.email_change_requested")[-1]["stop_address"].rpartition("/")[2]
    _agree(mailed_token(rita, "accounts.email_change_requested"))()
    new = mailed_token(rita, "accounts.email_change_confirm")

    outcomes = _at_once(_agree(new), lambda: stop_by_link(token=stop, now=timezone.now()))

    assert outcomes == ["accounts.link_refused", "done"]
    with acting_as(rita.pk):
        change = EmailChange.objects.get()
    is_changed = User.objects.get(pk=rita.pk).email == _NEW
    assert (change.done_at is not None, change.stopped_at is None) == (is_changed, is_changed)


def _delete(user: User) -> object:
    return request_account_deletion(
        user_id=user.pk, factor_at=None, password=PASSWORD, origin=Origin(), now=timezone.now()
    )


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_owners_who_delete_their_accounts_at_once_one_stays(attempt):
    first, second = _person("one@example.com"), _person("two@example.com")
    firms = [make_firm(first, f"Firm {at}") for at in range(3)]
    for firm in firms:
        join(second, firm, role=Role.OWNER)

    outcomes = _at_once(lambda: _delete(first), lambda: _delete(second))

    assert outcomes == [SoleOwner.code, "done"]
    for firm in firms:
        with tenant(firm.firm_id):
            assert Membership.objects.filter(role="owner", status="active").count() == 1
    assert User.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_keeping_and_deleting_at_one_moment_is_one_or_the_other(attempt):
    rita = _person("rita@example.com")
    _delete(rita)
    token = mailed_token(rita, "accounts.account_deletion_scheduled")
    now = timezone.now()
    due = now + timedelta(days=14, minutes=1)

    _at_once(lambda: keep_account(token=token, now=now), lambda: delete_due_accounts(now=due))

    user = User.objects.get(pk=rita.pk)
    with acting_as(rita.pk):
        deletion = AccountDeletion.objects.get()
    is_kept = deletion.stopped_at is not None
    assert (deletion.anonymized_at is None, user.is_active, user.name) == (
        is_kept,
        is_kept,
        "Somebody" if is_kept else "Deleted account",
    )


def test_two_runs_of_the_deletion_say_goodbye_once():
    rita = _person("rita@example.com")
    _delete(rita)
    due = timezone.now() + timedelta(days=15)

    outcomes = _at_once(*[lambda: delete_due_accounts(now=due)] * 3)

    assert outcomes == ["done"] * 3
    assert len(promised(rita, "accounts.account_deleted")) == 1


def _lost(user: User) -> object:
    pending = tokens.make_pending(user_id=user.pk, methods=("password",), now=timezone.now())
    return request_factor_reset(pending=pending, origin=Origin(), now=timezone.now())


def _with_app() -> User:
    rita = make_rita()
    update_contact_card(user_id=rita.pk)
    add_app(rita)
    return rita


def test_two_requests_at_one_moment_are_one():
    rita = _with_app()

    assert _at_once(*[lambda: _lost(rita)] * 3) == ["done"] * 3

    with acting_as(rita.pk):
        assert FactorReset.objects.count() == 1
    assert len(promised(rita, "accounts.factor_reset_requested")) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_taking_off_and_stopping_at_one_moment_is_one_or_the_other(attempt):
    rita, staff = _with_app(), make_user("Sam Staff")
    _lost(rita)
    stop = promised(rita, "accounts.factor_reset_requested")[-1]["address"].rpartition("/")[2]
    with acting_as(rita.pk):
        reset_id = FactorReset.objects.get().pk
    ids = {"user_id": rita.pk, "reset_id": reset_id}
    approve_factor_reset(**ids, staff_user_id=staff.pk, reason="Called them back.", now=timezone.now())
    due = timezone.now() + timedelta(days=3)

    outcomes = _at_once(
        lambda: settle_factor_reset(**ids, now=due), lambda: stop_by_link(token=stop, now=timezone.now())
    )

    with acting_as(rita.pk):
        status = FactorReset.objects.get().status
    assert (status, outcomes) in [("done", ["accounts.link_refused", "done"]), ("stopped", ["done", "done"])]
    told = len(promised(rita, "accounts.factor_reset_done")), len(promised(rita, "accounts.factor_reset_stopped"))
    assert told == ((1, 0) if status == "done" else (0, 1))
