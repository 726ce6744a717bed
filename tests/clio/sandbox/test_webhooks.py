"""Webhooks: registering, the handshake, what is delivered and how it is signed, retries, expiry, suspension."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.clio.sandbox.sandbox import Rules
from tests.clio.sandbox.receiver import Message, Receiver, receiving
from tests.clio.sandbox.server import Reply, RunningSandbox, running_sandbox

FIELDS = "id,etag,updated_at,note,user{id},matter{id}"
SHOWN = "id,etag,url,fields,shared_secret,model,status,events,expires_at,created_at,updated_at,user{id}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


class Clock:
    now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def clio(clock: Clock) -> Iterator[RunningSandbox]:
    rules = Rules(rate_limit=0, webhooks=(("time_scale", 0.0),))
    with running_sandbox(rules=rules, clock=clock) as running:
        running.get("users.json")
        yield running


def write(clio: RunningSandbox, method: str, path: str, body: object = None, **headers: str) -> Reply:
    content = None if body is None else json.dumps(body)
    return clio.call(method, f"/api/v4/{path}", content, {"Authorization": f"Bearer {clio.token}", **headers})


def register(clio: RunningSandbox, url: str, **more: Any) -> Any:
    body = {"url": url, "model": "activity", "fields": FIELDS} | more
    reply = write(clio, "POST", f"webhooks.json?fields={SHOWN}", {"data": body})
    assert reply.status == 201, reply.body
    return reply.json["data"]


def settle(clio: RunningSandbox) -> None:
    assert clio.control("webhooks/settle", {"seconds": 5})["settled"]


def status_of(clio: RunningSandbox, number: int) -> str:
    return str(clio.get(f"webhooks/{number}.json?fields=status").json["data"]["status"])


def some_activity(clio: RunningSandbox, at: int = 0) -> int:
    return clio.store.tables["activities"].ids[at]


def edit(clio: RunningSandbox, number: int, **changes: Any) -> None:
    clio.control(f"records/activities/{number}", changes, "PATCH")


def test_shakes_hands_right_after_the_answer(clio: RunningSandbox, receiver: Receiver) -> None:
    created = register(clio, receiver.url)
    settle(clio)

    assert created["status"] == "pending"
    (handshake,) = receiver.messages
    assert handshake.headers["X-Hook-Secret"] == created["shared_secret"]
    assert handshake.json == {"data": {"webhook_id": created["id"]}}
    assert status_of(clio, created["id"]) == "enabled"


def test_the_handshake_may_come_before_the_answer(clio: RunningSandbox, receiver: Receiver) -> None:
    clio.control("webhooks", {"handshake": "before"}, "PATCH")

    assert register(clio, receiver.url)["status"] == "enabled"
    assert len(receiver.messages) == 1


def test_activates_later_by_the_secret(clio: RunningSandbox, receiver: Receiver) -> None:
    receiver.echoes = False
    created = register(clio, receiver.url)
    settle(clio)
    path = f"webhooks/{created['id']}/activate"

    assert status_of(clio, created["id"]) == "pending"
    assert write(clio, "PUT", path, **{"X-Hook-Secret": "wrong"}).status == 422
    assert write(clio, "PUT", f"{path}.json", **{"X-Hook-Secret": created["shared_secret"]}).status == 200
    assert status_of(clio, created["id"]) == "enabled"


def test_delivers_what_was_added_changed_and_removed(clio: RunningSandbox, receiver: Receiver) -> None:
    created = register(clio, receiver.url)
    settle(clio)
    number = some_activity(clio)

    edit(clio, number, note="Call with the court")
    added = clio.control("records/activities", {"type": "TimeEntry", "note": "New"})["data"]["id"]
    settle(clio)
    clio.control(f"records/activities/{number}", method="DELETE")
    settle(clio)

    assert sorted(receiver.events) == sorted([("updated", number), ("created", added), ("deleted", number)])
    updated = next(each.json for each in receiver.notices if each.json["meta"]["event"] == "updated")
    assert updated["meta"] == {"event": "updated", "webhook_id": created["id"]}
    assert updated["data"]["note"] == "Call with the court"
    assert set(updated["data"]) == {"id", "etag", "updated_at", "note", "user", "matter"}
    assert set(updated["data"]["user"]) == {"id"}


@pytest.mark.parametrize("kind", ["hex", "base64"])
def test_signs_the_bytes_it_sends(clio: RunningSandbox, receiver: Receiver, kind: str) -> None:
    clio.control("webhooks", {"signature": kind}, "PATCH")
    secret = register(clio, receiver.url)["shared_secret"]
    settle(clio)
    edit(clio, some_activity(clio), note="Renée")
    settle(clio)

    (notice,) = receiver.notices
    digest = hmac.new(secret.encode(), notice.body, hashlib.sha256).digest()
    expected = digest.hex() if kind == "hex" else base64.b64encode(digest).decode()
    assert notice.headers["X-Hook-Signature"] == expected


def test_says_nothing_when_no_chosen_field_changed_but_for_the_first_time(
    clio: RunningSandbox, receiver: Receiver
) -> None:
    register(clio, receiver.url, fields="id,date")
    settle(clio)
    number = some_activity(clio)

    for note in ("one", "two", "three"):
        edit(clio, number, note=note)
    edit(clio, number, date="2026-09-09")
    settle(clio)

    assert receiver.events == [("updated", number)] * 2


def test_says_when_a_matter_was_closed(clio: RunningSandbox, receiver: Receiver) -> None:
    register(clio, receiver.url, model="matter", fields="id,status", events=["matter_closed", "updated"])
    settle(clio)
    number = clio.store.tables["matters"].ids[3]
    clio.control(f"records/matters/{number}", {"status": "Open"}, "PATCH")
    settle(clio)
    receiver.messages.clear()

    clio.control(f"records/matters/{number}", {"status": "Closed", "close_date": "2026-10-30"}, "PATCH")
    settle(clio)

    assert sorted(receiver.events) == [("matter_closed", number), ("updated", number)]


def test_tries_again_until_taken(clio: RunningSandbox, receiver: Receiver) -> None:
    register(clio, receiver.url)
    settle(clio)
    receiver.answer = lambda message: 200 if len(receiver.notices) == 3 else 500

    edit(clio, some_activity(clio), note="one")
    settle(clio)

    assert len(receiver.notices) == 3
    assert len({each.body for each in receiver.notices}) == 1


def test_gives_up_after_six_attempts_and_suspends_after_three_lost(clio: RunningSandbox, receiver: Receiver) -> None:
    created = register(clio, receiver.url)
    settle(clio)
    receiver.answer = lambda message: 503
    for note in ("one", "two"):
        edit(clio, some_activity(clio), note=note)
        settle(clio)
    assert len(receiver.notices) == 12
    assert status_of(clio, created["id"]) == "enabled"

    edit(clio, some_activity(clio), note="three")
    settle(clio)
    assert status_of(clio, created["id"]) == "suspended"
    edit(clio, some_activity(clio), note="four")
    settle(clio)
    assert len(receiver.notices) == 18


@pytest.mark.parametrize(("status", "after"), [(302, "enabled"), (204, "enabled"), (410, "suspended")])
def test_takes_these_answers_for_received(clio: RunningSandbox, receiver: Receiver, status: int, after: str) -> None:
    created = register(clio, receiver.url)
    settle(clio)
    receiver.answer = lambda message: status

    edit(clio, some_activity(clio), note="one")
    settle(clio)

    assert len(receiver.notices) == 1
    assert status_of(clio, created["id"]) == after


def test_lapses_without_a_word(clio: RunningSandbox, receiver: Receiver, clock: Clock) -> None:
    created = register(clio, receiver.url)
    settle(clio)
    assert datetime.fromisoformat(created["expires_at"]) == datetime.fromtimestamp(clock.now, UTC) + timedelta(days=3)
    later = (datetime.fromtimestamp(clock.now, UTC) + timedelta(days=31)).isoformat()
    path = f"webhooks/{created['id']}.json"
    renewed = write(clio, "PATCH", path, {"data": {"expires_at": later}}, **{"If-Match": "stale"})
    assert renewed.status == 412
    assert write(clio, "PATCH", path, {"data": {"expires_at": later}}).status == 200

    clock.now += 30 * 86_400
    clio.token = clio.control("grant")["access_token"]
    assert clio.get(path).status == 200
    clock.now += 86_400 + 1
    clio.token = clio.control("grant")["access_token"]
    assert clio.get(path).status == 404
    edit(clio, some_activity(clio), note="nobody listens")
    settle(clio)
    assert receiver.notices == []


def test_a_new_address_shakes_hands_again(clio: RunningSandbox, receiver: Receiver) -> None:
    created = register(clio, receiver.url)
    settle(clio)

    changed = write(clio, "PATCH", f"webhooks/{created['id']}.json?fields=status,url", {
        "data": {"url": f"{receiver.url}/new"}
    })  # fmt: skip
    assert changed.json["data"] == {"status": "pending", "url": f"{receiver.url}/new"}
    settle(clio)

    assert [each.path for each in receiver.messages] == ["/hook", "/hook/new"]
    assert status_of(clio, created["id"]) == "enabled"


def test_removes(clio: RunningSandbox, receiver: Receiver) -> None:
    created = register(clio, receiver.url)
    settle(clio)

    assert write(clio, "DELETE", f"webhooks/{created['id']}.json").status == 204
    assert clio.get("webhooks.json").json["data"] == []
    edit(clio, some_activity(clio), note="one")
    settle(clio)
    assert receiver.notices == []
    assert write(clio, "DELETE", f"webhooks/{created['id']}.json").status == 404


def test_a_revoked_grant_takes_its_webhooks_along(clio: RunningSandbox, receiver: Receiver) -> None:
    register(clio, receiver.url)
    settle(clio)
    clio.control("revoke", {"token": clio.token})
    clio.token = ""

    assert clio.get("webhooks.json").json["data"] == []


@pytest.mark.parametrize(("wrong", "says"), [
    ({"url": "http://example.com/hook"}, "https"), ({"url": "hook"}, "https"), ({"model": "line_item"}, "model"),
    ({"fields": ""}, "fields"), ({"fields": "id,color"}, "color"), ({"fields": "id," * 400}, "1000"),
    ({"events": ["opened"]}, "opened"), ({"events": "created"}, "events"), ({"expires_at": "soon"}, "expires_at"),
    ({"expires_at": "2060-01-01T00:00:00Z"}, "31 days"), ({"status": "enabled"}, "status"),
    ({"model": "clio_payments_payment", "fields": "id", "events": ["deleted"]}, "deleted"),
])  # fmt: skip
def test_refuses_what_clio_would(clio: RunningSandbox, receiver: Receiver, wrong: dict[str, Any], says: str) -> None:
    body = {"url": receiver.url, "model": "activity", "fields": FIELDS} | wrong

    reply = write(clio, "POST", "webhooks.json", {"data": body})

    assert reply.status == 422
    assert says in reply.json["error"]["message"]
    assert clio.get("webhooks.json").json["data"] == []
    assert receiver.messages == []


def test_refuses_bodies_it_cannot_read(clio: RunningSandbox) -> None:
    for body in ("", "[]", "{", '{"data": 1}'):
        reply = clio.call("POST", "/api/v4/webhooks.json", body, {"Authorization": f"Bearer {clio.token}"})
        assert reply.status == 400, body
    assert write(clio, "POST", "webhooks.json?fields=color", {"data": {}}).status == 400
    assert write(clio, "POST", "activities.json", {"data": {}}).status == 403


def test_drops_doubles_and_holds_on_demand(clio: RunningSandbox, receiver: Receiver) -> None:
    register(clio, receiver.url)
    settle(clio)

    clio.control("webhooks", {"duplicate": 1}, "PATCH")
    edit(clio, some_activity(clio), note="twice")
    settle(clio)
    assert len(receiver.notices) == 2
    clio.control("webhooks", {"duplicate": 0, "drop": 1}, "PATCH")
    edit(clio, some_activity(clio), note="lost")
    settle(clio)
    assert len(receiver.notices) == 2
    clio.control("webhooks", {"drop": 0, "hold": True}, "PATCH")
    edit(clio, some_activity(clio), note="held")
    assert not clio.control("webhooks/settle", {"seconds": 0.1})["settled"]
    assert len(receiver.notices) == 2
    clio.control("webhooks", {"hold": False}, "PATCH")
    settle(clio)
    assert len(receiver.notices) == 3


def test_reorders_on_demand(receiver: Receiver) -> None:
    rules = Rules(rate_limit=0, webhooks=(("time_scale", 0.05), ("reorder", 0.5)))
    with running_sandbox(rules=rules) as clio:
        clio.get("users.json")
        register(clio, receiver.url)
        settle(clio)
        numbers = [some_activity(clio, at) for at in range(30)]
        for number in numbers:
            edit(clio, number, note="in turn")
        settle(clio)

    seen = [number for _, number in receiver.events]
    assert sorted(seen) == sorted(numbers)
    assert seen != numbers


@pytest.mark.parametrize("wrong", [{"color": 1}, {"duplicate": 2}, {"signature": "md5"}, {"hold": 1}, {"delay": -1}])
def test_refuses_settings_that_make_no_sense(clio: RunningSandbox, wrong: dict[str, Any]) -> None:
    before = clio.control("webhooks", method="GET")["settings"]

    assert clio.call("PATCH", "/sandbox/webhooks", json.dumps(wrong)).status == 400
    assert clio.control("webhooks", method="GET")["settings"] == before


def test_the_controls_show_no_secret(clio: RunningSandbox, receiver: Receiver) -> None:
    secret = register(clio, receiver.url)["shared_secret"]

    assert secret.encode() not in clio.call("GET", "/sandbox/webhooks").body


def test_a_quick_burst_arrives_whole(clio: RunningSandbox, receiver: Receiver) -> None:
    register(clio, receiver.url)
    settle(clio)

    for at in range(300):
        clio.sandbox.control.writer.change("activities", some_activity(clio, at), {"note": "burst"})
    settle(clio)

    assert len({number for _, number in receiver.events}) == len(receiver.notices) == 300


def test_messages_are_json(receiver: Receiver) -> None:
    assert Message("/", {}, b'{"data": 1}').json == {"data": 1}
