"""Staff see what was granted to them, of every firm, for one transaction, and the trail says so."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core.staff import staff_view
from apps.core.tenancy import WrongTenant, acting_as, tenant

pytestmark = pytest.mark.django_db


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        row: tuple[str] = cursor.fetchone()
    return row[0]


def test_takes_the_role_on_and_puts_it_down_again(cast):
    before = _role()

    with staff_view(cast.owner.pk, "a look"):
        assert _role() == "smarterfirms_staff"

    assert _role() == before


def test_an_error_inside_puts_it_down_too(cast):
    before = _role()

    with pytest.raises(LookupError), staff_view(cast.owner.pk, "a look"):
        raise LookupError

    assert _role() == before


def test_every_look_is_in_the_audit_trail(cast):
    with staff_view(cast.owner.pk, "deliveries listed", target="delivery 7"):
        pass

    with acting_as(cast.owner.pk), connection.cursor() as cursor:
        cursor.execute("SELECT user_id, target, details FROM core_auditentry WHERE action = 'core.staff_viewed'")
        ((user_id, target, details),) = cursor.fetchall()
    assert (user_id, target) == (cast.owner.pk, "delivery 7")
    assert "deliveries listed" in str(details)


@pytest.mark.parametrize("table", ["accounts_user", "core_auditentry", "core_rememberedanswer", "django_session"])
def test_what_was_not_granted_is_closed(cast, table):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        staff_view(cast.owner.pk, "a look"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT * FROM {table}")


def test_nobody_steps_over_the_wall_from_inside_a_firm(cast):
    with tenant(cast.firm.firm_id), pytest.raises(WrongTenant), staff_view(cast.owner.pk, "a look"):
        pass
