"""The demo firm's owner: does over HTTP what a person would do with a browser and an API client."""

import json
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import requests

from smarterfirms.processes import ProcessFailed

_EMAIL = "olive.owner@demo.example"
_MAIL_TAKES_SECONDS = 60
_FIRM_NAME = "Hollis & Whitcombe LLP"


class _Form(HTMLParser):
    """The fields of a page's only form, and where it goes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the form's action and its hidden fields."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = values.get("action", "")
        elif tag == "input" and values.get("type") == "hidden":
            self.fields[values["name"]] = values.get("value", "")


class Owner:
    """Signs in (registering the first time), owns one firm, connects it to Clio and reads its numbers."""

    def __init__(self, web: str, var: Path) -> None:
        self.web, self.email = web, _EMAIL
        self._kept = var / "demo-login.json"
        self.password = self._remembered_password()
        self._browser = requests.Session()
        self._browser.trust_env = False
        self.firm_id = ""

    def enter(self) -> None:
        """Sign in, or register; then find the firm, or create it."""
        credentials = {"email": self.email, "password": self.password}
        answer = self._send("POST", "/api/v1/auth/login", json=credentials, expect=(200, 401))
        if answer.status_code == 401:
            terms = self._send("GET", "/api/v1/terms").json()
            agreed = {"agreed": {each["document"]: each["version"] for each in terms}}
            person = {**credentials, **agreed, "name": "Olive Owner"}
            self._send("POST", "/api/v1/auth/register", json=person, expect=(202,))
            self._send("POST", "/api/v1/auth/verify-email", json={"token": self._mailed_token()}, expect=(204,))
            answer = self._send("POST", "/api/v1/auth/login", json=credentials)
        self._browser.headers["Authorization"] = f"Bearer {answer.json()['access']}"
        firms = self._send("GET", "/api/v1/firms").json()
        self.firm_id = firms[0]["firm"]["id"] if firms else self._create_firm()

    def connect_clio(self) -> bool:
        """Connect the firm to Clio by the redirect flow unless it is connected; tell whether it had to be done."""
        known = self._send("GET", self._path("clio/connection"), expect=(200, 404))
        if known.status_code == 200 and known.json()["status"] == "connected":
            return False
        started = self._send("POST", self._path("clio/connection"), expect=(200, 201)).json()
        browser = requests.Session()
        browser.trust_env, browser.cookies = False, self._browser.cookies
        consent = browser.get(started["authorize_url"], timeout=10)
        form = _Form(consent.text)
        address = requests.compat.urljoin(consent.url, form.action)
        landed = browser.post(address, data={**form.fields, "decision": "allow"}, timeout=60)
        if landed.status_code != 200 or not landed.url.startswith(self.web):
            raise ProcessFailed(f"Connecting to Clio ended at {landed.url} with {landed.status_code}.")
        return True

    def start_sync(self) -> None:
        """Ask for whatever changed in Clio since the last sync."""
        self._send("POST", self._path("clio/sync"), json={}, expect=(200, 201, 202, 409))

    def read(self, what: str) -> Any:
        """GET one of the firm's resources."""
        return self._send("GET", self._path(what)).json()

    def keep(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to one of the tables the firm keeps."""
        if rows:
            self._send("POST", self._path(f"settings/{table}"), json={"rows": list(rows)})

    def aim(self, **target: Any) -> None:
        """Set a person's monthly target hours."""
        self._send("POST", self._path("target-hours"), json=target, expect=(200, 201))

    def curl(self, what: str) -> str:
        """Return commands a person can paste to read the same resource."""
        credentials = json.dumps({"email": self.email, "password": self.password})
        return (
            f"TOKEN=$(curl -s {self.web}/api/v1/auth/login -H 'Content-Type: application/json' -d '{credentials}' "
            f'| sed \'s/.*"access":"\\([^"]*\\)".*/\\1/\')\n'
            f'curl -s -H "Authorization: Bearer $TOKEN" "{self.web}{self._path(what)}"'
        )

    def _mailed_token(self) -> str:
        """Wait for the mail that confirms the address, in the machine's own outbox, and take the token of its link."""
        for _ in range(_MAIL_TAKES_SECONDS * 4):
            found = re.search(r"/verify/([A-Za-z0-9_-]{43})", self._send("GET", "/outbox").text)
            if found:
                return found.group(1)
            time.sleep(0.25)
        raise ProcessFailed(f"The mail that confirms the address did not come within {_MAIL_TAKES_SECONDS} seconds.")

    def _create_firm(self) -> str:
        firm = {"name": _FIRM_NAME, "time_zone": "America/New_York", "currency": "USD"}
        created: str = self._send("POST", "/api/v1/firms", json=firm, expect=(201,)).json()["id"]
        return created

    def _path(self, what: str) -> str:
        return f"/api/v1/firms/{self.firm_id}/{what}"

    def _send(self, method: str, path: str, *, expect: tuple[int, ...] = (200,), **options: Any) -> requests.Response:
        answer = self._browser.request(method, self.web + path, timeout=60, **options)
        if answer.status_code not in expect:
            raise ProcessFailed(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return answer

    def _remembered_password(self) -> str:
        if not self._kept.exists():
            self._kept.touch(mode=0o600)
            self._kept.write_text(json.dumps({"email": self.email, "password": secrets.token_urlsafe(12)}))
        password: str = json.loads(self._kept.read_text())["password"]
        return password
