"""Somebody removes our application inside Clio: their grants end, and Clio calls the address the application names.

What the call says and how it proves itself Clio does not tell (clio-api.md 2, unconfirmed). Sent is JSON or a form that
names account and user, to an address nobody else knows, without a signature: no secret for one was ever agreed on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from apps.clio.sandbox.authority import Authority
from apps.clio.sandbox.changes import record_from
from apps.clio.sandbox.errors import NoSuchRecord
from apps.clio.sandbox.store import Store
from apps.clio.sandbox.webhooks.courier import Courier, Delivery

FORMS = ("json", "form")
EVENT = "deauthorized"


@dataclass(slots=True)
class Removal:
    """Removes the application. url: the application's Deauthorization Callback URL; empty: nobody is called."""

    store: Store
    authority: Authority
    courier: Courier
    url: str = ""
    form: str = "json"

    def change(self, values: dict[str, Any]) -> None:
        """Set address and form. Raises ValueError."""
        url, form = str(values.get("deauthorization_url", self.url)), values.get("deauthorization_form", self.form)
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("deauthorization_url must be an address, or empty.")
        if form not in FORMS:
            raise ValueError(f"deauthorization_form must be one of {', '.join(FORMS)}.")
        self.url, self.form = url, form

    def remove(self, user_id: int) -> dict[str, object]:
        """End the grants a user gave, then call. Raises NoSuchRecord."""
        table = self.store.tables["users"]
        row = table.find(user_id)
        if row is None:
            raise NoSuchRecord(f"No user has the id {user_id}.")
        grants = [grant for grant, user in self.authority.live_grants().items() if user == user_id]
        for grant in grants:
            self.authority.end_grant(grant)
        account = record_from(table.entity, (row, 0, 0))["account"] or {}
        if self.url:
            body, kind = self._body(int(account.get("id") or 0), user_id)
            self.courier.send(Delivery(0, self.url, "", body, EVENT, user_id, content_type=kind))
        return {"grants": len(grants), "called": bool(self.url)}

    def _body(self, account_id: int, user_id: int) -> tuple[bytes, str]:
        if self.form == "form":
            form = urlencode({"account_id": account_id, "user_id": user_id})
            return form.encode(), "application/x-www-form-urlencoded"
        return json.dumps(
            {"data": {"account": {"id": account_id}, "user": {"id": user_id}}}
        ).encode(), "application/json"
