"""The sync's own address."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.models import SyncRun, SyncStep
from apps.clio.services.open_run import open_run
from apps.clio.services.reread_record import reread_record
from apps.clio.services.sync_firm import sync_firm
from apps.core.tenancy import tenant
from tests.clio.factories import fetch, mirrored, one, sync


def address(firm: Any) -> str:
    return f"/api/v1/firms/{firm.public_id}/clio/sync"


def test_shows_how_far_the_mirror_is(cast, firm, api, clio):
    before = api(cast.colleague).get(address(firm)).json()
    sync(firm)
    after = api(cast.colleague).get(address(firm)).json()

    assert before == {
        "data_as_of": None,
        "is_complete": False,
        "refused": [],
        "records": 0,
        "mirrored": {},
        "run": None,
    }
    assert after["is_complete"]
    assert after["data_as_of"] is not None
    assert after["run"]["state"] == "done"
    activities = next(each for each in after["run"]["entities"] if each["entity"] == "activities")
    count = clio.control("counts", method="GET")["activities"]["count"]
    assert after["mirrored"]["activities"] == count
    assert sum(after["mirrored"].values()) == after["records"]
    assert (activities["records"], activities["expected"], activities["eta_seconds"]) == (count, count, None)
    assert activities["records_per_second"] > 0


def test_starts_a_sync_once_however_often_it_is_asked_for(cast, firm, api):
    first = api(cast.owner).post(address(firm), {}, format="json")
    second = api(cast.owner).post(address(firm), {}, format="json")

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["run"]["run_id"] == second.json()["run"]["run_id"]
    assert one(firm, "SELECT count(*) FROM core_job WHERE name = 'clio.sync_firm'") == 1


def test_refuses_to_read_everything_while_changes_are_read(cast, firm, api):
    sync(firm)
    api(cast.owner).post(address(firm), {}, format="json")

    refused = api(cast.owner).post(address(firm), {"full": True}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (409, "clio.sync_running")
    assert one(firm, "SELECT count(*) FROM clio_sync_runs") == 2


def test_names_what_clio_did_not_let_us_read(cast, firm, api, clio):
    clio.control("faults", {"next": [{"kind": "403", "path": "/api/v4/bills.json", "times": 9}]})
    sync(firm)

    answer = api(cast.colleague).get(address(firm)).json()

    assert (answer["is_complete"], answer["refused"]) == (True, ["bills"])
    assert "bills" not in answer["mirrored"]


def test_reads_everything_again_when_asked(cast, firm, api):
    sync(firm)

    answer = api(cast.owner).post(address(firm), {"full": True}, format="json")

    assert answer.json()["run"]["kind"] == "full"
    assert one(firm, "SELECT count(*) FROM clio_sync_steps WHERE since IS NOT NULL") == 0


def test_needs_a_connection(cast, api, db):
    answer = api(cast.owner).post(address(cast.firm), {}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (404, "clio.not_connected")


def test_only_administrators_start_it(cast, firm, api):
    for person, status in ((cast.colleague, 403), (cast.consultant, 403), (cast.stranger, 404), (None, 401)):
        assert api(person).post(address(firm), {}, format="json").status_code == status

    assert one(firm, "SELECT count(*) FROM clio_sync_runs") == 0


def test_reads_one_entity_again_when_asked(cast, firm, api):
    sync(firm)

    answer = api(cast.owner).post(address(firm), {"entity": "bills"}, format="json")
    again = api(cast.owner).post(address(firm), {"entity": "bills"}, format="json")
    other = api(cast.owner).post(address(firm), {"entity": "users"}, format="json")

    run = answer.json()["run"]
    assert (answer.status_code, run["kind"]) == (202, "entities")
    assert [step["entity"] for step in run["entities"]] == ["bills"]
    assert again.json()["run"]["run_id"] == run["run_id"]
    assert (other.status_code, other.json()["code"]) == (409, "clio.sync_running")


def test_promises_to_read_one_record_once_however_often_it_is_asked_for(cast, firm, api):
    wanted = {"entity": "bills", "record_id": "12"}

    answers = [api(cast.owner).post(address(firm), wanted, format="json") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    jobs = "SELECT count(*), min(arguments ->> 'record_id') FROM core_job WHERE name = 'clio.reread_record'"
    assert fetch(firm, jobs) == [(1, "12")]
    assert one(firm, "SELECT count(*) FROM clio_sync_runs") == 0


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"entity": "nonsense"}, "/entity"),
        ({"entity": "webhooks", "record_id": "1"}, "/entity"),
        ({"record_id": "1"}, "/entity"),
        ({"entity": "bills", "record_id": "one"}, "/record_id"),
        ({"entity": "bills", "record_id": "9" * 30}, "/record_id"),
        ({"entity": "bills", "full": True}, "/full"),
        ({"entity": "x" * 61}, "/entity"),
        ({"full": "perhaps"}, "/full"),
    ],
)
def test_names_the_field_that_is_wrong(cast, firm, api, wanted, pointer):
    refused = api(cast.owner).post(address(firm), wanted, format="json")

    assert refused.status_code in (400, 422), refused.json()
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert one(firm, "SELECT count(*) FROM clio_sync_runs") == 0


def test_brings_a_record_up_to_date_and_finds_out_that_one_is_gone(firm, clio):
    sync(firm)
    changed, gone = sorted(clio.store.tables["matters"].ids)[:2]
    unmoved = mirrored(firm, "matters")[changed]["updated_at"].isoformat()
    clio.control(f"records/matters/{changed}", {"location": "Elsewhere", "updated_at": unmoved}, "PATCH")
    clio.control(f"records/matters/{gone}", method="DELETE")

    for number in (changed, gone):
        assert reread_record(firm_id=firm.firm_id, entity="matters", record_id=str(number), now=timezone.now()) is None

    rows = mirrored(firm, "matters")
    assert rows[changed]["location"] == "Elsewhere"
    assert rows[gone]["gone_at"] is not None


def test_tells_when_the_run_will_be_over(cast, firm, api, clio):
    open_run(firm_id=firm.firm_id, full=True)
    sync_firm(firm_id=firm.firm_id)
    with tenant(firm.firm_id):
        SyncRun.objects.update(finished_at=None, state="running", started_at=timezone.now() - timedelta(seconds=60))
        steps = SyncStep.objects.all()
        steps.update(state="done", pages=2, records=400, expected=400)
        steps.filter(entity="activities").update(state="running", pages=3, records=600, expected=1000)

    run = api(cast.colleague).get(address(firm)).json()["run"]

    pages = 2 * (len(run["entities"]) - 1) + 3
    assert abs(run["eta_seconds"] - 60 * 2 / pages) <= 1
