"""The Clio surface: /api/v4, lists and singles, with its tokens, versions, limits and etags."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from apps.clio.sandbox.authority import Authority, Token
from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.entities.entity import Entity, Row
from apps.clio.sandbox.errors import Forbidden, NoSuchRecord, Refusal
from apps.clio.sandbox.fragments import etag
from apps.clio.sandbox.listing import Keep, Lister
from apps.clio.sandbox.oauth import invalid_token_answer
from apps.clio.sandbox.projection import Plans
from apps.clio.sandbox.rate_limit import Allowance, RateLimit
from apps.clio.sandbox.sight import Access, Sight
from apps.clio.sandbox.store import Store, Table
from apps.clio.sandbox.webhooks.desk import WebhookDesk
from apps.clio.sandbox.wire import Answer, Request, error_answer

PREFIX = "/api/v4/"
VERSIONS = frozenset(f"4.0.{patch}" for patch in range(4, 14))
DEFAULT_VERSION = "4.0.13"
WEBHOOK = re.compile(r"^/api/v4/webhooks(?:/(?P<id>\d{1,18})(?P<act>/activate)?)?(?:\.json)?$")
SINGLE = re.compile(r"^(?P<name>[a-z_/]+)/(?P<id>\d{1,18}|who_am_i)$")
BEARER = re.compile(r"^Bearer +(\S+)$", re.IGNORECASE)


@dataclass(slots=True)
class Api:
    """Answers requests for records of one store."""

    store: Store
    authority: Authority
    rate_limit: RateLimit
    plans: Plans
    lister: Lister
    webhooks: WebhookDesk
    access: Access

    def answer(self, request: Request) -> Answer:
        """Answer one request; rate headers are on every answer."""
        bearer = BEARER.match(request.headers.get("Authorization", ""))
        token = self.authority.find(bearer[1]) if bearer else None
        allowance = self.rate_limit.take(bearer[1] if bearer and token else None)
        if bearer is None:
            answer = error_answer(401, "UnauthorizedError", "The Authorization header is missing or malformed.")
        elif token is None:
            answer = invalid_token_answer()
        elif not allowance.passes:
            answer = too_many_answer(allowance)
        else:
            answer = self._serve(request, token)
        answer.headers |= rate_headers(allowance)
        return answer

    def _serve(self, request: Request, token: Token) -> Answer:
        version = request.headers.get("X-API-VERSION") or DEFAULT_VERSION
        if version not in VERSIONS:
            return error_answer(410, "GoneError", f"API version {version} is not available.")
        try:
            answer = self._read(request, token) if request.method == "GET" else self._write(request, token)
        except Refusal as refusal:
            return error_answer(refusal.status, refusal.type, refusal.message)
        answer.headers["X-API-VERSION"] = version
        return answer

    def _write(self, request: Request, token: Token) -> Answer:
        """Register, change, remove or activate a webhook: all that can be written here."""
        match = WEBHOOK.match(request.path)
        if match is None:
            raise Forbidden("The sandbox's Clio surface is for reading, but for webhooks.")
        self._check_permission(ENTITIES["webhooks"])
        self.plans.plan(ENTITIES["webhooks"], request.parameter("fields"))
        desk, number = self.webhooks, int(match["id"] or 0)
        act = (request.method, bool(match["id"]), bool(match["act"]))
        if act == ("POST", False, False):
            number, after = desk.create(request.body, token.user_id, token.grant)
            return self._webhook(number, request, 201, after)
        if act == ("PATCH", True, False):
            after = desk.change(number, token.user_id, request.body, request.headers.get("If-Match"))
            return self._webhook(number, request, 200, after)
        if act == ("DELETE", True, False):
            desk.remove(number, token.user_id)
            return Answer(204)
        if act == ("PUT", True, True):
            desk.activate(number, request.headers.get("X-Hook-Secret"))
            return self._webhook(number, request, 200)
        raise NoSuchRecord("There is nothing at this address.")

    def _webhook(self, number: int, request: Request, status: int, after: Callable[[], None] | None = None) -> Answer:
        with self.store.lock:
            answer = self._single(ENTITIES["webhooks"], number, request)
        answer.status, answer.after = status, after
        return answer

    def _read(self, request: Request, token: Token) -> Answer:
        with self.store.lock:
            return self._read_locked(request, token)

    def _read_locked(self, request: Request, token: Token) -> Answer:
        path = request.path.removeprefix(PREFIX).removesuffix(".json")
        sight = self.access.sight(self.store, token.user_id)
        if path.startswith("webhooks"):
            self.webhooks.expire()
        entity = ENTITIES.get(path)
        if entity is not None and not entity.is_singleton:
            return self._list(entity, request, token, sight)
        match = SINGLE.match(path)
        name, number = (match["name"], match["id"]) if match else (path, None)
        entity = ENTITIES.get(name)
        if entity is None or not entity.has_single or entity.is_singleton != (number is None):
            raise NoSuchRecord("There is nothing at this address.")
        if number == "who_am_i":
            if entity.name != "users":
                raise NoSuchRecord("There is nothing at this address.")
            return self._single(entity, token.user_id, request, sight, is_self=True)
        ids = self.store.tables[name].ids
        wanted = int(number) if number is not None else ids[0] if ids else 0
        return self._single(entity, wanted, request, sight, token)

    def _list(self, entity: Entity, request: Request, token: Token, sight: Sight | None) -> Answer:
        self._check_permission(entity)
        plan = self.plans.plan(entity, request.parameter("fields"), sight)
        page = self.lister.page(entity, request.parameters(), self._keep(entity, token, sight))
        if entity.derive is not None:
            plan = self.plans.plan(entity, request.parameter("fields"), sight)
        rows = page.rows if sight is None else [sight.redact(entity, row) for row in page.rows]
        here = f"{request.base_url}{PREFIX}{entity.name}.json?"
        paging = ",".join(
            f'"{name}":"{here}{query}"'
            for name, query in (("previous", page.previous_query), ("next", page.next_query)) if query
        )  # fmt: skip
        records = ",".join(plan.write(rows))
        body = f'{{"data":[{records}],"meta":{{"paging":{{{paging}}},"records":{page.records}}}}}'
        return Answer(200, body.encode())

    def _keep(self, entity: Entity, token: Token, sight: Sight | None) -> Keep | None:
        """Return which rows of a list the caller may see; None is all. Webhooks are the own ones always."""
        if entity.name == "webhooks":
            at = entity.positions["user"]
            return token.user_id, lambda row: row[at] in (None, token.user_id)
        return None if sight is None else (sight.key, lambda row: sight.admits(entity, row))

    def _check_permission(self, entity: Entity) -> None:
        missing = self.access.lacks(entity.name)
        if missing is not None:
            raise Forbidden(f"The application lacks the permission {missing}.")

    def _single(
        self, entity: Entity, number: int, request: Request, sight: Sight | None = None, token: Token | None = None,
        *, is_self: bool = False,
    ) -> Answer:  # fmt: skip
        if not is_self or self.access.who_am_i_needs_users:
            self._check_permission(entity)
        plan = self.plans.plan(entity, request.parameter("fields"), sight)
        table = self.store.tables[entity.name]
        at = table.position(number)
        keep = self._keep(entity, token, sight) if token is not None else None
        if at is None or (keep is not None and not keep[1](table.rows[at])):
            raise NoSuchRecord(f"No {entity.name} record has the id {number}.")
        row = table.rows[at] if sight is None else sight.redact(entity, table.rows[at])
        tag = _tag(entity, row, table.updated[at])
        headers = {"ETag": tag, "Last-Modified": _http_date(table, at)}
        if _is_unchanged(request, tag, table.updated[at]):
            return Answer(304, headers=headers)
        return Answer(200, f'{{"data":{plan.write((row,))[0]}}}'.encode(), headers=headers)


def _tag(entity: Entity, row: Row, updated: int) -> str:
    """Return the ETag header: the record's own etag, or one made from its last change where it has none."""
    text = str(row[1]) if entity.has_etag else etag(int(str(row[0])), updated)
    return text[1:-1].replace('\\"', '"')


def _http_date(table: Table, at: int) -> str:
    return format_datetime(datetime.fromtimestamp(table.updated[at], UTC), usegmt=True)


def _is_unchanged(request: Request, tag: str, updated: int) -> bool:
    known = request.headers.get("If-None-Match")
    if known is not None:
        return tag in [each.strip().removeprefix("W/") for each in known.split(",")]
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return updated <= parsedate_to_datetime(since).timestamp()
    except ValueError:
        return False


def too_many_answer(allowance: Allowance) -> Answer:
    """Return the 429 of a spent window."""
    answer = error_answer(429, "RateLimitedError", "Rate limit exceeded. Try again later.")
    answer.headers["Retry-After"] = str(allowance.retry_after)
    return answer


def rate_headers(allowance: Allowance) -> dict[str, str]:
    """Return the three headers every answer carries."""
    return {
        "X-RateLimit-Limit": str(allowance.limit),
        "X-RateLimit-Remaining": str(allowance.remaining),
        "X-RateLimit-Reset": str(allowance.reset),
    }
