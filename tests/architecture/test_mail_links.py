"""A mail never leads to nothing: every link of every kind of message ends at a page its recipient can read."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from apps.accounts.models import ErasureProof, FirmExport
from apps.accounts.services.contact_card import update_contact_card
from apps.core.tenancy import tenant
from apps.notifications.queries.unsubscribe import choices_address
from apps.notifications.rules.catalogue import KINDS
from smarterfirms.settings.environment import BASE_DIR
from tests.accounts.entering import browser_of

OURS = "app.smarterfirms.com"
ELSEWHERE = {"status.smarterfirms.com"}
# Pages behind a token of a mail: the token of a sample is nobody's, so they say that it no longer works.
_TOKEN_PAGES = {"verify", "reset", "invitation", "email-confirm", "account-stop", "account-keep"}
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\`]+")


def _links() -> list[tuple[str, str]]:
    return [
        (kind.key, address)
        for kind in KINDS
        for value in kind.sample.values()
        if isinstance(value, str)
        for address in _ADDRESS.findall(value)
    ]


def test_every_link_of_a_message_is_ours_or_known():
    hosts = {urlsplit(address).netloc for _, address in _links()}

    assert len(_links()) > 60
    assert hosts <= {OURS, *ELSEWHERE}


def test_every_address_a_service_mails_is_a_route():
    """Read from the code: what is put behind `address_of`, `firm_address_of` and the public base address."""
    found = {
        (path.name, re.sub(r"\{[^}]*\}", "7", text))
        for path in (BASE_DIR / "apps").rglob("*.py")
        if "/vendors/" not in str(path) and "/migrations/" not in str(path)
        for text in re.findall(r"address_of\(\s*f?\"(/[^\"]*)\"", Path(path).read_text())
    }

    assert len(found) > 15
    assert [each for each in sorted(found) if not _is_route(each[1])] == []


def test_every_address_written_into_the_words_is_a_route():
    words = BASE_DIR / "apps" / "notifications" / "templates"
    found = {
        path
        for file in words.rglob("*.*")
        for path in re.findall(r"public_base_url \}\}(/[^\s)\"]*)", Path(file).read_text())
    }

    assert found
    assert [path for path in sorted(found) if not _is_route(path)] == []


def _is_route(path: str) -> bool:
    uuid = "01234567-89ab-7def-8123-456789abcdef"
    for each in (path, path.replace("/7", f"/{uuid}")):
        try:
            resolve(each)
        except Resolver404:
            continue
        return True
    return False


@pytest.fixture
def theirs(cast):
    """What the samples' numbers stand for, made for the recipient: the firm's owner."""
    now = timezone.now()
    update_contact_card(user_id=cast.owner.pk)  # everybody who registered has one
    with tenant(cast.firm.firm_id):
        copy = FirmExport.objects.create(
            firm_id=cast.firm.firm_id,
            requested_by=cast.owner,
            status="ready",
            file="firm-copies/1.zip",
            requested_at=now,
            ready_at=now,
            expires_at=now + timedelta(days=7),
        )
    proof = ErasureProof.objects.create(
        firm_public_id="0190a6e4-1c2f-7d7a-9b1e-5c2d8f3a7b61",
        requested_by_id=cast.owner.pk,
        requested_at=now,
        erased_at=now,
        removed={"accounts.people": 3},
        may_be_seen_by=[cast.owner.pk],
    )
    proof.refresh_from_db()
    return {
        "/firm/copies/": f"/firm/copies/{copy.pk}",
        "/erasures/": f"/erasures/{proof.public_id}",
        "/notifications/choices/": urlsplit(choices_address(cast.owner.pk)).path,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "address"), [pytest.param(*each, id=each[0]) for each in _links()])
def test_the_recipient_gets_a_page(kind, address, cast, theirs):
    parts = urlsplit(address)
    if parts.netloc in ELSEWHERE:
        return
    path = next((real for start, real in theirs.items() if parts.path.startswith(start)), parts.path or "/")
    query = {name: str(cast.firm.public_id) if name == "firm" else value for name, value in parse_qsl(parts.query)}
    browser = browser_of(cast.owner)

    answer = browser.get(f"{path}?{urlencode(query)}" if query else path, follow=True)

    assert answer["Content-Type"].startswith("text/html"), address
    is_token_page = resolve(parts.path or "/").url_name in _TOKEN_PAGES
    assert answer.status_code in ((200, 400) if is_token_page else (200,)), (address, answer.content[:400])
    assert b"<h1" in answer.content


@pytest.mark.django_db
def test_somebody_who_is_not_signed_in_is_led_to_sign_in_and_back(cast):
    browser = Client()

    answer = browser.get(f"/firm/people?firm={cast.firm.public_id}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=%2Ffirm%2Fpeople%3Ffirm%3D")
