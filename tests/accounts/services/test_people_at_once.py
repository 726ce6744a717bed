"""Two at one moment, with real threads and real transactions: one right state."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from apps.accounts.contracts import Agreed, Place
from apps.accounts.models import Membership, User
from apps.accounts.services.accept_invitation import accept_as_member, accept_as_new_person
from apps.accounts.services.answer_ownership_offer import accept_ownership, decline_ownership
from apps.accounts.services.change_member import change_member
from apps.accounts.services.end_membership import leave_firm, remove_member
from apps.accounts.services.invite_person import invite_person
from apps.accounts.services.offer_ownership import offer_ownership, revoke_ownership_offer
from apps.core.errors import DomainError
from apps.core.scope import Role
from apps.core.tenancy import tenant
from tests.accounts.factories import AGREED, PASSWORD, join, make_firm, make_user
from tests.accounts.mails import invitation_token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("production_hasher")]


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
        except IntegrityError as error:
            outcomes.append(str(error).splitlines()[0])
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(outcomes)


def _owners(firm) -> int:
    with tenant(firm.firm_id):
        return Membership.objects.filter(role="owner", status="active").count()


def _two_owners():
    first, second = make_user(), make_user()
    firm = make_firm(first)
    other = join(second, firm, role=Role.OWNER)
    with tenant(firm.firm_id):
        own = Membership.objects.get(user=first)
    return firm, (first, own.pk), (second, other.pk)


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_last_owners_who_leave_one_stays(attempt):
    firm, (_, first), (_, second) = _two_owners()
    now = timezone.now()

    outcomes = _at_once(
        *[lambda pk=pk: leave_firm(firm_id=firm.firm_id, membership_id=pk, now=now) for pk in (first, second)]
    )

    assert outcomes == ["accounts.last_owner", "done"]
    assert _owners(firm) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_two_owners_who_remove_and_demote_each_other_leave_one(attempt):
    firm, (first_user, first), (second_user, second) = _two_owners()
    now = timezone.now()

    outcomes = _at_once(
        lambda: remove_member(firm_id=firm.firm_id, membership_id=second, actor_id=first_user.pk, now=now),
        lambda: change_member(
            firm_id=firm.firm_id, membership_id=first, actor_id=second_user.pk, changes={"role": "admin"}
        ),
    )

    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "accounts.owners_only", "accounts.last_owner"}
    assert _owners(firm) == 1


def test_the_database_keeps_an_owner_when_no_service_locks():
    firm, (_, first), (_, second) = _two_owners()

    def demote(pk: int) -> None:
        with tenant(firm.firm_id), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_membership SET role = 'admin' WHERE id = %s", [pk])

    outcomes = _at_once(lambda: demote(first), lambda: demote(second))

    assert outcomes == ["a firm keeps an owner", "done"]
    assert _owners(firm) == 1


def _offered():
    """A firm of one owner, offered to an admin: firm, (giver, giver's place), (taker, taker's place)."""
    firm, (giver, first), (taker, second) = _two_owners()
    change_member(firm_id=firm.firm_id, membership_id=second, actor_id=taker.pk, changes={"role": "admin"})
    offer_ownership(
        firm_id=firm.firm_id, membership_id=first, to_membership_id=second, actor_id=giver.pk, now=timezone.now()
    )
    return firm, (giver, first), (taker, second)


def test_two_acceptances_of_an_offered_firm_hand_it_over_once():
    firm, _, (_, second) = _offered()
    now = timezone.now()

    outcomes = _at_once(*[lambda: accept_ownership(firm_id=firm.firm_id, membership_id=second, now=now)] * 4)

    assert outcomes == ["accounts.no_ownership_offer"] * 3 + ["done"]
    assert _owners(firm) == 1


def test_acceptance_against_revocation_and_refusal_ends_in_one_of_them():
    firm, (giver, _), (_, second) = _offered()
    now = timezone.now()

    outcomes = _at_once(
        lambda: accept_ownership(firm_id=firm.firm_id, membership_id=second, now=now),
        lambda: revoke_ownership_offer(firm_id=firm.firm_id, actor_id=giver.pk, now=now),
        lambda: decline_ownership(firm_id=firm.firm_id, membership_id=second, now=now),
    )

    assert outcomes == ["accounts.no_ownership_offer"] * 2 + ["done"]
    assert _owners(firm) == 1


def test_the_giver_leaves_while_the_other_accepts():
    firm, (_, first), (_, second) = _offered()
    now = timezone.now()

    outcomes = _at_once(
        lambda: accept_ownership(firm_id=firm.firm_id, membership_id=second, now=now),
        lambda: leave_firm(firm_id=firm.firm_id, membership_id=first, now=now),
    )

    # Whoever comes first: a sole owner may not leave, and after the handing over an admin may.
    assert outcomes in (["accounts.last_owner", "done"], ["done", "done"])
    assert _owners(firm) == 1


def test_two_offers_at_once_are_one():
    firm, (giver, first), (second_user, second) = _two_owners()
    third = join(make_user(), firm)
    change_member(firm_id=firm.firm_id, membership_id=second, actor_id=second_user.pk, changes={"role": "member"})
    now = timezone.now()

    outcomes = _at_once(
        *[
            lambda pk=pk: offer_ownership(
                firm_id=firm.firm_id, membership_id=first, to_membership_id=pk, actor_id=giver.pk, now=now
            )
            for pk in (second, third.pk)
        ]
    )

    assert outcomes == ["accounts.ownership_offer_open", "done"]
    assert _owners(firm) == 1


def _invited(email: str):
    owner = make_user()
    firm = make_firm(owner)
    place = Place(role="member", scope="self")
    invite_person(firm_id=firm.firm_id, actor_id=owner.pk, email=email, place=place, now=timezone.now())
    return firm, invitation_token(firm, email)


def test_two_acceptances_of_one_invitation_make_one_membership():
    person = make_user()
    firm, token = _invited(person.email)
    now = timezone.now()

    outcomes = _at_once(*[lambda: accept_as_member(token=token, user_id=person.pk, now=now)] * 4)

    assert outcomes == ["accounts.link_refused"] * 3 + ["done"]
    with tenant(firm.firm_id):
        assert Membership.objects.filter(user=person).count() == 1


def test_two_new_people_with_one_link_are_one_account_and_one_membership():
    firm, token = _invited("cole@example.com")
    now = timezone.now()
    agreed = Agreed(AGREED, None, now)

    outcomes = _at_once(
        *[lambda: accept_as_new_person(token=token, name="Cole", password=PASSWORD, agreed=agreed, now=now)] * 2
    )

    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "accounts.link_refused", "accounts.sign_in_to_accept"}
    user = User.objects.get(email="cole@example.com")
    with tenant(firm.firm_id):
        assert Membership.objects.filter(user=user).count() == 1


def test_two_invitations_of_one_address_at_once_are_one():
    owner = make_user()
    firm = make_firm(owner)
    place, now = Place(role="member", scope="self"), timezone.now()

    outcomes = _at_once(
        *[
            lambda: invite_person(
                firm_id=firm.firm_id, actor_id=owner.pk, email="cole@example.com", place=place, now=now
            )
        ]
        * 2
    )

    assert outcomes == ["accounts.already_invited", "done"]
