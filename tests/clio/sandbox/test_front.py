"""The page at the root: what it shows, to whom, and that it shows no secret."""

import re
from html.parser import HTMLParser

from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.wire import Request
from tests.clio.sandbox.server import RunningSandbox


class Outline(HTMLParser):
    """Collects what a reader's tools need: language, headings, table heads, and tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag if not attrs else f"{tag} {dict(attrs)}")
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_shows_everything_it_serves(own_sandbox: RunningSandbox) -> None:
    own_sandbox.get("users.json")
    own_sandbox.control("work", {"count": 3})
    own_sandbox.control("faults", {"next": [{"path": "/api/v4/bills.json", "kind": "429", "times": 4}]})
    own_sandbox.control("access", {"denied": ["Tasks"]}, "PATCH")
    reply = own_sandbox.call("GET", "/")
    page = reply.body.decode()

    assert reply.headers["Content-Type"].startswith("text/html")
    for name in ENTITIES:
        assert f'href="/sandbox/truth/{name}"' in page
    assert f"{len(own_sandbox.store.tables['activities'].rows):,}" in page
    assert "/api/v4/bills.json" in page
    assert "lacks: Tasks" in page
    for path in ("/sandbox/counts", "/sandbox/webhooks", "/sandbox/acts/{name}", "/sandbox/truth/{entity}"):
        assert path in page
    assert own_sandbox.token not in page


def test_is_whole_html_with_headings_and_heads(own_sandbox: RunningSandbox) -> None:
    outline = Outline()
    outline.feed(own_sandbox.call("GET", "/").body.decode())

    assert outline.open == []
    assert "html {'lang': 'en'}" in outline.found
    assert outline.found.count("h1") == 1
    assert sum(each.startswith("h2") for each in outline.found) == 6
    assert all("'scope': 'col'" in each for each in outline.found if re.match(r"th\b", each))


def test_is_for_this_machine_only(own_sandbox: RunningSandbox) -> None:
    request = Request("GET", "/", "", {}, b"", "192.0.2.7", own_sandbox.base_url)

    assert own_sandbox.sandbox.answer(request).status == 404
