"""The wall as code meets it."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import Membership
from apps.core.tenancy import WrongTenant, current_firm_id, tenant
from tests.accounts.factories import join, make_firm, make_user

pytestmark = pytest.mark.django_db


def test_shows_only_the_rows_of_the_firm_inside(cast):
    with tenant(cast.firm.firm_id):
        firms = set(Membership.objects.values_list("firm_id", flat=True))

    assert firms == {cast.firm.firm_id}


def test_raw_sql_without_a_firm_sees_nothing(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_membership")
        assert cursor.fetchone() == (0,)


def test_refuses_a_row_of_another_firm(cast):
    with pytest.raises(DatabaseError, match="row-level security"), tenant(cast.firm.firm_id):
        Membership.objects.create(firm_id=cast.strangers_firm.firm_id, user=cast.stranger, role="owner")


def test_changes_no_row_of_another_firm(cast):
    with tenant(cast.firm.firm_id):
        changed = Membership.objects.filter(firm_id=cast.strangers_firm.firm_id).update(role="member")

    assert changed == 0


def test_refuses_to_enter_a_second_firm(cast):
    with tenant(cast.firm.firm_id), pytest.raises(WrongTenant), tenant(cast.strangers_firm.firm_id):
        pass


def test_joins_the_transaction_of_the_same_firm(cast):
    with tenant(cast.firm.firm_id), tenant(cast.firm.firm_id):
        assert current_firm_id() == cast.firm.firm_id
        assert Membership.objects.count() == 3


def test_leaves_no_firm_behind(cast):
    with transaction.atomic():
        with tenant(cast.firm.firm_id):
            pass
        assert current_firm_id() is None
        assert Membership.objects.count() == 0


def test_leaves_no_firm_behind_after_an_error(cast):
    with pytest.raises(ZeroDivisionError), tenant(cast.firm.firm_id):
        raise ZeroDivisionError

    assert current_firm_id() is None
    assert Membership.objects.count() == 0


def test_read_only_refuses_writes(cast):
    with pytest.raises(DatabaseError, match="read-only"), tenant(cast.firm.firm_id, read_only=True):
        Membership.objects.update(role="owner")


@pytest.mark.django_db(transaction=True)
def test_read_only_sees_one_state_of_the_firm_throughout():
    firm = make_firm(make_user())
    counts = []
    with tenant(firm.firm_id, read_only=True):
        counts.append(Membership.objects.count())
        newcomer = threading.Thread(target=_join_from_elsewhere, args=(firm,))
        newcomer.start()
        newcomer.join()
        counts.append(Membership.objects.count())

    assert counts == [1, 1]


def _join_from_elsewhere(firm):
    join(make_user(), firm)
    connection.close()
