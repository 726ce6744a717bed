"""Faults on demand, changes to records, counts: what tests of the client pull and read."""

import gzip
from http.client import HTTPException, IncompleteRead

import pytest

from apps.clio.sandbox.faults import parse_faults
from apps.clio.sandbox.sandbox import Rules
from tests.clio.sandbox.server import SECTION_15, RunningSandbox, dataset_store, running_sandbox

PATH = "/api/v4/activities.json"


def fail_next(sandbox: RunningSandbox, kind: str, **more: object) -> None:
    sandbox.control("faults", {"next": [{"path": PATH, "kind": kind, **more}]})


def test_fails_the_next_requests_of_a_path(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "500", times=2, after=1)

    assert own_sandbox.get("users.json").status == 200
    assert [own_sandbox.get("activities.json").status for _ in range(4)] == [200, 500, 500, 200]


def test_fails_in_many_ways(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "html500")
    assert own_sandbox.get("activities.json").headers["Content-Type"].startswith("text/html")
    fail_next(own_sandbox, "429")
    assert own_sandbox.get("activities.json").headers["Retry-After"] == "1"
    fail_next(own_sandbox, "slow", seconds=0.05)
    assert own_sandbox.get("activities.json").status == 200
    fail_next(own_sandbox, "drop")
    with pytest.raises((HTTPException, ConnectionError)):
        own_sandbox.get("activities.json")
    fail_next(own_sandbox, "timeout", seconds=0.05)
    with pytest.raises((HTTPException, ConnectionError)):
        own_sandbox.get("activities.json")
    fail_next(own_sandbox, "truncate")
    with pytest.raises(IncompleteRead):
        own_sandbox.get("activities.json")


def test_fails_by_seeded_chance() -> None:
    def run() -> list[int]:
        rules = Rules(rate_limit=0, faults=parse_faults("500:0.3,429:0.2"), fault_seed=5)
        with running_sandbox(dataset_store("golden_march"), rules) as sandbox:
            return [sandbox.get("users.json").status for _ in range(40)]

    first = run()

    assert first == run()
    assert set(first) == {200, 429, 500}


def test_refuses_faults_that_do_not_exist(own_sandbox: RunningSandbox) -> None:
    reply = own_sandbox.call("POST", "/sandbox/faults", '{"next": [{"kind": "explode"}]}')

    assert reply.status == 400


def test_clears_faults(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "500", times=9)
    own_sandbox.control("faults", {"odds": "500:1"})
    own_sandbox.control("faults", method="DELETE")

    assert own_sandbox.get("activities.json").status == 200


def test_changes_a_record_and_its_time(own_sandbox: RunningSandbox) -> None:
    before = own_sandbox.list_all("matters", "id,etag,updated_at,description,client{id}")
    newest = own_sandbox.store.newest_change()
    chosen = before[3]

    own_sandbox.control(f"records/matters/{chosen['id']}", {"description": "Renamed"}, "PATCH")

    after = own_sandbox.get(f"matters/{chosen['id']}.json?fields=id,etag,updated_at,description,client{{id}}").json[
        "data"
    ]
    assert (after["description"], after["client"]) == ("Renamed", chosen["client"])
    assert after["etag"] != chosen["etag"]
    changed = own_sandbox.list_all("matters", "id", updated_since=after["updated_at"])
    assert [each["id"] for each in changed] == [chosen["id"]]
    assert own_sandbox.store.newest_change() > newest
    nested = own_sandbox.list_all("activities", "matter{id,description}", matter_id=str(chosen["id"]))
    assert {each["matter"]["description"] for each in nested} <= {"Renamed"}


def test_adds_and_removes_a_record(own_sandbox: RunningSandbox) -> None:
    user = own_sandbox.store.tables["users"].ids[0]
    count = own_sandbox.control("counts", method="GET")["activities"]["count"]

    added = own_sandbox.control(
        "records/activities",
        {"type": "TimeEntry", "date": "2026-10-30", "quantity": 3600.00, "total": 300.10, "user": {"id": user}},
    )["data"]
    assert own_sandbox.control("counts", method="GET")["activities"]["count"] == count + 1
    body = own_sandbox.get(f"activities/{added['id']}.json?fields=id,total,user{{id}},matter,created_at").body
    assert b'"total":300.10' in body

    own_sandbox.control(f"records/activities/{added['id']}", method="DELETE")
    assert own_sandbox.get(f"activities/{added['id']}.json").status == 404
    assert own_sandbox.call("DELETE", f"/sandbox/records/activities/{added['id']}").status == 404


def test_refuses_records_it_does_not_know(own_sandbox: RunningSandbox) -> None:
    assert own_sandbox.call("POST", "/sandbox/records/activities", '{"nonsense": 1}').status == 400
    assert own_sandbox.call("POST", "/sandbox/records/nonsense", "{}").status == 404
    assert own_sandbox.call("PATCH", "/sandbox/records/bills/1", "{}").status == 404
    assert own_sandbox.call("POST", "/sandbox/records/bills", "[1]").status == 400


def test_counts_requests(own_sandbox: RunningSandbox) -> None:
    own_sandbox.get("users.json")
    own_sandbox.get("users.json?limit=1")
    own_sandbox.get("bills.json")

    assert own_sandbox.control("requests", method="GET") == {"/api/v4/bills.json": 1, "/api/v4/users.json": 2}


def test_sums_what_it_serves(sandbox: RunningSandbox) -> None:
    counts = sandbox.control("counts", method="GET")

    for name, column in (("activities", "total"), ("bills", "due"), ("allocations", "amount")):
        records = sandbox.list_all(name, f"id,{column}")
        assert counts[name]["count"] == len(records)
        assert counts[name][f"sum_{column}"] == f"{sum(each[column] for each in records):.2f}"


def test_answers_faults_the_way_clio_would(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "401")
    assert own_sandbox.get("activities.json").json["error"] == "invalid_token"
    fail_next(own_sandbox, "429", seconds=7)
    refused = own_sandbox.get("activities.json")
    assert (refused.headers["Retry-After"], refused.headers["X-RateLimit-Remaining"]) == ("7", "0")


def test_compresses_only_when_asked_to() -> None:
    accepting = {"Accept-Encoding": "gzip"}
    with running_sandbox(dataset_store("golden_march"), Rules(rate_limit=0, gzip=True)) as sandbox:
        address = "users.json?fields=id,etag,name,email,account{id,name},groups{id,name,type},time_zone&limit=2"
        packed, plain = sandbox.get(address, **accepting), sandbox.get(address)
        large = sandbox.get(f"activities.json?fields={SECTION_15['activities']}", **accepting)

    assert packed.body == plain.body
    assert large.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(large.body).startswith(b'{"data":[')


def test_a_429_may_come_without_retry_after(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "429_bare", seconds=9)
    bare = own_sandbox.get("activities.json")
    fail_next(own_sandbox, "429_at", seconds=9)
    dated = own_sandbox.get("activities.json")

    assert (bare.status, dated.status) == (429, 429)
    assert "Retry-After" not in bare.headers.keys() | dated.headers.keys()
    assert int(bare.headers["X-RateLimit-Reset"]) > 0
    assert dated.headers["Retry-At"] == dated.headers["X-RateLimit-Reset"]


def test_a_429_may_storm(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "429", times=12)

    assert [own_sandbox.get("activities.json").status for _ in range(13)] == [429] * 12 + [200]


def test_next_may_lead_elsewhere(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "wrong_host", host="https://thief.invalid")

    reply = own_sandbox.get("activities.json?limit=5&fields=id")

    assert len(reply.json["data"]) == 5
    assert reply.json["meta"]["paging"]["next"].startswith("https://thief.invalid/api/v4/activities.json?")


def test_a_page_token_may_be_too_old(own_sandbox: RunningSandbox) -> None:
    first = own_sandbox.get("activities.json?limit=5")
    following = first.json["meta"]["paging"]["next"]
    fail_next(own_sandbox, "expired_page")

    refused = own_sandbox.get(following)

    assert (refused.status, "expired" in refused.json["error"]["message"]) == (400, True)
    assert own_sandbox.get(following).status == 200


def test_redirects_on_demand(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "redirect")
    near = own_sandbox.get("activities.json?limit=2&fields=id")
    fail_next(own_sandbox, "redirect_away", host="https://elsewhere.invalid")
    away = own_sandbox.get("activities.json?limit=2")

    assert near.status == away.status == 307
    assert near.headers["Location"] == f"{own_sandbox.base_url}{PATH}?limit=2&fields=id"
    assert own_sandbox.get(near.headers["Location"]).status == 200
    assert away.headers["Location"].startswith("https://elsewhere.invalid/")


def test_html_may_come_with_a_200(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "html200")

    reply = own_sandbox.get("activities.json")

    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_tells_which_faults_wait(own_sandbox: RunningSandbox) -> None:
    fail_next(own_sandbox, "500", times=3, after=1)

    assert own_sandbox.control("faults", method="GET") == {
        "queued": [{"path": PATH, "kind": "500", "times": 3, "after": 1}], "odds": {},
    }  # fmt: skip
