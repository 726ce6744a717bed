"""What the door of accounts says of people."""

from apps.accounts import interface as accounts
from apps.accounts.models import Membership, User
from apps.core.scope import Role
from apps.core.tenancy import tenant
from tests.accounts.factories import join, make_user


def test_tells_who_is_an_administrator_of_the_firm(cast):
    admin = make_user("Addy Min")
    join(admin, cast.firm, role=Role.ADMIN)
    people = (cast.owner, admin, cast.colleague, cast.consultant, cast.stranger)

    with tenant(cast.firm.firm_id):
        found = [accounts.is_administrator(user_id=each.pk, firm_id=cast.firm.firm_id) for each in people]

    assert found == [True, True, False, False, False]


def test_nobody_suspended_or_switched_off_is_an_administrator(cast):
    switched_off, suspended = make_user("Addy Min"), make_user("Sue Spended")
    for person in (switched_off, suspended):
        join(person, cast.firm, role=Role.ADMIN)
    User.objects.filter(pk=switched_off.pk).update(is_active=False)

    with tenant(cast.firm.firm_id):
        Membership.objects.filter(user=suspended).update(status=Membership.Status.SUSPENDED)
        people = (switched_off, suspended)
        found = [accounts.is_administrator(user_id=each.pk, firm_id=cast.firm.firm_id) for each in people]

    assert found == [False, False]
