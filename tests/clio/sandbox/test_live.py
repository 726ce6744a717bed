"""The firm at work: single acts on demand, many by seeded chance, and the books that tie after each of them."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.clio.sandbox.changes import RecordWriter
from apps.clio.sandbox.live.acts import ACTS
from apps.clio.sandbox.live.audit import audit
from apps.clio.sandbox.live.desk import Desk
from apps.clio.sandbox.live.shift import Shift
from apps.clio.sandbox.store import Store, store_firm
from tests.clio.contract import faults_in, schema_of
from tests.clio.sandbox.receiver import receiving
from tests.clio.sandbox.server import SECTION_15, RunningSandbox, dataset_store, running_sandbox, small_firm

ROOT = Path(__file__).parents[3]


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def shift_of(store: Store, seed: int = 7) -> Shift:
    return Shift(Desk(store, RecordWriter(store, Clock()), seed))


@pytest.fixture
def shift() -> Shift:
    return shift_of(store_firm(small_firm()))


def test_the_books_of_a_generated_firm_tie() -> None:
    for firm in (small_firm(), small_firm(11, 6, 2)):
        assert audit(shift_of(store_firm(firm)).desk) == []


def test_the_audit_finds_what_does_not_tie(shift: Shift) -> None:
    desk = shift.desk
    bill = desk.choose("bills", desk.where("bills", state='"paid"'))
    entry = desk.choose("activities", lambda row: row[desk.store.tables["activities"].entity.positions["bill"]] is None)
    assert bill is not None
    assert entry is not None

    desk.change("bills", bill["id"], due=bill["due"] + 1)
    desk.change("activities", entry["id"], billed=True)
    desk.change("bank_accounts", desk.store.tables["bank_accounts"].ids[1], balance=0.01)
    payment = next(
        each for each in desk.store.tables["allocations"].ids if desk.get("allocations", each)["voided_at"] is None
    )
    desk.change("allocations", payment, amount=0.01)

    found = " ".join(audit(desk))
    for words in (
        f"bill {bill['id']}: due",
        f"activity {entry['id']}",
        "bank account",
        "trust accounts",
        f"allocation {payment}",
    ):
        assert words in found


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_happens_and_leaves_the_books_tied(name: str) -> None:
    firm = small_firm(11, 6, 2) if name == "interest_charged" else small_firm()
    shift = shift_of(store_firm(firm), seed=sorted(ACTS).index(name))
    if name == "online_payment_finished":
        assert shift.act("online_payment_started") is not None

    happened = [shift.act(name) for _ in range(8)]

    assert any(happened), name
    assert audit(shift.desk) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_long_work_leaves_the_books_tied(seed: int) -> None:
    shift = shift_of(store_firm(small_firm()), seed)

    done = shift.work(700)

    assert len(done) == 700
    assert len(shift.counts) > 25
    assert audit(shift.desk) == []


def test_the_same_seed_does_the_same() -> None:
    one, other = shift_of(store_firm(small_firm())), shift_of(store_firm(small_firm()))

    assert one.work(200) == other.work(200)
    assert all(one.desk.store.tables[name].rows[-1][0] == table.rows[-1][0]
               for name, table in other.desk.store.tables.items() if table.rows)  # fmt: skip


def test_works_on_a_dataset_too() -> None:
    shift = shift_of(dataset_store("golden_march"))

    assert len(shift.work(60)) == 60


def test_a_reopened_draft_has_new_lines_and_a_deleted_bill_keeps_its_state(shift: Shift) -> None:
    desk = shift.desk
    changed = shift.act("draft_changed")
    assert changed is not None
    lines = list(desk.store.tables["line_items"].ids_referring("bill", changed.record_id))
    again = next(
        each for each in iter(lambda: shift.act("draft_changed"), None) if each and each.record_id == changed.record_id
    )
    assert not set(lines) & set(desk.store.tables["line_items"].ids_referring("bill", again.record_id))

    deleted = shift.act("draft_deleted")
    assert deleted is not None
    bill = desk.get("bills", deleted.record_id)
    assert bill["state"] == "deleted"
    assert not len(desk.store.tables["line_items"].ids_referring("bill", deleted.record_id))


def test_ids_are_never_given_twice(shift: Shift) -> None:
    first = shift.act("time_entered")
    assert first is not None
    shift.desk.remove("activities", first.record_id)

    second = shift.act("time_entered")

    assert second is not None
    assert second.record_id > first.record_id


@pytest.fixture
def clio() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        running.get("users.json")
        yield running


def test_the_levers_let_it_work(clio: RunningSandbox) -> None:
    one = clio.control("acts/time_entered", {})
    many = clio.control("work", {"count": 25})

    assert (one["number"], one["act"]) == (1, "time_entered")
    assert len(many) == 25
    assert clio.get(f"activities/{one['record_id']}.json").status in (200, 404)
    assert clio.control("audit", method="GET") == []
    assert sum(each["done"] for each in clio.control("acts", method="GET").values()) == 26
    assert clio.call("POST", "/sandbox/acts/nonsense", "{}").status == 404
    clio.control("records/webhooks", {"id": 1})
    assert clio.call("POST", "/sandbox/work", '{"count": "x"}').status == 400


def test_says_when_there_is_nothing_to_do(clio: RunningSandbox) -> None:
    for number in list(clio.store.tables["tasks"].ids):
        clio.sandbox.control.writer.remove("tasks", number)

    assert clio.call("POST", "/sandbox/acts/task_finished", "{}").status == 409


def test_works_at_a_pace_until_it_rests(clio: RunningSandbox) -> None:
    assert clio.control("live", {"per_minute": 6000}, "PUT")["per_minute"] == 6000
    deadline = time.monotonic() + 120
    while len(clio.control("live", method="GET")["happened"]) < 20:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    clio.control("live", {"per_minute": 0}, "PUT")

    done = clio.control("live", method="GET")["happened"]
    time.sleep(0.1)
    assert clio.control("live", method="GET") == {"per_minute": 0, "happened": done}
    after = clio.call("GET", f"/sandbox/live?since={done[-2]['number']}").json["happened"]
    assert after == done[-1:]
    assert clio.call("PUT", "/sandbox/live", '{"per_minute": 60001}').status == 400


def test_the_truth_is_what_the_surface_serves(clio: RunningSandbox) -> None:
    clio.control("work", {"count": 150})

    for name in SECTION_15:
        truth = clio.call("GET", f"/sandbox/truth/{name}?fields={SECTION_15[name]}").json["data"]
        assert truth == clio.list_all(name), name
    whole = clio.call("GET", "/sandbox/truth/activities").json["data"]
    assert len(whole) == len(clio.store.tables["activities"].rows)
    assert set(whole[0]["user"]) == {"id"}


def test_what_the_firm_writes_holds_to_the_contract(clio: RunningSandbox) -> None:
    clio.control("work", {"count": 400})

    for name in SECTION_15:
        records = clio.list_all(name)
        assert faults_in(schema_of(f"/{name}.json"), {"data": records})[:5] == [], name


def test_everything_that_happens_to_an_entry_is_told(clio: RunningSandbox) -> None:
    with receiving() as receiver:
        content = {"data": {"url": receiver.url, "model": "activity", "fields": "id,updated_at"}}
        clio.call("POST", "/api/v4/webhooks.json", json.dumps(content), {"Authorization": f"Bearer {clio.token}"})
        assert clio.control("webhooks/settle")["settled"]
        before = {each["id"]: each for each in clio.list_all("activities")}
        clio.control("work", {"count": 120})
        assert clio.control("webhooks/settle")["settled"]
        after = {each["id"]: each for each in clio.list_all("activities")}

    told = {number for _, number in receiver.events}
    etags = [{key: each["etag"] for key, each in records.items()} for records in (before, after)]
    changed = {key for key in before.keys() | after.keys() if etags[0].get(key) != etags[1].get(key)}
    assert changed <= told


@pytest.mark.servers
def test_the_command_lets_a_running_sandbox_work(clio: RunningSandbox) -> None:
    command = [
        sys.executable,
        "manage.py",
        "clio_sandbox_live",
        "--url",
        clio.base_url,
        "--per-minute",
        "1200",
        "--seconds",
        "1.5",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stderr
    assert "The firm works, 1200 acts a minute" in done.stdout
    assert "the books tie." in done.stdout
    assert clio.control("live", method="GET")["per_minute"] == 0


@pytest.mark.servers
def test_the_command_says_so_when_nobody_is_there() -> None:
    command = [sys.executable, "manage.py", "clio_sandbox_live", "--url", "http://127.0.0.1:9"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 1
    assert "No Clio sandbox answers at http://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_written_off_work_is_found_by_the_filter_only(clio: RunningSandbox) -> None:
    number = clio.control("acts/entry_written_off", {})["record_id"]

    def ids(status: str) -> list[Any]:
        return [each["id"] for each in clio.list_all("activities", "id", status=status)]

    assert ids("written_off") == [number]
    assert number not in ids("unbilled")
