"""The connection to Clio on a page, and the way to Clio and back that begins there."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from apps.clio.models import ClioConnection
from apps.core.tenancy import tenant
from tests.accounts.entering import browser_of
from tests.clio.api.test_connection import decide
from tests.clio.factories import connect, fetch, one
from tests.clio.sandbox.server import RunningSandbox

pytestmark = pytest.mark.django_db


def _address(cast: Any) -> str:
    return f"/firm/clio?firm={cast.firm.public_id}"


def _page(cast: Any) -> str:
    answer = browser_of(cast.colleague).get(_address(cast))
    assert answer.status_code == 200
    return answer.content.decode()


def _begin(browser: Client, cast: Any, region: str = "us") -> str:
    """Press the button; return Clio's address."""
    answer = browser.post(_address(cast), {"act": "connect", "region": region})
    assert answer.status_code == 200, answer.content
    (address,) = re.findall(r'class="button" href="([^"]+)"', answer.content.decode())
    return html.unescape(address)


def _offered(page: str) -> list[str]:
    return re.findall(r'name="region" value="(\w+)"', page)


def test_says_whose_account_it_is_and_that_the_first_sync_runs(cast, firm):
    page = _page(cast)

    with tenant(firm.firm_id):
        assert ClioConnection.objects.get().clio_account_name in page
    assert ">connected<" in page
    assert "the first sync is not done yet" in page


def test_says_that_clio_withdrew_the_access(cast, firm):
    with tenant(firm.firm_id):
        ClioConnection.objects.update(status=ClioConnection.Status.REVOKED)

    assert "Clio withdrew our access" in _page(cast)


def test_says_that_nothing_is_connected(cast):
    assert "not connected to Clio yet" in _page(cast)


def test_connects_from_the_page_and_back(cast, clio):
    browser = browser_of(cast.owner)
    assert _offered(browser.get(_address(cast)).content.decode()) == ["us"]

    back = urlsplit(decide(clio, _begin(browser, cast)))
    done = browser.get(f"{back.path}?{back.query}")

    assert "Clio is connected" in done.content.decode()
    assert 'href="/firm/clio"' in done.content.decode()
    assert fetch(cast.firm, "SELECT status, region FROM clio_connections") == [("connected", "us")]


def test_offers_every_region_that_is_set_up_and_leads_to_its_host(cast, clio, settings):
    settings.CLIO_OTHER_REGIONS = {"eu": ("https://eu.app.clio.com", "eu-client", "eu-secret")}
    browser = browser_of(cast.owner)

    page = browser.get(_address(cast)).content.decode()
    european = urlsplit(_begin(browser, cast, "eu"))

    assert re.findall(r'value="(\w+)">([^<]+)</button>', page) == [("us", "United States"), ("eu", "Europe")]
    assert (european.netloc, european.path) == ("eu.app.clio.com", "/oauth/authorize")
    assert parse_qs(european.query)["client_id"] == ["eu-client"]


def test_connects_in_another_region_with_its_own_application(cast, clio, settings):
    known = clio.sandbox.api.authority.application
    settings.CLIO_OTHER_REGIONS = {"ca": (clio.base_url, known.client_id, known.client_secret)}
    settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET = "of-the-us", "of-the-us"
    settings.CLIO_US_HOST = "http://127.0.0.1:9"
    browser = browser_of(cast.owner)

    back = urlsplit(decide(clio, _begin(browser, cast, "ca")))
    browser.get(f"{back.path}?{back.query}")

    assert fetch(cast.firm, "SELECT status, region FROM clio_connections") == [("connected", "ca")]
    assert "(Canada)" in browser.get(_address(cast)).content.decode()


def test_a_revoked_connection_is_mended_in_its_own_region_by_one_button(cast, clio, settings):
    settings.CLIO_OTHER_REGIONS = {"eu": ("https://eu.app.clio.com", "eu-client", "eu-secret")}
    browser = browser_of(cast.owner)
    back = urlsplit(decide(clio, _begin(browser, cast)))
    browser.get(f"{back.path}?{back.query}")
    with tenant(cast.firm.firm_id):
        ClioConnection.objects.update(status="revoked", access_token="", refresh_token="")

    page = browser.get(_address(cast)).content.decode()
    assert _offered(page) == ["us"]
    assert ">Connect again</button>" in page
    back = urlsplit(decide(clio, _begin(browser, cast)))
    browser.get(f"{back.path}?{back.query}")

    assert one(cast.firm, "SELECT status FROM clio_connections") == "connected"


@pytest.mark.parametrize("region", ["eu", "mars", ""])
def test_a_region_that_is_not_offered_is_refused(cast, clio, region):
    answer = browser_of(cast.owner).post(_address(cast), {"act": "connect", "region": region})

    assert answer.status_code == 400
    assert "This Clio region is not offered" in answer.content.decode()
    assert one(cast.firm, "SELECT count(*) FROM clio_connect_attempts") == 0


def test_syncs_and_disconnects(cast, firm, clio):
    browser = browser_of(cast.owner)

    asked = browser.post(_address(cast), {"act": "sync"}, follow=True)
    assert "The sync has been asked for" in asked.content.decode()
    assert one(firm, "SELECT requested_by_id FROM clio_sync_runs") == cast.owner.pk
    ended = browser.post(_address(cast), {"act": "disconnect"}, follow=True)

    assert "The firm is disconnected" in ended.content.decode()
    assert one(firm, "SELECT status FROM clio_connections") == "disconnected"
    again = browser.post(_address(cast), {"act": "disconnect"})
    assert (again.status_code, "not connected to Clio" in again.content.decode()) == (404, True)
    assert browser.post(_address(cast), {"act": "else"}).status_code == 400


@pytest.mark.parametrize("act", ["connect", "sync", "disconnect"])
def test_only_administrators_act(cast, firm, act):
    for person, status in ((cast.colleague, 403), (cast.stranger, 404)):
        assert browser_of(person).post(_address(cast), {"act": act, "region": "us"}).status_code == status

    assert "<button name" not in _page(cast)
    assert one(firm, "SELECT status FROM clio_connections") == "connected"
    assert one(firm, "SELECT count(*) FROM clio_sync_runs") == 0


def test_a_forged_form_does_nothing(cast, firm):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser_of(cast.owner).cookies

    assert strict.post(_address(cast), {"act": "disconnect"}).status_code == 403
    assert one(firm, "SELECT status FROM clio_connections") == "connected"


def test_the_page_that_leads_on_ties_the_attempt_to_this_browser(cast, clio: RunningSandbox):
    browser = browser_of(cast.owner)
    _begin(browser, cast)

    cookie = browser.cookies["clio_connect"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/clio/")
    connect(cast.strangers_firm, clio)
    assert ">connected<" not in _page(cast)
