"""The levers of the firm at work, of permissions, tokens and limits, and the whole truth record by record.

GET    /sandbox/truth/{entity}            every record as it is, whoever asks; ?fields= as on Clio's surface, else all
GET    /sandbox/audit                     what does not tie in the books: [] when all is well
GET    /sandbox/acts                      what can happen at the firm and how often it did
POST   /sandbox/acts/{name}               let it happen now; 409 when there is nothing to do it to
POST   /sandbox/work                      {"count": 20}: let so much happen, by seeded chance
GET    /sandbox/live                      how fast the firm works, and what happened last; ?since=NUMBER
PUT    /sandbox/live                      {"per_minute": 120}: work at this pace; 0 stops
GET    /sandbox/access                    what the application and users may not see
PATCH  /sandbox/access                    {"denied": ["Billing"], "users": {"1": {"hours": "own"}}}
PATCH  /sandbox/oauth                     {"rotates": true, "expires_in": 60, "deauthorization_url": ...}
POST   /sandbox/oauth/remove              {"user_id"?}: who connected removes the application inside Clio
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from apps.clio.sandbox.api import Api
from apps.clio.sandbox.entities.entity import Entity
from apps.clio.sandbox.errors import NoSuchRecord, Refusal
from apps.clio.sandbox.live.acts import ACTS
from apps.clio.sandbox.live.audit import audit
from apps.clio.sandbox.live.shift import Shift
from apps.clio.sandbox.projection import Plan, parse_fields
from apps.clio.sandbox.removal import Removal
from apps.clio.sandbox.sight import PERMISSIONS
from apps.clio.sandbox.wire import Answer, Request, json_answer

FASTEST = 6000


class NothingToDo(Refusal):
    """The act finds no record it could be done to."""

    status = 409
    type = "NothingToDo"


@dataclass(frozen=True, slots=True)
class Levers:
    """Answers these addresses."""

    api: Api
    shift: Shift
    removal: Removal
    owner: Callable[[], tuple[int, str]]

    def answer(self, request: Request) -> Answer | None:
        """Answer one request, or None when the address is not one of these. Raises Refusal, ValueError."""
        method, path = request.method, request.path.removeprefix("/sandbox/")
        head, _, rest = path.partition("/")
        if method == "GET" and head == "truth" and rest:
            return self._truth(rest, request.parameter("fields"))
        if method == "POST" and head == "acts" and rest:
            return json_answer(self._act(rest))
        act = self._reads(request).get(path) if method == "GET" else self._writes(request).get((method, path))
        return None if act is None else json_answer(act())

    def _reads(self, request: Request) -> dict[str, Callable[[], object]]:
        return {
            "audit": lambda: audit(self.shift.desk),
            "acts": self._acts,
            "live": lambda: self._live(int(request.parameter("since") or 0)),
            "access": self._access,
        }

    def _writes(self, request: Request) -> dict[tuple[str, str], Callable[[], object]]:
        return {
            ("POST", "work"): lambda: [asdict(each) for each in self.shift.work(int(request.json().get("count", 1)))],
            ("PUT", "live"): lambda: self._set_pace(int(request.json()["per_minute"])),
            ("PATCH", "access"): lambda: self._set_access(request.json()),
            ("PATCH", "oauth"): lambda: self._set_oauth(request.json()),
            ("POST", "oauth/remove"): lambda: self._remove(request.json()),
        }

    def _truth(self, name: str, fields: str | None) -> Answer:
        store = self.api.store
        if name not in store.tables:
            raise NoSuchRecord(f"The sandbox has no {name}.")
        with store.lock:
            store.derive()
            table = store.tables[name]
            plan = Plan(store, table.entity, parse_fields(fields or everything(table.entity)))
            return Answer(200, f'{{"data":[{",".join(plan.write(table.rows))}]}}'.encode())

    def _act(self, name: str) -> object:
        if name not in ACTS:
            raise NoSuchRecord(f"Nothing called {name} happens here; there are {', '.join(ACTS)}.")
        happening = self.shift.act(name)
        if happening is None:
            raise NothingToDo(f"{name}: nothing here to do that to.")
        return asdict(happening)

    def _acts(self) -> object:
        return {name: {"weight": weight, "done": self.shift.counts[name]} for name, (weight, _) in ACTS.items()}

    def _live(self, since: int) -> object:
        return {"per_minute": self.shift.per_minute, "happened": [asdict(each) for each in self.shift.since(since)]}

    def _set_pace(self, per_minute: int) -> object:
        if not 0 <= per_minute <= FASTEST:
            raise ValueError(f"per_minute must be between 0 and {FASTEST:,}.")
        self.shift.start(per_minute)
        return self._live(10**9)

    def _access(self) -> object:
        access = self.api.access
        return {
            "permissions": list(PERMISSIONS), "denied": sorted(access.denied),
            "users": {str(user): asdict(limits) for user, limits in access.limits.items()},
            "who_am_i_needs_users": access.who_am_i_needs_users,
        }  # fmt: skip

    def _set_access(self, body: dict[str, Any]) -> object:
        access = self.api.access
        unknown = body.keys() - {"denied", "users", "who_am_i_needs_users"}
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))} cannot be set.")
        with self.api.store.lock:
            if "denied" in body:
                access.deny(list(body["denied"]))
            for user, limits in body.get("users", {}).items():
                access.limit(int(user), limits)
            access.who_am_i_needs_users = bool(body.get("who_am_i_needs_users", access.who_am_i_needs_users))
        return self._access()

    def _remove(self, body: dict[str, Any]) -> object:
        return self.removal.remove(int(body.get("user_id") or self.owner()[0]))

    def _set_oauth(self, body: dict[str, Any]) -> object:
        authority = self.api.authority
        self.removal.change(body)
        authority.rotates = bool(body.get("rotates", authority.rotates))
        authority.expires_in = int(body.get("expires_in", authority.expires_in))
        return {"rotates": authority.rotates, "expires_in": authority.expires_in}


def everything(entity: Entity) -> str:
    """Return all kept fields of an entity; of records in other lists the id, of other objects all they hold."""
    parts = list(entity.scalars)
    for name, nested in entity.nested.items():
        if nested.has_cell:
            parts.append(f"{name}{{id}}" if nested.target else f"{name}{{{','.join(nested.shape)}}}")
    return ",".join(parts)
