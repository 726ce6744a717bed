"""The trail is append-only, and each reads their own part of it."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core import audit
from apps.core.database_owner import owner_connection
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as, tenant

pytestmark = pytest.mark.django_db


def test_a_firm_reads_only_its_own_entries(cast):
    with tenant(cast.firm.firm_id):
        audit.record("tests.happened", firm_id=cast.firm.firm_id, user_id=cast.owner.pk, target="bill:7", amount="1.50")

    with tenant(cast.strangers_firm.firm_id):
        assert not AuditEntry.objects.filter(action="tests.happened").exists()
    with tenant(cast.firm.firm_id):
        entry = AuditEntry.objects.get(action="tests.happened")
    assert (entry.target, entry.details, entry.user_id) == ("bill:7", {"amount": "1.50"}, cast.owner.pk)


def test_an_entry_of_no_firm_is_read_by_its_person_only(cast):
    with transaction.atomic():
        audit.record("tests.signed_in", user_id=cast.owner.pk)

    with acting_as(cast.owner.pk):
        assert AuditEntry.objects.filter(action="tests.signed_in").count() == 1
    with acting_as(cast.stranger.pk):
        assert AuditEntry.objects.filter(action="tests.signed_in").count() == 0


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_to_change_it(cast, statement):
    with pytest.raises(DatabaseError, match="permission denied"), tenant(cast.firm.firm_id):
        connection.cursor().execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM core_auditentry"])
def test_even_the_owner_of_the_table_is_refused(statement):
    with transaction.atomic():
        audit.record("tests.happened")

    with owner_connection(), pytest.raises(DatabaseError, match="append-only"):
        connection.cursor().execute(statement)
