"""The Clio surface: /api/v4, lists and singles, with its tokens, versions, limits and etags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from apps.clio.sandbox.authority import Authority, Token
from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.entities.entity import Entity
from apps.clio.sandbox.errors import NoSuchRecord, Refusal
from apps.clio.sandbox.listing import Lister
from apps.clio.sandbox.oauth import invalid_token_answer
from apps.clio.sandbox.projection import Plans
from apps.clio.sandbox.rate_limit import Allowance, RateLimit
from apps.clio.sandbox.store import Store, Table
from apps.clio.sandbox.wire import Answer, Request, error_answer

PREFIX = "/api/v4/"
VERSIONS = frozenset(f"4.0.{patch}" for patch in range(4, 14))
DEFAULT_VERSION = "4.0.13"
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
        if request.method != "GET":
            return error_answer(403, "ForbiddenError", "The sandbox's Clio surface is for reading.")
        try:
            with self.store.lock:
                answer = self._read(request, token)
        except Refusal as refusal:
            return error_answer(refusal.status, refusal.type, refusal.message)
        answer.headers["X-API-VERSION"] = version
        return answer

    def _read(self, request: Request, token: Token) -> Answer:
        path = request.path.removeprefix(PREFIX).removesuffix(".json")
        entity = ENTITIES.get(path)
        if entity is not None:
            return self._list(entity, request)
        match = SINGLE.match(path)
        entity = ENTITIES.get(match["name"]) if match else None
        if match is None or entity is None or not entity.has_single:
            raise NoSuchRecord("There is nothing at this address.")
        if match["id"] == "who_am_i":
            if entity.name != "users":
                raise NoSuchRecord("There is nothing at this address.")
            return self._single(entity, token.user_id, request)
        return self._single(entity, int(match["id"]), request)

    def _list(self, entity: Entity, request: Request) -> Answer:
        plan = self.plans.plan(entity, request.parameter("fields"))
        page = self.lister.page(entity, request.parameters())
        here = f"{request.base_url}{PREFIX}{entity.name}.json?"
        paging = ",".join(
            f'"{name}":"{here}{query}"'
            for name, query in (("previous", page.previous_query), ("next", page.next_query)) if query
        )  # fmt: skip
        records = ",".join(plan.write(page.rows))
        body = f'{{"data":[{records}],"meta":{{"paging":{{{paging}}},"records":{page.records}}}}}'
        return Answer(200, body.encode())

    def _single(self, entity: Entity, number: int, request: Request) -> Answer:
        plan = self.plans.plan(entity, request.parameter("fields"))
        table = self.store.tables[entity.name]
        at = table.position(number)
        if at is None:
            raise NoSuchRecord(f"No {entity.name} record has the id {number}.")
        row = table.rows[at]
        tag = str(row[1])[1:-1].replace('\\"', '"')
        headers = {"ETag": tag, "Last-Modified": _http_date(table, at)}
        if _is_unchanged(request, tag, table.updated[at]):
            return Answer(304, headers=headers)
        return Answer(200, f'{{"data":{plan.write((row,))[0]}}}'.encode(), headers=headers)


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
