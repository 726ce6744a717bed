"""The webhooks of an application: registered, changed and removed over the API, told of changes, expired, suspended."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.clio.sandbox.changes import Record, RecordWriter, read_json, record_from
from apps.clio.sandbox.errors import MalformedParameter, NoSuchRecord, Stale, Unprocessable
from apps.clio.sandbox.store import Change, Store
from apps.clio.sandbox.webhooks.courier import Courier, Delivery, Outcome
from apps.clio.sandbox.webhooks.notices import events_of_change, payload, touches
from apps.clio.sandbox.webhooks.settings import WebhookSettings
from apps.clio.sandbox.webhooks.terms import MODELS, check_terms

Sees = Callable[[int, Change], bool]
"""Tells whether a user may see a changed record."""


@dataclass(slots=True)
class WebhookDesk:
    """Keeps webhooks as records of the store and sends what they ask for."""

    store: Store
    writer: RecordWriter
    settings: WebhookSettings
    clock: Callable[[], float]
    seed: int = 0
    sees: Sees = lambda user_id, change: True
    courier: Courier = field(init=False)
    _grants: dict[int, str] = field(default_factory=dict)
    _lost_in_row: dict[int, int] = field(default_factory=dict)
    _known: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.courier = Courier(self.settings, self._hear, self.seed)
        self.store.listeners.append(self._notice)

    def create(self, body: bytes, user_id: int, grant: str) -> tuple[int, Callable[[], None]]:
        """Register a webhook; return its id and what is to be done once the answer is out. Raises Unprocessable."""
        terms = check_terms(_content(body), self.clock())
        secret = secrets.token_hex(32)
        user = {"id": user_id} if self.store.tables["users"].find(user_id) is not None else None
        record = self.writer.add("webhooks", {**terms, "shared_secret": secret, "status": "pending", "user": user})
        number = int(record["id"])
        self._grants[number] = grant
        return number, self._handshake(record)

    def change(self, number: int, user_id: int, body: bytes, if_match: str | None) -> Callable[[], None]:
        """Change a webhook; a changed address shakes hands anew. Raises NoSuchRecord, Stale, Unprocessable."""
        known = self._own(number, user_id)
        if if_match is not None and if_match != known["etag"]:
            raise Stale("The record was changed meanwhile.")
        terms = check_terms(_content(body), self.clock(), known)
        moved = terms["url"] != known["url"]
        changes = {**terms, "status": "pending"} if moved else terms
        record = self.writer.change("webhooks", number, changes)
        return self._handshake(record) if moved else _nothing

    def remove(self, number: int, user_id: int) -> None:
        """Remove a webhook and what waits for it. Raises NoSuchRecord."""
        self._own(number, user_id)
        self._drop(number)

    def activate(self, number: int, secret: str | None) -> None:
        """Enable a webhook whose receiver proves later that it knows the secret. Raises NoSuchRecord, Unprocessable."""
        known = self._find(number)
        if secret != known["shared_secret"]:
            raise Unprocessable("X-Hook-Secret is not the webhook's secret.")
        self._enable(number)

    def forget_grant(self, grant: str) -> None:
        """Remove the webhooks of a grant that was revoked."""
        for number in [each for each, owner in self._grants.items() if owner == grant]:
            self._drop(number)

    def expire(self, number: int | None = None) -> None:
        """Let one webhook lapse now, or all whose time has come."""
        table, now = self.store.tables["webhooks"], self.clock()
        at = table.entity.positions["expires_at"]
        with self.store.lock:
            rows = list(zip(table.ids, table.rows, strict=True))
        for each, row in rows:
            if each == number or datetime.fromisoformat(str(row[at]).strip('"')).timestamp() <= now:
                self._drop(each)

    def suspend(self, number: int) -> None:
        """Suspend a webhook and drop what waits for it."""
        self._find(number)
        self.writer.change("webhooks", number, {"status": "suspended"})
        self.courier.forget(number)

    def shown(self) -> dict[str, Any]:
        """Return settings, webhooks and what became of deliveries, for the controls and the page. No secrets."""
        self.expire()
        with self.store.lock:
            table = self.store.tables["webhooks"]
            records = [record_from(table.entity, (row, 0, 0)) for row in table.rows]
        for record in records:
            record.pop("shared_secret")
        return {
            "settings": self.settings.shown(), "webhooks": records, "waiting": self.courier.waiting(),
            "sent": dict(self.courier.sent), "recent": list(self.courier.recent),
        }  # fmt: skip

    def _own(self, number: int, user_id: int) -> Record:
        record = self._find(number)
        if record["user"] is not None and record["user"]["id"] != user_id:
            raise NoSuchRecord(f"No webhook has the id {number}.")
        return record

    def _find(self, number: int) -> Record:
        self.expire()
        table = self.store.tables["webhooks"]
        row = table.find(number)
        if row is None:
            raise NoSuchRecord(f"No webhook has the id {number}.")
        return record_from(table.entity, (row, 0, 0))

    def _drop(self, number: int) -> None:
        with self.store.changing():
            self.store.tables["webhooks"].remove(number)
        self._grants.pop(number, None)
        self._lost_in_row.pop(number, None)
        self.courier.forget(number)

    def _enable(self, number: int) -> None:
        with self.store.lock:
            if self.store.tables["webhooks"].find(number) is not None:
                self._lost_in_row.pop(number, None)
                self.writer.change("webhooks", number, {"status": "enabled"})

    def _handshake(self, record: Record) -> Callable[[], None]:
        """Shake hands now, or return what does it after the answer."""
        number = int(record["id"])
        body = json.dumps({"data": {"webhook_id": number}}).encode()
        delivery = Delivery(number, record["url"], record["shared_secret"], body, "handshake")
        if self.settings.handshake == "before":
            self.courier.deliver_now(delivery)
        return self.courier.promise_handshake(delivery) if self.settings.handshake == "after" else _nothing

    def _hear(self, delivery: Delivery, outcome: Outcome, is_last: bool) -> None:
        number = delivery.webhook_id
        if self.store.tables["webhooks"].find(number) is None:
            return
        if delivery.event == "handshake":
            if outcome.status == 200 and outcome.secret == delivery.secret:
                self._enable(number)
        elif outcome.status == 410:
            self.suspend(number)
        elif outcome.is_taken:
            self._lost_in_row.pop(number, None)
        elif is_last:
            lost = self._lost_in_row[number] = self._lost_in_row.get(number, 0) + 1
            if lost >= self.settings.suspend_after:
                self.suspend(number)

    def _notice(self, changes: tuple[Change, ...]) -> None:
        table = self.store.tables["webhooks"]
        if not table.rows or all(change.entity.name == "webhooks" for change in changes):
            return
        self.expire()
        for row in table.rows:
            record = record_from(table.entity, (row, 0, 0))
            if record["status"] == "enabled":
                for change in changes:
                    if MODELS[record["model"]] == change.entity.name:
                        self._send(record, change)

    def _send(self, record: Record, change: Change) -> None:
        number = int(record["id"])
        events = [event for event in events_of_change(change) if event in record["events"]]
        if not events or (record["user"] and not self.sees(record["user"]["id"], change)):
            return
        key = (number, change.number)
        is_first = key not in self._known
        self._known.add(key)
        for event in events:
            watched = touches(change, record["fields"], watches_updated_at=self.settings.watches_updated_at)
            if event == "updated" and not is_first and not watched:
                continue
            body = payload(self.store, change, record["fields"], event, number)
            secret = str(record["shared_secret"])
            self.courier.send(Delivery(number, record["url"], secret, body, event, change.number))


def _nothing() -> None:
    return None


def _content(body: bytes) -> dict[str, Any]:
    try:
        content = read_json(body or b"{}")
    except ValueError:
        raise MalformedParameter("The body is not JSON.") from None
    data = content.get("data") if isinstance(content, dict) else None
    if not isinstance(data, dict):
        raise MalformedParameter("The body must be an object with data.")
    return data
