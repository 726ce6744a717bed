"""The levers under /sandbox/ for tests and demonstrations, open to this machine only and no part of Clio.

GET    /sandbox/counts                    records and money sums per entity
GET    /sandbox/requests                  requests per path since the start; DELETE begins anew
POST   /sandbox/grant                     {"user_id"?} -> tokens without the consent page
POST   /sandbox/expire                    access tokens issued so far expire now
POST   /sandbox/revoke                    {"token"}: the grant behind an access or refresh token is revoked
POST   /sandbox/rate-limit                {"limit": 50, "off_peak": 150}; 0 is off
GET    /sandbox/faults                    what is queued, and the odds
POST   /sandbox/faults                    {"next": [{"path", "kind", "times", "after", "seconds"}], "odds"?}
DELETE /sandbox/faults                    nothing fails any more
GET    /sandbox/webhooks                  webhooks, settings of deliveries, what became of the last ones
PATCH  /sandbox/webhooks                  settings: signature, handshake, time_scale, hold, duplicate, drop, ...
POST   /sandbox/webhooks/settle           {"seconds": 10}: wait until nothing is on its way; tells whether it is so
POST   /sandbox/webhooks/expire           {"id"}: the webhook lapses now
POST   /sandbox/webhooks/suspend          {"id"}: the webhook is suspended
POST   /sandbox/records/{entity}          a record to add or replace
PATCH  /sandbox/records/{entity}/{id}     fields to change
DELETE /sandbox/records/{entity}/{id}     gone without a trace

More of them, for the firm at work, permissions and the whole truth, are in levers.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Lock
from typing import Any

from apps.clio.sandbox.api import Api
from apps.clio.sandbox.changes import RecordWriter, read_json
from apps.clio.sandbox.counts import count_records
from apps.clio.sandbox.errors import Refusal
from apps.clio.sandbox.faults import Fault, FaultPlan, Queued, check_kind, parse_faults
from apps.clio.sandbox.levers import Levers
from apps.clio.sandbox.oauth import OAuthPages
from apps.clio.sandbox.webhooks.desk import WebhookDesk
from apps.clio.sandbox.wire import Answer, Request, error_answer, json_answer

RECORDS = re.compile(r"^/sandbox/records/(?P<name>[a-z_/]+?)(?:/(?P<id>\d+))?$")


@dataclass(slots=True)
class RequestLog:
    """Counts requests by path."""

    _counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def note(self, path: str) -> None:
        """Count one request."""
        with self._lock:
            self._counts[path] += 1

    def take_stock(self) -> dict[str, int]:
        """Return the counts so far."""
        with self._lock:
            return dict(sorted(self._counts.items()))

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()


@dataclass(slots=True)
class Control:
    """Answers the control addresses."""

    api: Api
    oauth: OAuthPages
    faults: FaultPlan
    log: RequestLog
    writer: RecordWriter
    webhooks: WebhookDesk
    levers: Levers

    def answer(self, request: Request) -> Answer:
        """Answer one request from this machine; others are told there is nothing here."""
        if not ip_address(request.peer).is_loopback:
            return error_answer(404, "NotFound", "There is nothing at this address.")
        try:
            answer = self.levers.answer(request)
            if answer is not None:
                return answer
            records = RECORDS.match(request.path)
            if records is not None:
                return self._change(request, records["name"], records["id"])
            act = self._acts().get((request.method, request.path))
            if act is None:
                return error_answer(404, "NotFound", "There is no such control.")
            return json_answer(act(request.json()))
        except Refusal as refusal:
            return error_answer(refusal.status, refusal.type, refusal.message)
        except (KeyError, TypeError, ValueError) as problem:
            return error_answer(400, "BadRequestError", str(problem))

    def _acts(self) -> dict[tuple[str, str], Callable[[dict[str, Any]], object]]:
        return {
            ("GET", "/sandbox/counts"): lambda _: count_records(self.api.store),
            ("GET", "/sandbox/requests"): lambda _: self.log.take_stock(),
            ("DELETE", "/sandbox/requests"): lambda _: self.log.clear(),
            ("POST", "/sandbox/grant"): self._grant,
            ("POST", "/sandbox/expire"): lambda _: self.api.authority.expire_access_tokens(),
            ("POST", "/sandbox/revoke"): lambda body: self.api.authority.revoke(body["token"]),
            ("POST", "/sandbox/rate-limit"): lambda body: self.api.rate_limit.change(
                int(body["limit"]), int(body.get("off_peak", 0))
            ),
            ("GET", "/sandbox/faults"): lambda _: self.faults.shown(),
            ("POST", "/sandbox/faults"): self._queue_faults,
            ("DELETE", "/sandbox/faults"): lambda _: self.faults.clear(),
            ("GET", "/sandbox/webhooks"): lambda _: self.webhooks.shown(),
            ("PATCH", "/sandbox/webhooks"): self._set_webhooks,
            ("POST", "/sandbox/webhooks/settle"): lambda body: {
                "settled": self.webhooks.courier.settle(float(body.get("seconds", 10)))
            },
            ("POST", "/sandbox/webhooks/expire"): lambda body: self.webhooks.expire(int(body["id"])),
            ("POST", "/sandbox/webhooks/suspend"): lambda body: self.webhooks.suspend(int(body["id"])),
        }

    def _set_webhooks(self, body: dict[str, Any]) -> object:
        self.webhooks.settings.change(body)
        self.webhooks.courier.wake()
        return self.webhooks.settings.shown()

    def _grant(self, body: dict[str, Any]) -> object:
        return self.api.authority.new_grant(int(body.get("user_id") or self.oauth.owner()[0]))

    def _queue_faults(self, body: dict[str, Any]) -> None:
        if "odds" in body:
            self.faults.odds = parse_faults(body["odds"])
        self.faults.queue([
            Queued(_fault(item), item.get("path", ""), int(item.get("times", 1)), int(item.get("after", 0)))
            for item in body.get("next", ())
        ])  # fmt: skip

    def _change(self, request: Request, name: str, number: str | None) -> Answer:
        if request.method == "POST" and number is None:
            return json_answer({"data": self.writer.add(name, _body(request))}, 201)
        if request.method == "PATCH" and number is not None:
            return json_answer({"data": self.writer.change(name, int(number), _body(request))})
        if request.method == "DELETE" and number is not None:
            self.writer.remove(name, int(number))
            return json_answer(None)
        return error_answer(405, "MethodNotAllowed", "Use POST without an id, PATCH or DELETE with one.")


def _fault(item: dict[str, Any]) -> Fault:
    known = {name: item[name] for name in ("seconds", "host") if name in item}
    return Fault(check_kind(str(item["kind"])), **known)


def _body(request: Request) -> dict[str, Any]:
    found = read_json(request.body or b"{}")
    if not isinstance(found, dict):
        raise ValueError("The body must be a JSON object.")
    return found
