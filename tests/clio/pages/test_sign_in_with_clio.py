"""Signing in with Clio: the whole way through the sandbox's own consent page, and every way it can end."""

import json
import re
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.contracts import IdentityPurpose
from apps.accounts.errors import IdentityAttemptInvalid
from apps.accounts.models import Session, User
from apps.accounts.services.identity_attempts import begin_identity_attempt, take_identity_attempt
from apps.core.models import AuditEntry
from apps.core.tenancy import acting_as
from tests.accounts.entering import add_app, app_code, make_rita
from tests.accounts.mail import promised_kinds
from tests.clio.signing_in import begin, come_back, decide, ends_at, go_through, identity_of, link, linked, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return Client()


@pytest.fixture
def rita(clio):
    """Her account opens with the sandbox's owner."""
    person = make_rita()
    link(person, owner_of(clio), timezone.now())
    return person


def _sessions(user):
    with acting_as(user.pk):
        return list(Session.objects.filter(revoked_at__isnull=True).order_by("pk").values_list("methods", flat=True))


def _without_nonce(page):
    return re.sub(r'nonce="[^"]+"|value="[^"]{32,}"', "", page.content.decode())


def test_signs_in_and_goes_on_where_the_person_wanted_to(rita, browser, clio):
    answer = go_through(browser, clio, next="/account/second-step")

    assert ends_at(answer) == "/account/second-step"
    assert answer.status_code == 200
    assert _sessions(rita) == [["clio"]]
    assert clio.control("requests", method="GET")["/oauth/token"] == 1
    with acting_as(rita.pk):
        (entry,) = AuditEntry.objects.filter(action="accounts.signed_in")
        assert entry.details["methods"] == ["clio"]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_goes_on_to_our_own_pages_only(rita, browser, clio, elsewhere):
    assert ends_at(go_through(browser, clio, next=elsewhere)) == "/account/sessions"


def test_the_second_step_is_asked_for_all_the_same(rita, browser, clio):
    with time_machine.travel("2030-01-01T00:00:10Z", tick=False) as clock:
        add_app(rita)
        clock.shift(60)
        asked = go_through(browser, clio, next="/account/ways-in")
        assert ends_at(asked).startswith("/sign-in/second-step?next=")
        assert browser.get("/account/ways-in").status_code == 302

        body = {"method": "app", "code": app_code(rita), "next": "/account/ways-in"}
        assert browser.post("/sign-in/second-step", body).headers["Location"] == "/account/ways-in"

    assert _sessions(rita)[-1] == ["clio", "app"]


def test_says_the_same_about_an_unknown_log_in_whoever_has_its_address(browser, clio):
    stranger = go_through(browser, clio)
    known = User.objects.create_user(owner_of(clio).email, "x" * 20, name="Known", email_verified_at=timezone.now())

    again = go_through(Client(), clio)

    assert ends_at(stranger) == ends_at(again) == "/sign-in/identity/unknown"
    assert _without_nonce(stranger) == _without_nonce(again)
    assert "opens no account here so far" in again.content.decode()
    assert linked(known) == []
    assert _sessions(known) == []
    assert promised_kinds(known) == []


def test_an_account_that_was_closed_stays_closed(rita, browser, clio):
    User.objects.filter(pk=rita.pk).update(is_active=False)

    assert ends_at(go_through(browser, clio)) == "/sign-in/identity/unknown"
    assert _sessions(rita) == []


def test_another_user_of_the_same_firm_is_somebody_else(rita, browser, clio):
    owner_id = int(owner_of(clio).subject)
    colleague = next(each["id"] for each in clio.list_all("users") if each["id"] != owner_id)

    assert ends_at(go_through(browser, clio, user_id=colleague)) == "/sign-in/identity/unknown"
    link(rita, identity_of(clio, colleague), timezone.now())
    assert ends_at(go_through(browser, clio, user_id=colleague)) == "/account/sessions"


def test_says_so_when_the_person_declines(rita, browser, clio):
    answer = come_back(browser, decide(clio, begin(browser), "decline"))

    assert answer.status_code == 200
    assert "You did not sign in" in answer.content.decode()
    assert "/oauth/token" not in clio.control("requests", method="GET")
    assert _sessions(rita) == []


def test_a_way_back_works_once(rita, browser, clio):
    back = decide(clio, begin(browser))
    come_back(browser, back)

    again = come_back(browser, back)

    assert again.status_code == 400
    assert clio.control("requests", method="GET")["/oauth/token"] == 1
    assert len(_sessions(rita)) == 1


def test_a_way_back_works_in_the_browser_it_was_begun_in_only(rita, browser, clio):
    back = decide(clio, begin(browser))
    other = Client()
    begin(other)

    for wrong in (other, Client()):
        page = come_back(wrong, back)
        assert page.status_code == 400
        assert "another browser" in page.content.decode()

    assert "/oauth/token" not in clio.control("requests", method="GET")
    assert ends_at(come_back(browser, back)) == "/account/sessions"


def test_a_way_back_works_for_ten_minutes(rita, browser, clio):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        back = decide(clio, begin(browser))
        clock.shift(timedelta(minutes=10))

        assert come_back(browser, back).status_code == 400

    assert "/oauth/token" not in clio.control("requests", method="GET")


@pytest.mark.parametrize("query", ["", "?state=made-up&code=x", "?code=x", "?state=%00&code=%00", "?state=é"])
def test_a_state_that_is_not_ours_is_refused(browser, query):
    assert browser.get(f"/auth/clio/callback{query}").status_code == 400


def test_a_code_clio_no_longer_takes_is_no_way_in(rita, browser, clio):
    back = decide(clio, begin(browser))
    clio.sandbox.authority._codes.clear()  # as after ten minutes at Clio

    answer = come_back(browser, back)

    assert answer.status_code == 400
    assert "took too long" in answer.content.decode()
    assert _sessions(rita) == []


@pytest.mark.parametrize("path", ["/oauth/token", "/api/v4/users/who_am_i.json"])
@pytest.mark.parametrize("kind", ["503", "timeout", "drop", "html500"])
def test_says_so_when_clio_is_away(rita, browser, clio, path, kind):
    back = decide(clio, begin(browser))
    clio.control("faults", {"next": [{"kind": kind, "path": path, "times": 5}]})

    answer = come_back(browser, back)

    assert answer.status_code == 503
    assert "not answering" in answer.content.decode()
    assert _sessions(rita) == []


@pytest.mark.parametrize(("kind", "status"), [("401", 502), ("403", 502), ("404", 502), ("410", 502), ("429", 503)])
def test_says_so_when_clio_does_not_tell_who_it_is(rita, browser, clio, kind, status):
    back = decide(clio, begin(browser))
    clio.control("faults", {"next": [{"kind": kind, "path": "/api/v4/users/who_am_i.json", "times": 5}]})

    assert come_back(browser, back).status_code == status
    assert _sessions(rita) == []


def test_a_user_turned_off_in_clio_is_no_way_in(rita, browser, clio):
    back = decide(clio, begin(browser))
    clio.call("PATCH", f"/sandbox/records/users/{owner_of(clio).subject}", json.dumps({"enabled": False}))

    answer = come_back(browser, back)

    assert answer.status_code == 403
    assert "turned off" in answer.content.decode()
    assert _sessions(rita) == []


def test_the_entrance_is_limited_like_the_others(browser, clio, settings):
    settings.ENTRY_LIMITS = {"network": (2, 60), "account": (1000, 900)}
    begin(browser)
    begin(browser)

    refused = browser.post("/auth/clio/")

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert browser.get("/auth/clio/callback?state=x&code=x").status_code == 429


def test_secrets_of_the_way_are_stored_as_hashes_and_seals(browser, clio):
    address = begin(browser, next="/invitations/of-a-secret-token")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    cookie = browser.cookies["clio_sign_in"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_identityattempt")
        assert cursor.fetchone() == (0,)  # behind the digest of its state
        cursor.execute(
            "SELECT set_config('app.address_digest', encode(sha256(%s::bytea), 'hex'), true)", [asked["state"]]
        )
        cursor.execute("SELECT row_to_json(each)::text FROM accounts_identityattempt each")
        (stored,) = cursor.fetchone()

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/auth/clio/")
    for secret in (asked["state"], asked["nonce"], cookie.value, "of-a-secret-token"):
        assert secret not in stored
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43


def test_the_code_is_worth_nothing_without_our_verifier(browser, clio):
    code = parse_qs(urlsplit(decide(clio, begin(browser))).query)["code"][0]
    application = clio.sandbox.authority.application
    form = (
        f"grant_type=authorization_code&code={code}&redirect_uri=http://127.0.0.1:8000/auth/clio/callback"
        f"&client_id={application.client_id}&client_secret={application.client_secret}&code_verifier=guessed"
    )

    reply = clio.call("POST", "/oauth/token", form, {"Content-Type": "application/x-www-form-urlencoded"})

    assert (reply.status, reply.json["error"]) == (400, "invalid_grant")


def test_a_clio_that_knows_no_challenge_is_asked_without_one(rita, browser, clio, settings):
    settings.CLIO_SIGN_IN_PKCE = False
    address = begin(browser)

    assert "code_challenge" not in address
    assert ends_at(come_back(browser, decide(clio, address))) == "/account/sessions"


def test_a_planted_cookie_does_not_come_along(rita, browser, clio):
    browser.get("/sign-in")
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies["sessionid"] = session.session_key
    thief = Client()
    thief.cookies["sessionid"] = session.session_key
    back = come_back(browser, decide(clio, begin(browser)), follow=False)

    assert back.headers["Location"] == "/sign-in/identity"
    assert thief.get("/sign-in/identity").headers["Location"] == "/sign-in"
    assert browser.get("/sign-in/identity").headers["Location"] == "/account/sessions"
    assert "planted" not in browser.session


def test_what_was_handed_over_signs_in_once_and_for_ten_minutes(rita, browser, clio):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        come_back(browser, decide(clio, begin(browser)), follow=False)
        kept = browser.session["proved_identity"]
        clock.shift(601)
        assert browser.get("/sign-in/identity").headers["Location"] == "/sign-in"

    session = browser.session
    session["proved_identity"] = kept[:-4] + "AAAA"
    session.save()
    assert browser.get("/sign-in/identity").headers["Location"] == "/sign-in"
    assert _sessions(rita) == []


def test_the_button_is_there_where_a_region_is_set_up(browser, clio, settings):
    assert "Sign in with Clio" in browser.get("/sign-in").content.decode()
    assert "Register with Clio" in browser.get("/register").content.decode()

    settings.CLIO_US_HOST, settings.CLIO_HAS_US_APPLICATION = "https://app.clio.com", False

    assert "Clio" not in browser.get("/sign-in").content.decode()
    assert browser.get("/auth/clio/").status_code == 404


def test_asks_for_the_region_where_there_are_several(rita, browser, clio, settings):
    settings.CLIO_OTHER_REGIONS = {"eu": ("https://eu.app.clio.com", "eu-client", "eu-secret")}

    page = browser.post("/auth/clio/", {"next": "/account/ways-in"}).content.decode()

    assert re.findall(r'name="region" value="(\w+)">([^<]+)<', page) == [("us", "United States"), ("eu", "Europe")]
    assert 'name="next" value="/account/ways-in"' in page
    european = begin(browser, region="eu")
    assert european.startswith("https://eu.app.clio.com/oauth/authorize?response_type=code&client_id=eu-client&")
    assert ends_at(come_back(browser, decide(clio, begin(browser, region="us")))) == "/account/sessions"
    assert browser.post("/auth/clio/", {"region": "mars"}).status_code == 400


def test_a_user_number_of_another_region_is_somebody_else(rita, browser, clio, settings):
    settings.CLIO_OTHER_REGIONS = {"ca": (settings.CLIO_US_HOST, settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET)}

    answer = go_through(browser, clio, region="ca")

    assert ends_at(answer) == "/sign-in/identity/unknown"
    assert _sessions(rita) == []


def test_the_pages_need_their_forgery_token_and_load_nothing_from_elsewhere(clio):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/auth/clio/").status_code == 403
    for page in (strict.get("/auth/clio/"), Client().post("/auth/clio/")):
        text = page.content.decode()
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "no-store" in page.headers["Cache-Control"]
        assert '<html lang="en">' in text
        assert text.count("<h1") == 1


def test_nothing_told_to_the_logs_is_a_secret(rita, browser, clio, caplog):
    with caplog.at_level("DEBUG"):
        back = decide(clio, begin(browser))
        come_back(browser, back)
        come_back(browser, back)

    code = parse_qs(urlsplit(back).query)["code"][0]
    state = parse_qs(urlsplit(back).query)["state"][0]
    told = "\n".join(json.dumps(record.__dict__, default=str) for record in caplog.records)
    assert "clio.sign_in_refused" in told
    for secret in (code, state, owner_of(clio).email, rita.name):
        assert secret not in told


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_come_back_at_once_one_gets_in(clio):
    started = begin_identity_attempt(
        provider="clio", region="us", purpose=IdentityPurpose.SIGN_IN, back_to="", permit="", now=timezone.now()
    )
    start, ends = threading.Barrier(8), []

    def come() -> None:
        start.wait()
        try:
            take_identity_attempt(
                provider="clio", state=started.state, browser_key=started.browser_key, now=timezone.now()
            )
            ends.append("taken")
        except IdentityAttemptInvalid:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["refused"] * 7 + ["taken"]
