"""Calls of Clio: what they send, and what they make of refusals."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from apps.clio import errors
from apps.clio.contracts import Grant
from apps.clio.sandbox.wire import Answer
from apps.clio.vendors.clio_api import ClioApi
from tests.clio.sandbox.server import running_sandbox

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
    api = api_for(clio)

    with pytest.raises(errors.ClioRequestRefused) as refused:
        api.get_page(api.list_url("users", {"fields": "id,nonsense"}))

    assert "400" in refused.value.detail
    assert "nonsense" in refused.value.detail


def test_closes_the_budget_for_everyone_at_a_429(clio):
    clio.control("faults", {"next": [{"kind": "429", "path": "/api/v4/users/who_am_i.json", "seconds": 9}]})
    with pytest.raises(errors.ClioBudgetSpent):
        api_for(clio).who_am_i()
    clio.control("requests", method="DELETE")

    with pytest.raises(errors.ClioBudgetSpent) as refused:
        api_for(clio).who_am_i()

    assert 8 < refused.value.wait_seconds <= 9
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
