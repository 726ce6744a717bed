"""`manage.py sync_status`: firms in a table, one in full, and a code that tells a script how it is."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.clio.models import ClioConnection
from apps.core.tenancy import tenant
from tests.clio.factories import sync

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("sync_status", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def synced(firm: Any, clio: Any) -> Any:
    sync(firm, full=True)
    return firm


def test_shows_every_firm_in_a_line(synced):
    code, shown = run()

    assert code == 0
    assert synced.name in shown
    assert "The numbers are what Clio had less than a minute ago." in shown


def test_shows_one_firm_in_full(synced, cast):
    code, shown = run("--firm", str(synced.public_id))

    assert code == 0
    assert "Practice areas" in shown
    assert "3,4" in shown  # activities, grouped


def test_ends_with_one_where_something_is_seriously_wrong(synced):
    with tenant(synced.firm_id):
        ClioConnection.objects.update(status="revoked")

    code, shown = run("--firm", str(synced.public_id))

    assert code == 1
    assert "connects again" in shown


def test_speaks_json(synced):
    code, shown = run("--json")

    (firm,) = json.loads(shown)
    assert (code, firm["firm_id"], firm["is_well"]) == (0, synced.firm_id, True)
    assert "access_token" not in shown


def test_names_what_is_no_firm(db):
    with pytest.raises(CommandError) as refusal:
        run("--firm", "olive")

    assert refusal.value.returncode == 2
