"""One stand-in: a store and everything that answers for it, independent of sockets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from apps.clio.sandbox.api import PREFIX, Api, rate_headers, too_many_answer
from apps.clio.sandbox.authority import Application, Authority
from apps.clio.sandbox.changes import RecordWriter
from apps.clio.sandbox.control import Control, RequestLog
from apps.clio.sandbox.faults import Fault, FaultPlan
from apps.clio.sandbox.listing import Lister
from apps.clio.sandbox.oauth import OAuthPages, invalid_token_answer
from apps.clio.sandbox.projection import Plans
from apps.clio.sandbox.rate_limit import UNLIMITED, Allowance, RateLimit
from apps.clio.sandbox.store import Store
from apps.clio.sandbox.wire import Answer, Request, error_answer

THIRTY_DAYS = 2_592_000
HTML_ERROR = b"<html><head><title>We're sorry</title></head><body><h1>Something went wrong.</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a stand-in behaves. `timeout_seconds`: how long a request that times out is held."""

    application: Application = Application()  # noqa: RUF009 -- frozen
    rate_limit: int = 50
    expires_in: int = THIRTY_DAYS
    faults: tuple[tuple[str, float], ...] = ()
    fault_seed: int = 0
    timeout_seconds: float = 30.0
    slow_seconds: float = 1.0
    gzip: bool = False


class Sandbox:
    """Routes a request to the Clio surface, the OAuth pages or the controls."""

    def __init__(self, store: Store, rules: Rules | None = None, clock: Callable[[], float] = time.time) -> None:
        self.store, self.rules = store, rules or Rules()
        self.authority = Authority(self.rules.application, self.rules.expires_in, clock)
        self.rate_limit = RateLimit(self.rules.rate_limit, clock)
        self.faults = FaultPlan(self.rules.faults, self.rules.fault_seed)
        self.log = RequestLog()
        self.api = Api(store, self.authority, self.rate_limit, Plans(store), Lister(store))
        self.oauth = OAuthPages(store, self.authority)
        self.control = Control(self.api, self.oauth, self.faults, self.log, RecordWriter(store, clock))

    def fault_for(self, path: str) -> Fault | None:
        """Return how a request of this path is to fail, if it is; controls and pages never do."""
        return self.faults.next_fault(path) if path.startswith(PREFIX) or path == "/oauth/token" else None

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        path = request.path
        if path.startswith("/sandbox/"):
            return self.control.answer(request)
        self.log.note(path)
        if path.startswith(PREFIX):
            return self.api.answer(request)
        if path.startswith("/oauth/"):
            return self.oauth.answer(request)
        return error_answer(404, "NotFound", "There is nothing at this address.")

    def failure(self, fault: Fault, request: Request) -> Answer:
        """Return the answer of a fault that answers at all."""
        self.log.note(request.path)
        if fault.kind == "html500":
            return Answer(500, HTML_ERROR, "text/html; charset=utf-8")
        status = fault.status or 500
        if status == 401:
            return invalid_token_answer()
        if status == 429:
            return self._too_many(int(fault.seconds or 1))
        return error_answer(status, "SandboxFault", f"Fault on demand: {status}.")

    def _too_many(self, seconds: int) -> Answer:
        reset = int(self.rate_limit.clock()) + seconds
        allowance = Allowance(self.rate_limit.limit or UNLIMITED, 0, reset, seconds, passes=False)
        answer = too_many_answer(allowance)
        answer.headers |= rate_headers(allowance)
        return answer
