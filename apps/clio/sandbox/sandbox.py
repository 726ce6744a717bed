"""One stand-in: a store and everything that answers for it, independent of sockets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from apps.clio.sandbox.api import PREFIX, Api, rate_headers, too_many_answer
from apps.clio.sandbox.authority import Application, Authority
from apps.clio.sandbox.changes import RecordWriter
from apps.clio.sandbox.control import Control, RequestLog
from apps.clio.sandbox.faults import Fault, FaultPlan
from apps.clio.sandbox.front import Front, front_page
from apps.clio.sandbox.levers import Levers
from apps.clio.sandbox.listing import Lister
from apps.clio.sandbox.live.desk import Desk
from apps.clio.sandbox.live.shift import Shift
from apps.clio.sandbox.oauth import OAuthPages, invalid_token_answer
from apps.clio.sandbox.projection import Plans
from apps.clio.sandbox.rate_limit import UNLIMITED, Allowance, RateLimit
from apps.clio.sandbox.removal import Removal
from apps.clio.sandbox.sight import Access
from apps.clio.sandbox.store import Change, Store
from apps.clio.sandbox.webhooks.desk import WebhookDesk
from apps.clio.sandbox.webhooks.settings import WebhookSettings
from apps.clio.sandbox.wire import HTML_TYPE, Answer, Request, error_answer

THIRTY_DAYS = 2_592_000
_LOG_IN = ("/oauth/token", "/oauth/deauthorize")
HTML_ERROR = b"<html><head><title>We're sorry</title></head><body><h1>Something went wrong.</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a stand-in behaves. `timeout_seconds`: how long a request that times out is held."""

    application: Application = Application()  # noqa: RUF009 -- frozen
    rate_limit: int = 50
    off_peak_limit: int = 0
    region: str = "us"
    rotates: bool = False
    expires_in: int = THIRTY_DAYS
    faults: tuple[tuple[str, float], ...] = ()
    fault_seed: int = 0
    timeout_seconds: float = 30.0
    slow_seconds: float = 1.0
    gzip: bool = False
    webhooks: tuple[tuple[str, str | float | bool], ...] = ()
    deauthorization_url: str = ""


class Sandbox:
    """Routes a request to the Clio surface, the OAuth pages or the controls."""

    def __init__(self, store: Store, rules: Rules | None = None, clock: Callable[[], float] = time.time) -> None:
        self.store, self.rules = store, rules or Rules()
        key = b"sandbox" if self.rules.region == "us" else f"sandbox:{self.rules.region}".encode()
        self.authority = Authority(self.rules.application, self.rules.expires_in, clock, key, self.rules.rotates)
        self.rate_limit = RateLimit(self.rules.rate_limit, clock, self.rules.off_peak_limit, self.rules.region)
        self.faults = FaultPlan(self.rules.faults, self.rules.fault_seed)
        self.log = RequestLog()
        self.observers: list[Callable[[Request, Answer], None]] = []
        self.access = Access()
        writer = RecordWriter(store, clock)
        settings = WebhookSettings()
        settings.change(dict(self.rules.webhooks))
        self.webhooks = WebhookDesk(store, writer, settings, clock, self.rules.fault_seed, self._sees)
        self.authority.revoked.append(self.webhooks.forget_grant)
        self.api = Api(store, self.authority, self.rate_limit, Plans(store), Lister(store), self.webhooks, self.access)
        self.oauth = OAuthPages(store, self.authority)
        self.shift = Shift(Desk(store, writer, self.rules.fault_seed, self.access))
        removal = Removal(store, self.authority, self.webhooks.courier, self.rules.deauthorization_url)
        levers = Levers(self.api, self.shift, removal, self.oauth.owner)
        self.control = Control(self.api, self.oauth, self.faults, self.log, writer, self.webhooks, levers)

    def _sees(self, user_id: int, change: Change) -> bool:
        """Tell whether a user may hear of a change."""
        row = change.after if change.after is not None else change.before
        sight = self.access.sight(self.store, user_id)
        return self.access.lacks(change.entity.name) is None and (
            sight is None or row is None or sight.admits(change.entity, row)
        )

    def close(self) -> None:
        """End what runs in the background."""
        self.shift.stop()
        self.webhooks.courier.close()

    def fault_for(self, path: str) -> Fault | None:
        """Return how a request of this path is to fail, if it is; controls and pages never do."""
        return self.faults.next_fault(path) if path.startswith(PREFIX) or path in _LOG_IN else None

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        path = request.path
        if path.startswith("/sandbox/"):
            return self.control.answer(request)
        if path == "/":
            return self.page(request)
        self.log.note(path)
        if path.startswith(PREFIX):
            answer = self.api.answer(request)
            for observe in self.observers:
                observe(request, answer)
            return answer
        if path.startswith("/oauth/"):
            return self.oauth.answer(request)
        return error_answer(404, "NotFound", "There is nothing at this address.")

    def page(self, request: Request) -> Answer:
        """Return the page at the root, for callers of this machine."""
        if not ip_address(request.peer).is_loopback:
            return error_answer(404, "NotFound", "There is nothing at this address.")
        with self.store.lock:
            text = front_page(self.front(request.base_url))
        return Answer(200, text.encode(), HTML_TYPE, {"Cache-Control": "no-store"})

    def front(self, base_url: str) -> Front:
        """Return what the page at the root shows."""
        return Front(
            self.store, base_url, self.rules.region, self.authority.application.client_id,
            self.authority.live_grants(), self.rate_limit, self.faults.shown(), self.webhooks.shown(), self.shift,
            self.access, self.log.take_stock(),
        )  # fmt: skip

    def failure(self, fault: Fault, request: Request) -> Answer:
        """Return the answer of a fault that answers at all."""
        if fault.kind == "wrong_host":
            answer = self.answer(request)
            answer.body = answer.body.replace(f'"next":"{request.base_url}'.encode(), f'"next":"{fault.host}'.encode())
            return answer
        if fault.kind == "expired_page" and request.parameter("page_token") is None:
            return self.answer(request)
        self.log.note(request.path)
        if fault.kind == "expired_page":
            return error_answer(400, "ArgumentError", "page_token has expired.")
        if fault.kind.startswith("redirect"):
            host = request.base_url if fault.kind == "redirect" else fault.host
            return Answer(307, headers={"Location": f"{host}{request.path}?{request.query}".removesuffix("?")})
        if fault.kind.startswith("html"):
            return Answer(int(fault.kind[4:]), HTML_ERROR, "text/html; charset=utf-8")
        if fault.kind.startswith("429_"):
            return self._odd_too_many(fault)
        status = fault.status or 500
        if status == 401:
            return invalid_token_answer()
        if status == 429:
            return self._too_many(int(fault.seconds or 1))
        return error_answer(status, "SandboxFault", f"Fault on demand: {status}.")

    def _odd_too_many(self, fault: Fault) -> Answer:
        """Return a 429 without Retry-After, or with Retry-At instead."""
        seconds = int(fault.seconds or 1)
        answer = self._too_many(seconds)
        del answer.headers["Retry-After"]
        if fault.kind == "429_at":
            answer.headers["Retry-At"] = str(int(self.rate_limit.clock()) + seconds)
        return answer

    def _too_many(self, seconds: int) -> Answer:
        reset = int(self.rate_limit.clock()) + seconds
        allowance = Allowance(self.rate_limit.limit or UNLIMITED, 0, reset, seconds, passes=False)
        answer = too_many_answer(allowance)
        answer.headers |= rate_headers(allowance)
        return answer
