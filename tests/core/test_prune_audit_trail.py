"""Entries of the trail older than seven years go by the owner's hand, and no younger one."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.core.models import AuditEntry
from apps.core.tenancy import tenant
from tests.accounts.factories import make_firm, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_entries_older_than_seven_years_go():
    firm = make_firm(make_user())
    with tenant(firm.firm_id):
        for days in (3000, 2500):
            AuditEntry.objects.create(
                firm_id=firm.firm_id, action=f"tests.{days}", happened_at=timezone.now() - timedelta(days=days)
            )
    said = io.StringIO()

    call_command("prune_audit_trail", stdout=said)

    assert said.getvalue() == "Removed 1 entries.\n"
    with tenant(firm.firm_id, read_only=True):
        kept = AuditEntry.objects.filter(action__startswith="tests.").values_list("action", flat=True)
        assert list(kept) == ["tests.2500"]
