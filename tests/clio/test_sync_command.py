"""`manage.py sync_clio`, as an operator calls it."""

import io
import re
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from apps.clio.models import ClioConnection, SyncRun
from apps.clio.services.sync_to_end import sync_to_end
from apps.core.tenancy import tenant
from tests.clio.factories import connect, differences, one, start

pytestmark = pytest.mark.django_db(transaction=True)


def run(firm: Any, *arguments: str) -> str:
    out = io.StringIO()
    call_command("sync_clio", "--firm", str(firm.public_id), *arguments, stdout=out, stderr=out)
    return out.getvalue()


def exit_code(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        call_command("sync_clio", *arguments, stdout=io.StringIO())
    return refused.value.returncode, str(refused.value)


@pytest.fixture
def firm(transactional_db: None, cast: Any, clio: Any) -> Any:
    connect(cast.firm, clio)
    return cast.firm


def test_syncs_in_its_own_process_and_counts(firm, clio):
    text = run(firm, "--inline")

    count = clio.control("counts", method="GET")["activities"]["count"]
    assert re.search(rf"activities +{count:,} +{count:,} changed", text)
    assert re.search(r"records read in [\d.]+ s: [\d,]+ a second\.", text)
    assert differences(firm, clio, "activities") == []
    assert one(firm, "SELECT count(*) FROM core_job WHERE name = 'clio.sync_firm'") == 0


def test_enqueues_without_working(firm, clio):
    assert "is enqueued" in run(firm)

    assert one(firm, "SELECT count(*) FROM core_job WHERE name = 'clio.sync_firm'") == 1
    assert clio.control("requests", method="GET") == {}


def test_follows_what_a_worker_does(firm, clio):
    def work() -> None:
        sync_to_end(firm_id=firm.firm_id)
        connections.close_all()

    start(firm)
    worker = threading.Thread(target=work)
    worker.start()
    text = run(firm, "--follow")
    worker.join()

    assert re.search(r"in all +[\d,]{5,}", text)


def test_takes_the_owners_address(firm, cast):
    call_command("sync_clio", "--firm", cast.owner.email, stdout=io.StringIO())

    assert one(firm, "SELECT count(*) FROM clio_sync_runs") == 1


def test_names_the_firms_of_a_person_with_several(firm, cast):
    code, words = exit_code("--firm", cast.consultant.email)

    assert code == 2
    assert str(cast.firm.public_id) in words


@pytest.mark.parametrize("name", ["nobody@example.com", "018f0000-0000-7000-8000-000000000000", "rubbish"])
def test_says_when_there_is_no_such_firm(firm, name):
    assert exit_code("--firm", name)[0] == 2


def test_says_when_the_firm_is_not_connected(transactional_db, cast):
    code, words = exit_code("--firm", str(cast.firm.public_id), "--inline")

    assert (code, words) == (3, "This firm is not connected to Clio.")


def test_says_when_the_connection_was_revoked_on_the_way(firm, clio):
    clio.control("faults", {"next": [{"kind": "401", "path": "/api/v4/contacts.json", "times": 9}]})

    code, words = exit_code("--firm", str(firm.public_id), "--inline")

    assert code == 3
    assert "connect again" in words
    with tenant(firm.firm_id):
        assert ClioConnection.objects.get().status == "revoked"


def test_says_when_clio_refuses(firm, clio):
    clio.control("faults", {"next": [{"kind": "400", "path": "/api/v4/contacts.json", "times": 9}]})

    code, words = exit_code("--firm", str(firm.public_id), "--inline")

    assert code == 5
    assert "Clio answered 400" in words
    assert not words.endswith("..")


def test_goes_on_with_a_parked_sync_whose_reason_is_gone(firm, clio):
    start(firm)
    with tenant(firm.firm_id):
        SyncRun.objects.update(state="parked", reason="clio.grant_revoked", detail="Connect again")

    assert "records read in" in run(firm, "--inline")


def test_says_when_everything_is_wanted_while_changes_are_read(firm, clio):
    run(firm, "--inline")
    start(firm)

    code, words = exit_code("--firm", str(firm.public_id), "--inline", "--full")

    assert (code, words) == (6, "Another sync is under way; ask again when it has ended.")


def test_reads_one_entity_again(firm, clio):
    run(firm, "--inline")
    clio.control("requests", method="DELETE")

    text = run(firm, "--entity", "practice_areas", "--inline")

    assert re.search(r"practice areas +[\d,]+ +0 changed", text)
    assert list(clio.control("requests", method="GET")) == ["/api/v4/practice_areas.json"]


def test_reads_named_records_and_says_what_became_of_them(firm, clio):
    run(firm, "--inline")
    kept, gone = sorted(clio.store.tables["matters"].ids)[:2]
    clio.control(f"records/matters/{gone}", method="DELETE")

    text = run(firm, "--entity", "matters", "--record", str(kept), "--record", str(gone))

    assert f"matters {kept}: up to date" in text
    assert f"matters {gone}: no longer in Clio" in text


@pytest.mark.parametrize(
    "arguments", [("--record", "1"), ("--entity", "nonsense"), ("--entity", "bills", "--record", "one")]
)
def test_says_what_is_wrong_with_the_question(firm, clio, arguments):
    code, words = exit_code("--firm", str(firm.public_id), *arguments)

    assert code == 5
    assert words.endswith(".")
    assert clio.control("requests", method="GET") == {}
