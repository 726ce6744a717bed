"""Calls of Clio: what they send, and what they make of refusals."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from apps.clio import errors
from apps.clio.contracts import Grant, Purpose
from apps.clio.sandbox.wire import Answer
from apps.clio.vendors.clio_api import ClioApi
from apps.core.errors import VendorUnavailable
from tests.clio.sandbox.server import running_sandbox
from tests.countdown import Countdown

pytestmark = pytest.mark.django_db


def api_for(clio: Any, token: str | None = None) -> ClioApi:
    access = clio.control("grant")["access_token"] if token is None else token
    return ClioApi(Grant("test", clio.base_url, access, version=""))


def test_reads_a_page_and_tells_the_next(clio):
    api = api_for(clio)

    page = api.get_page(api.list_url("users", {"fields": "id,name", "limit": "2", "order": "id(asc)"}))

    assert page.total == clio.control("counts", method="GET")["users"]["count"]
    assert page.next_url is not None
    assert page.next_url.startswith(clio.base_url)
    assert page.records.startswith(b"[{")


def test_asks_for_the_pinned_version(clio, settings):
    settings.CLIO_API_VERSION = "3.9.9"

    with pytest.raises(errors.ClioVersionRetired):
        api_for(clio).who_am_i()


def test_sends_no_token_to_another_host(clio):
    with running_sandbox() as other:
        with pytest.raises(errors.ForeignAddress):
            api_for(clio).get_page(f"{other.base_url}/api/v4/users.json?page_token=x")
        assert other.control("requests", method="GET") == {}

    assert clio.control("requests", method="GET") == {}


@pytest.mark.parametrize("token", ["stolen", ""])
def test_understands_both_shapes_of_401(clio, token):
    with pytest.raises(errors.ClioTokenRefused) as refused:
        api_for(clio, token).who_am_i()

    assert refused.value.detail not in ("", "without an explanation")


def test_says_which_field_was_refused(clio):
    clio.sandbox.observers.clear()  # what is asked here breaks Clio's contract on purpose
    api = api_for(clio)

    with pytest.raises(errors.ClioRequestRefused) as refused:
        api.get_page(api.list_url("users", {"fields": "id,nonsense"}))

    assert "400" in refused.value.detail
    assert "nonsense" in refused.value.detail


def test_closes_the_budget_for_everyone_at_a_429(clio):
    clio.control("faults", {"next": [{"kind": "429", "path": "/api/v4/users/who_am_i.json", "seconds": 45}]})
    told = Countdown(45)
    with pytest.raises(errors.ClioBudgetSpent):
        api_for(clio).who_am_i()
    clio.control("requests", method="DELETE")

    with pytest.raises(errors.ClioBudgetSpent) as refused:
        api_for(clio).who_am_i()

    assert told.may_tell(refused.value.wait_seconds)
    assert clio.control("requests", method="GET") == {}


@pytest.mark.parametrize(
    ("reset", "wait"), [(20, 20), (61, 61), (0, 60), (-5, 60), (62, 60), (86400, 60), (None, 60), ("soon", 60)]
)
def test_measures_the_window_by_clios_own_clock(clio, monkeypatch, reset, wait):
    """Clio's clock is two days ahead of ours; without a usable instant a 429 is waited out for a minute."""
    clock = datetime.now(UTC) + timedelta(days=2)
    answer = clio.sandbox.answer

    def at_the_limit(request: Any) -> Any:
        answered = answer(request)
        told = {} if reset is None else {"X-RateLimit-Reset": reset}
        if isinstance(reset, int):
            told = {"X-RateLimit-Reset": str(int(clock.timestamp()) + reset)}
        limits = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "Date": format_datetime(clock, usegmt=True)}
        return Answer(429, b"{}", headers=answered.headers | limits | told)

    api = api_for(clio)
    monkeypatch.setattr(clio.sandbox, "answer", at_the_limit)

    with pytest.raises(errors.ClioBudgetSpent) as refused:
        api.who_am_i()

    assert refused.value.wait_seconds == wait


def answering(clio: Any, monkeypatch: Any, *answers: Answer) -> list[Any]:
    """Let the sandbox give these answers to its next requests; return what was asked."""
    asked: list[Any] = []
    waiting = list(answers)
    usual = clio.sandbox.answer

    def answer(request: Any) -> Any:
        asked.append(request)
        return waiting.pop(0) if waiting else usual(request)

    monkeypatch.setattr(clio.sandbox, "answer", answer)
    return asked


@pytest.mark.parametrize("body", [b"<html>We are sorry</html>", b'{"data": [{"id": 1}', b""])
def test_asks_again_when_a_good_status_carries_no_whole_json(clio, monkeypatch, body):
    api = api_for(clio)
    asked = answering(clio, monkeypatch, Answer(200, body, "text/html"))

    page = api.get_page(api.list_url("users", {"fields": "id"}))

    assert page.records.startswith(b"[{")
    assert len(asked) == 2


def test_gives_up_after_three_bodies_that_are_no_json(clio, monkeypatch):
    api = api_for(clio)
    asked = answering(clio, monkeypatch, *[Answer(200, b"<html>")] * 3)

    with pytest.raises(VendorUnavailable):
        api.get_page(api.list_url("users", {"fields": "id"}))

    assert len(asked) == 3


def test_believes_no_page_whose_next_is_on_another_host(clio, monkeypatch):
    elsewhere = (
        b'{"data":[{"id":1}],"meta":{"paging":{"next":"https://clio.example.net/api/v4/users.json?page_token=x"}}}'
    )
    api = api_for(clio)
    answering(clio, monkeypatch, Answer(200, elsewhere))

    with pytest.raises(errors.ForeignAddress):
        api.get_page(api.list_url("users", {"fields": "id"}))


def test_follows_a_redirect_on_the_same_host_with_the_token(clio, monkeypatch):
    api = api_for(clio)
    target = f"{clio.base_url}/api/v4/practice_areas.json?fields=id"
    asked = answering(clio, monkeypatch, Answer(307, headers={"Location": target}))

    assert api.get_page(api.list_url("users", {"fields": "id"})).records.startswith(b"[{")

    assert [each.headers.get("Authorization") is not None for each in asked] == [True, True]


def test_follows_a_redirect_to_another_host_without_the_token(clio, monkeypatch):
    with running_sandbox() as storage:
        got = answering(storage, monkeypatch, Answer(200, b'{"data":[{"id":7}]}'))
        api = api_for(clio)
        answering(clio, monkeypatch, Answer(303, headers={"Location": f"{storage.base_url}/download"}))

        assert api.get_page(api.list_url("users", {"fields": "id"})).records == b'[{"id":7}]'

    assert [each.headers.get("Authorization") for each in got] == [None]


def test_a_refusal_of_another_host_says_nothing_about_our_token(clio, monkeypatch):
    with running_sandbox() as storage:
        answering(storage, monkeypatch, Answer(401, b"{}"))
        api = api_for(clio)
        answering(clio, monkeypatch, Answer(303, headers={"Location": f"{storage.base_url}/download"}))

        with pytest.raises(errors.ForeignAddress):
            api.get_page(api.list_url("users", {"fields": "id"}))


@pytest.mark.parametrize("address", ["http://clio.example.net/x", "http://[", "//[::1", "ftp://app.clio.com/x"])
def test_a_redirect_to_what_is_no_safe_address_is_not_followed(clio, monkeypatch, address):
    api = api_for(clio)
    answering(clio, monkeypatch, Answer(307, headers={"Location": address}))

    with pytest.raises(errors.ForeignAddress):
        api.get_page(api.list_url("users", {"fields": "id"}))


@pytest.mark.parametrize("following", ["http://[", "//app.clio.com/api/v4/users.json", "users.json?page_token=x"])
def test_a_next_page_that_is_no_address_of_the_regions_is_not_believed(clio, monkeypatch, following):
    api = api_for(clio)
    body = f'{{"data":[{{"id":1}}],"meta":{{"paging":{{"next":"{following}"}}}}}}'.encode()
    answering(clio, monkeypatch, Answer(200, body))

    with pytest.raises(errors.ForeignAddress):
        api.get_page(api.list_url("users", {"fields": "id"}))


def test_stops_following_redirects_in_a_circle(clio, monkeypatch):
    api = api_for(clio)
    here = Answer(307, headers={"Location": f"{clio.base_url}/api/v4/users.json?fields=id"})
    asked = answering(clio, monkeypatch, *[here] * 9)

    with pytest.raises(errors.ClioRequestRefused):
        api.get_page(api.list_url("users", {"fields": "id"}))

    assert len(asked) == 4


def test_says_who_must_act_when_the_version_is_retired(clio, settings):
    settings.CLIO_API_VERSION = "3.9.9"

    with pytest.raises(errors.ClioVersionRetired) as refused:
        api_for(clio).who_am_i()

    assert "3.9.9" in refused.value.detail
    assert "CLIO_API_VERSION" in refused.value.detail


def test_creates_once_and_changes_and_removes(clio, monkeypatch):
    api = api_for(clio)
    asked = answering(
        clio,
        monkeypatch,
        Answer(201, b'{"data":{"id":5,"status":"pending"}}'),
        Answer(200, b'{"data":{"id":5,"expires_at":"2026-12-01T00:00:00Z"}}'),
        Answer(204),
        Answer(404, b'{"error":{"type":"NotFound","message":"gone"}}'),
    )

    made = api.post("webhooks", {"model": "bill"}, "id,status")
    changed = api.patch("webhooks/5", {"expires_at": "2026-12-01T00:00:00Z"}, "id,expires_at")
    api.delete("webhooks/5")
    api.delete("webhooks/5")

    assert (made, changed["id"]) == ({"id": 5, "status": "pending"}, 5)
    assert [(each.method, each.path) for each in asked] == [
        ("POST", "/api/v4/webhooks.json"),
        ("PATCH", "/api/v4/webhooks/5.json"),
        ("DELETE", "/api/v4/webhooks/5.json"),
        ("DELETE", "/api/v4/webhooks/5.json"),
    ]
    assert asked[0].json() == {"data": {"model": "bill"}}


def test_does_not_create_twice_when_the_answer_is_lost(clio):
    api = api_for(clio)
    clio.control("faults", {"next": [{"kind": "drop", "path": "/api/v4/webhooks.json", "times": 3}]})

    with pytest.raises(VendorUnavailable):
        api.post("webhooks", {"model": "bill"})

    assert clio.control("requests", method="GET")["/api/v4/webhooks.json"] == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-At": "17"}, 17),
        ({"Retry-At": "{later}"}, 25),
        ({"Retry-After": "{date}"}, 25),
        ({"Retry-After": "soon"}, 60),
        ({"Retry-After": "99999"}, 300),
    ],
)
def test_waits_as_long_as_any_known_header_asks(clio, monkeypatch, headers, wait):
    clock = datetime.now(UTC).replace(microsecond=0)
    later = clock + timedelta(seconds=25)
    words = {"later": str(int(later.timestamp())), "date": format_datetime(later, usegmt=True)}
    told = {name: text.format(**words) for name, text in headers.items()}
    api = api_for(clio)
    answering(clio, monkeypatch, Answer(429, b"{}", headers={"Date": format_datetime(clock, usegmt=True), **told}))

    with pytest.raises(errors.ClioBudgetSpent) as refused:
        api.who_am_i()

    assert refused.value.wait_seconds == wait


def test_a_reread_passes_where_bulk_work_must_wait(clio, settings):
    settings.CLIO_REQUESTS_PER_MINUTE = 5
    clio.control("rate-limit", {"limit": 5})
    token = clio.control("grant")["access_token"]
    grant = Grant("shared", clio.base_url, token, version="")
    reread, bulk = ClioApi(grant, Purpose.REREAD), ClioApi(grant)
    for _ in range(3):
        bulk.who_am_i()
    reread.who_am_i()

    with pytest.raises(errors.ClioBudgetSpent):
        bulk.who_am_i()

    assert reread.who_am_i().account_id
