"""A browser that signs in with Clio: our pages by Django's client, Clio's by real HTTP to the sandbox."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from apps.accounts.contracts import Origin, OutsideIdentity
from apps.accounts.models import LinkedIdentity, User
from apps.accounts.services.link_identity import link_identity
from apps.core.tenancy import acting_as
from tests.clio.sandbox.server import RunningSandbox

CALLBACK = "http://127.0.0.1:8000/auth/clio/callback"


def begin(browser: Client, **fields: str) -> str:
    """Press the button; return Clio's address."""
    page = browser.post("/auth/clio/", fields)
    assert page.status_code == 200, page.content
    found = re.search(r'<a class="button" href="([^"]+)"', page.content.decode())
    assert found is not None, page.content
    return html.unescape(found.group(1))


def decide(clio: RunningSandbox, authorize_url: str, decision: str = "allow", *, user_id: int | None = None) -> str:
    """Answer Clio's question as its owner, or as another of its users; return where Clio sends the browser."""
    parts = urlsplit(authorize_url)
    assert clio.call("GET", authorize_url).status == 200
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if user_id is not None:
        code = clio.sandbox.authority.issue_code(fields["redirect_uri"], user_id, fields.get("code_challenge", ""))
        return f"{fields['redirect_uri']}?{urlencode({'code': code, 'state': fields['state']})}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(fields | {"decision": decision})
    reply = clio.call("POST", f"{parts.scheme}://{parts.netloc}{parts.path}", body, form)
    assert reply.status == 302
    return reply.headers["Location"]


def come_back(browser: Client, location: str, *, follow: bool = True) -> Any:
    """Follow Clio's redirect, and ours."""
    parts = urlsplit(location)
    return browser.get(f"{parts.path}?{parts.query}", follow=follow)


def go_through(browser: Client, clio: RunningSandbox, *, user_id: int | None = None, **fields: str) -> Any:
    """Do all of it; return the page where it ends."""
    return come_back(browser, decide(clio, begin(browser, **fields), user_id=user_id))


def ends_at(answer: Any) -> str:
    """The address a browser was led to in the end."""
    path: str = answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"]
    return path


def owner_of(clio: RunningSandbox) -> OutsideIdentity:
    """Who the sandbox says its owner is."""
    user_id, _ = clio.sandbox.oauth.owner()
    return identity_of(clio, user_id)


def identity_of(clio: RunningSandbox, user_id: int) -> OutsideIdentity:
    """Who the sandbox says a user is."""
    (found,) = [each for each in clio.list_all("users") if each["id"] == user_id]
    return OutsideIdentity("clio", "us", str(user_id), found["email"], found["name"], clio.store.firm_name)


def link(user: User, identity: OutsideIdentity, now: Any) -> None:
    """Link without the pages."""
    link_identity(user_id=user.pk, identity=identity, origin=Origin(), now=now)


def linked(user: User) -> list[tuple[str, str]]:
    """Region and subject of what opens a person's account."""
    with acting_as(user.pk):
        return list(LinkedIdentity.objects.filter(user=user).order_by("pk").values_list("region", "subject"))
