"""A sandbox inside the test's own process: `with running_sandbox() as sandbox: sandbox.base_url`."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from apps.clio.sandbox.dataset import load_dataset
from apps.clio.sandbox.firm.found import DEFAULT_UNTIL, found_firm
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.sandbox import Rules, Sandbox
from apps.clio.sandbox.server import serving
from apps.clio.sandbox.store import Store, store_firm

DATASETS = Path(__file__).with_name("datasets")
UNLIMITED = Rules(rate_limit=0)

# The fields clio-api.md section 15 recommends, by endpoint; everything but the two singles is a list.
FIELDS: dict[str, str] = json.loads((Path(__file__).parents[2] / "contracts" / "clio.fields.json").read_text())
SINGLES = ("users/who_am_i", "settings/billing")
SERVED = tuple(name for name in FIELDS if name not in SINGLES)
_PATHS = json.loads((Path(__file__).parents[2] / "contracts" / "clio.openapi.json").read_text())["paths"]
ORDERED = frozenset(
    name for name in SERVED if any(each["name"] == "order" for each in _PATHS[f"/{name}.json"]["get"]["parameters"])
)
"""The lists that document an order."""
SECTION_15 = {name: FIELDS[name] for name in SERVED}
WHO_AM_I, BILLING_SETTINGS = (FIELDS[name] for name in SINGLES)


@dataclass
class Reply:
    """What came back: status, headers, body; `json` parses it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)


@dataclass
class RunningSandbox:
    """A served sandbox and a plain HTTP caller for it."""

    base_url: str
    sandbox: Sandbox
    token: str = ""
    _connections: list[HTTPConnection] = field(default_factory=list)

    @property
    def store(self) -> Store:
        """Return what it serves."""
        return self.sandbox.store

    def call(
        self, method: str, address: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send one request on a connection of its own; the address may be a path or a whole URL."""
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        home = urlsplit(self.base_url)
        connection = HTTPConnection(home.hostname or "", home.port, timeout=10)
        try:
            connection.request(method, target, body, headers or {})
            return _reply(connection.getresponse())
        finally:
            connection.close()

    def control(self, path: str, content: object = None, method: str = "POST") -> Any:
        """Pull a lever under /sandbox/."""
        reply = self.call(method, f"/sandbox/{path}", json.dumps(content or {}))
        assert reply.status in (200, 201), reply.body
        return reply.json

    def get(self, address: str, **headers: str) -> Reply:
        """Read from the Clio surface with a token."""
        if not self.token:
            self.token = str(self.sandbox.authority.new_grant(self.sandbox.oauth.owner()[0])["access_token"])
        path = address if address.startswith(("/", "http")) else f"/api/v4/{address}"
        return self.call("GET", path, headers={"Authorization": f"Bearer {self.token}", **headers})

    def list_all(self, name: str, fields: str | None = None, **parameters: str) -> list[dict[str, Any]]:
        """Return every record of a list, page by page."""
        order = {"order": "id(asc)"} if name in ORDERED else {}
        parameters = {**order, "fields": fields or SECTION_15[name], **parameters}
        query = "&".join(f"{key}={quote(value)}" for key, value in parameters.items())
        address: str | None = f"{name}.json?{query}"
        records: list[dict[str, Any]] = []
        while address:
            reply = self.get(address)
            assert reply.status == 200, reply.body
            records += reply.json["data"]
            address = reply.json["meta"]["paging"].get("next")
        return records


def _reply(response: HTTPResponse) -> Reply:
    return Reply(response.status, dict(response.getheaders()), response.read())


@functools.lru_cache(maxsize=4)
def small_firm(seed: int = 7, timekeepers: int = 3, years: int = 1) -> Firm:
    """Return a generated firm that tests may read but not change."""
    return found_firm(seed, timekeepers, years, DEFAULT_UNTIL)


@functools.lru_cache(maxsize=4)
def _small_store() -> Store:
    return store_firm(small_firm())


def small_store() -> Store:
    """Return a store of the small firm to do with as one likes: a copy, a hundred times as fast as writing its rows."""
    written, copied = _small_store(), Store(small_firm().name)
    for name, table in written.tables.items():
        copy = copied.tables[name]
        copy.rows, copy.ids, copy.top = table.rows[:], table.ids[:], table.top
        copy.created, copy.updated = table.created[:], table.updated[:]
    return copied


def dataset_store(name: str) -> Store:
    """Return the store of a golden dataset, such as golden_march."""
    return load_dataset(DATASETS / f"{name}.json")


@contextmanager
def running_sandbox(
    store: Store | None = None, rules: Rules = UNLIMITED, clock: Callable[[], float] | None = None
) -> Iterator[RunningSandbox]:
    """Serve a store, by default a small generated firm of its own, from a thread until the block ends."""
    chosen = store if store is not None else small_store()
    sandbox = Sandbox(chosen, rules, clock) if clock else Sandbox(chosen, rules)
    with serving(sandbox) as server:
        yield RunningSandbox(server.base_url, sandbox)


def next_token(reply: Reply) -> str | None:
    """Return the page_token of a page's next address."""
    found = re.search(r"page_token=([^&]+)", reply.json["meta"]["paging"].get("next", ""))
    return found[1] if found else None
