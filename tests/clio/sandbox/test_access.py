"""Who gets in: consent, codes, tokens, both kinds of 401, and the rate limit."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from apps.clio.sandbox.authority import Application
from apps.clio.sandbox.sandbox import Rules
from tests.clio.sandbox.receiver import receiving
from tests.clio.sandbox.server import Reply, RunningSandbox, dataset_store, running_sandbox

CALLBACK = "http://localhost:8000/auth/clio/callback/"
APPLICATION = Application("key", "secret", (CALLBACK,))


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def clio(clock: Clock) -> Iterator[RunningSandbox]:
    rules = Rules(application=APPLICATION, rate_limit=3, expires_in=3600)
    with running_sandbox(dataset_store("golden_march"), rules, clock) as running:
        yield running


def post_form(clio: RunningSandbox, path: str, **fields: str) -> Reply:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return clio.call("POST", path, urlencode(fields), headers)


def decide(clio: RunningSandbox, decision: str, **more: str) -> Reply:
    asked = {"response_type": "code", "client_id": "key", "redirect_uri": CALLBACK, "state": "s/1 &"} | more
    return post_form(clio, "/oauth/authorize", decision=decision, **asked)


def code_of(reply: Reply) -> str:
    assert reply.status == 302
    return parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]


def exchange(clio: RunningSandbox, code: str, **more: str) -> Reply:
    fields = {"client_id": "key", "client_secret": "secret", "grant_type": "authorization_code", "code": code,
              "redirect_uri": CALLBACK} | more  # fmt: skip
    return post_form(clio, "/oauth/token", **fields)


def refresh(clio: RunningSandbox, token: str, **more: str) -> Reply:
    fields = {"client_id": "key", "client_secret": "secret", "grant_type": "refresh_token", "refresh_token": token}
    return post_form(clio, "/oauth/token", **fields | more)


def read(clio: RunningSandbox, token: str) -> Reply:
    return clio.call("GET", "/api/v4/users/who_am_i.json", headers={"Authorization": f"Bearer {token}"})


def test_connects_by_consent(clio: RunningSandbox) -> None:
    query = urlencode({"response_type": "code", "client_id": "key", "redirect_uri": CALLBACK, "state": "<s>"})
    page = clio.call("GET", f"/oauth/authorize?{query}")
    assert page.status == 200
    assert "SmarterFirms wants to connect to Golden &amp; Fixture LLP" in page.body.decode()
    assert 'value="&lt;s&gt;"' in page.body.decode()

    back = decide(clio, "allow")
    assert back.headers["Location"].startswith(CALLBACK + "?code=")
    assert parse_qs(urlsplit(back.headers["Location"]).query)["state"] == ["s/1 &"]

    answer = exchange(clio, code_of(back)).json
    assert set(answer) == {"token_type", "access_token", "expires_in", "refresh_token"}
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
    assert read(clio, answer["access_token"]).json["data"]["id"] == 101


def test_declines(clio: RunningSandbox) -> None:
    back = decide(clio, "decline", redirect_on_decline="true")

    assert parse_qs(urlsplit(back.headers["Location"]).query) == {"error": ["access_denied"], "state": ["s/1 &"]}
    assert decide(clio, "decline").status == 200


@pytest.mark.parametrize("wrong", [
    {"redirect_uri": CALLBACK + "x"}, {"redirect_uri": "javascript:alert(1)"}, {"client_id": "other"},
])  # fmt: skip
def test_asks_nobody_to_consent_to_a_stranger(clio: RunningSandbox, wrong: dict[str, str]) -> None:
    reply = decide(clio, "allow", **wrong)

    assert reply.status == 400
    assert "Location" not in reply.headers


def test_a_code_works_once(clio: RunningSandbox) -> None:
    code = code_of(decide(clio, "allow"))

    assert exchange(clio, code).status == 200
    again = exchange(clio, code)
    assert (again.status, again.json["error"]) == (400, "invalid_grant")


def test_a_code_lives_ten_minutes(clio: RunningSandbox, clock: Clock) -> None:
    code = code_of(decide(clio, "allow"))
    clock.now += 600

    assert exchange(clio, code).json["error"] == "invalid_grant"


def test_a_code_belongs_to_its_redirect_uri(clio: RunningSandbox) -> None:
    assert exchange(clio, code_of(decide(clio, "allow")), redirect_uri="http://else").json["error"] == "invalid_grant"


def test_refuses_a_wrong_secret_and_an_unknown_grant(clio: RunningSandbox) -> None:
    reply = exchange(clio, code_of(decide(clio, "allow")), client_secret="wrong")

    assert (reply.status, reply.json["error"]) == (401, "invalid_client")
    assert exchange(clio, "code", grant_type="password").json["error"] == "unsupported_grant_type"


def test_refreshes_without_rotation(clio: RunningSandbox, clock: Clock) -> None:
    first = exchange(clio, code_of(decide(clio, "allow"))).json
    clock.now += 3600
    assert read(clio, first["access_token"]).status == 401

    second = refresh(clio, first["refresh_token"]).json

    assert set(second) == {"token_type", "access_token", "expires_in"}
    assert read(clio, second["access_token"]).status == 200
    assert refresh(clio, first["refresh_token"]).status == 200


def test_deauthorizes(clio: RunningSandbox) -> None:
    grant = exchange(clio, code_of(decide(clio, "allow"))).json
    headers = {"Authorization": f"Bearer {grant['access_token']}"}

    reply = clio.call("POST", "/oauth/deauthorize", urlencode({"token": grant["access_token"]}), headers)

    assert (reply.status, reply.body) == (200, b"")
    assert read(clio, grant["access_token"]).status == 401
    assert refresh(clio, grant["refresh_token"]).json["error"] == "invalid_grant"
    assert clio.call("POST", "/oauth/deauthorize", "", headers).status == 401


def test_removing_the_application_ends_the_grants_of_who_gave_them_and_calls(clio: RunningSandbox) -> None:
    first, second = (int(each) for each in list(clio.store.tables["users"].ids)[:2])
    mine, other = (clio.control("grant", {"user_id": user}) for user in (first, second))
    with receiving() as receiver:
        assert clio.control("oauth/remove", {"user_id": second}) == {"grants": 1, "called": False}
        clio.control("oauth", {"deauthorization_url": receiver.url}, "PATCH")
        clio.control("webhooks", {"time_scale": 0.0001}, "PATCH")
        receiver.answer = lambda message: 500 if len(receiver.messages) < 3 else 200

        assert clio.control("oauth/remove", {"user_id": first})["called"]
        receiver.wait_for(3)
        clio.control("oauth", {"deauthorization_url": ""}, "PATCH")

    sent = receiver.messages[-1]
    assert (sent.path, sent.json["data"]["user"]) == ("/hook", {"id": first})
    assert sent.json["data"].keys() == {"account", "user"}
    assert not {"X-Hook-Signature", "X-Hook-Secret"} & set(sent.headers)
    for granted in (mine, other):
        assert clio.sandbox.authority.find(granted["access_token"]) is None
    assert clio.call("POST", "/sandbox/oauth/remove", '{"user_id": 987654321}').status == 404
    assert clio.call("PATCH", "/sandbox/oauth", '{"deauthorization_url": "mailto:x"}').status == 400
    assert clio.call("PATCH", "/sandbox/oauth", '{"deauthorization_form": "xml"}').status == 400


def test_has_two_shapes_of_401(clio: RunningSandbox) -> None:
    missing = clio.call("GET", "/api/v4/users.json")
    assert missing.status == 401
    assert missing.json["error"]["type"] == "UnauthorizedError"

    expired = read(clio, "rubbish")
    assert expired.status == 401
    assert expired.json["error"] == "invalid_token"
    assert expired.json["error_description"]
    assert expired.headers["WWW-Authenticate"].startswith("Bearer")


def test_tokens_expire_and_are_revoked_by_hand(clio: RunningSandbox) -> None:
    grant = clio.control("grant")
    clio.control("expire")
    assert read(clio, grant["access_token"]).status == 401
    renewed = refresh(clio, grant["refresh_token"]).json["access_token"]
    assert read(clio, renewed).status == 200

    clio.control("revoke", {"token": grant["refresh_token"]})
    assert read(clio, renewed).status == 401
    assert refresh(clio, grant["refresh_token"]).status == 400


def test_counts_requests_per_token_and_minute(clio: RunningSandbox, clock: Clock) -> None:
    one, other = clio.control("grant")["access_token"], clio.control("grant")["access_token"]

    replies = [read(clio, one) for _ in range(4)]

    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["2", "1", "0", "0"]
    assert {reply.headers["X-RateLimit-Limit"] for reply in replies} == {"3"}
    refused = replies[-1]
    assert int(refused.headers["X-RateLimit-Reset"]) == int(clock.now) + int(refused.headers["Retry-After"])
    assert set(refused.json["error"]) == {"type", "message"}
    assert read(clio, other).status == 200
    clock.now += 60
    assert read(clio, one).status == 200


def test_every_answer_has_rate_headers(clio: RunningSandbox) -> None:
    for reply in (clio.call("GET", "/api/v4/users.json"), clio.get("users.json"), clio.get("nonsense.json")):
        assert {name for name in reply.headers if re.match("X-RateLimit-", name)} == {
            "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        }  # fmt: skip


def test_the_limit_can_be_changed_and_switched_off(clio: RunningSandbox) -> None:
    clio.control("rate-limit", {"limit": 0})

    assert {clio.get("users.json").status for _ in range(9)} == {200}


def test_refresh_tokens_may_rotate(clio: RunningSandbox) -> None:
    clio.control("oauth", {"rotates": True}, "PATCH")
    first = clio.control("grant")

    second = refresh(clio, first["refresh_token"]).json
    assert second["refresh_token"] != first["refresh_token"]
    assert refresh(clio, first["refresh_token"]).json["error"] == "invalid_grant"
    third = refresh(clio, second["refresh_token"]).json
    assert read(clio, third["access_token"]).status == 200
    clio.control("revoke", {"token": third["refresh_token"]})
    assert refresh(clio, third["refresh_token"]).status == 400


def test_the_lifetime_of_tokens_can_be_changed(clio: RunningSandbox, clock: Clock) -> None:
    assert clio.control("oauth", {"expires_in": 60}, "PATCH") == {"rotates": False, "expires_in": 60}
    grant = clio.control("grant")
    clock.now += 61

    assert grant["expires_in"] == 60
    assert read(clio, grant["access_token"]).status == 401


def test_a_token_is_good_in_its_own_region_only() -> None:
    store = dataset_store("golden_march")
    with (
        running_sandbox(store, Rules(rate_limit=0)) as us,
        running_sandbox(store, Rules(rate_limit=0, region="eu")) as eu,
    ):
        american, european = us.control("grant"), eu.control("grant")

        assert read(us, american["access_token"]).status == 200
        foreign = read(eu, american["access_token"])
        assert (foreign.status, foreign.json["error"]) == (401, "invalid_token")
        assert read(us, european["access_token"]).status == 401
        assert read(eu, european["access_token"]).status == 200


@pytest.mark.parametrize(("region", "when", "peak"), [
    ("us", "2026-11-23T11:59:00+00:00", False), ("us", "2026-11-23T12:00:00+00:00", True),
    ("us", "2026-11-24T02:59:00+00:00", True), ("us", "2026-11-24T03:00:00+00:00", False),
    ("us", "2026-07-06T11:00:00+00:00", True), ("us", "2026-11-22T20:00:00+00:00", False),
    ("ca", "2026-11-23T12:00:00+00:00", True), ("eu", "2026-07-06T06:59:00+00:00", False),
    ("eu", "2026-07-06T07:00:00+00:00", True), ("eu", "2026-07-06T22:00:00+00:00", False),
    ("au", "2026-11-22T19:00:00+00:00", True), ("au", "2026-11-20T10:00:00+00:00", False),
])  # fmt: skip
def test_more_is_allowed_outside_office_hours(region: str, when: str, peak: bool) -> None:
    now = datetime.fromisoformat(when).timestamp()
    rules = Rules(rate_limit=2, off_peak_limit=4, region=region)
    with running_sandbox(dataset_store("golden_march"), rules, lambda: now) as clio:
        token = clio.control("grant")["access_token"]
        replies = [read(clio, token) for _ in range(5)]

    allowed = 2 if peak else 4
    assert [reply.status for reply in replies] == [200] * allowed + [429] * (5 - allowed)
    assert {reply.headers["X-RateLimit-Limit"] for reply in replies} == {str(allowed)}
