"""The sync's own address."""

from typing import Any

from tests.clio.factories import one, sync


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
