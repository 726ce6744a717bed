"""What a webhook may ask for: address, model, fields, events, and how long it lives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.errors import Refusal, Unprocessable
from apps.clio.sandbox.projection import Plan, parse_fields
from apps.clio.sandbox.store import Store

MODELS = {
    "matter": "matters", "activity": "activities", "bill": "bills", "calendar_entry": "calendar_entries",
    "contact": "contacts", "task": "tasks", "clio_payments_payment": "clio_payments/payments",
    "communication": None, "document": None, "folder": None,
}  # fmt: skip
"""Clio's word for a model -> the list it is in; this sandbox serves no communications, documents and folders."""
LIFE = ("created", "updated", "deleted")
MATTER_EVENTS = ("matter_opened", "matter_pended", "matter_closed")
DAY = 86_400
DEFAULT_DAYS, LONGEST_DAYS = 3, 31
FIELDS_LIMIT = 1000
CHANGEABLE = frozenset({"url", "model", "fields", "events", "expires_at"})


def events_of(model: str) -> tuple[str, ...]:
    """Return the events of a model: payments cannot be deleted, matters open, pend and close."""
    if model == "clio_payments_payment":
        return LIFE[:2]
    return (*LIFE, *MATTER_EVENTS) if model == "matter" else LIFE


def check_terms(asked: dict[str, Any], now: float, known: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what a webhook is to hold. known: the stored one when it is changed. Raises Unprocessable."""
    for name in asked:
        if name not in CHANGEABLE:
            raise Unprocessable(f"{name} cannot be set on a webhook.")
    merged = {**(known or {}), **asked}
    for name in ("url", "model", "fields"):
        if not isinstance(merged.get(name), str) or not merged[name].strip():
            raise Unprocessable(f"{name} is required.")
    _check_url(merged["url"])
    if merged["model"] not in MODELS:
        raise Unprocessable(f"{merged['model']!r} is not a model webhooks exist for.")
    _check_fields(merged["model"], merged["fields"])
    terms = {name: merged[name] for name in ("url", "model", "fields")}
    terms["events"] = _events(merged["model"], merged.get("events"))
    if known is None or "expires_at" in asked:
        terms["expires_at"] = _expiry(asked.get("expires_at"), now)
    return terms


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))):
        raise Unprocessable("url must be https; the sandbox takes http for this machine only.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_fields(model: str, text: str) -> None:
    if len(text) > FIELDS_LIMIT:
        raise Unprocessable(f"fields may have {FIELDS_LIMIT} characters.")
    name = MODELS[model]
    if name is None:
        return
    try:
        _probe(name, text)
    except Refusal as refusal:
        raise Unprocessable(refusal.message) from refusal


def _probe(name: str, text: str) -> None:
    Plan(Store(""), ENTITIES[name], parse_fields(text))


def _events(model: str, asked: object) -> list[str]:
    possible = events_of(model)
    if asked is None:
        return list(possible)
    if not isinstance(asked, Iterable) or isinstance(asked, str) or not asked:
        raise Unprocessable("events must be a list of events.")
    wanted = list(dict.fromkeys(asked))
    for event in wanted:
        if event not in possible:
            raise Unprocessable(f"{event!r} is not an event of {model}.")
    return [event for event in possible if event in wanted]


def _expiry(text: object, now: float) -> str:
    if text is None:
        moment = now + DEFAULT_DAYS * DAY
    else:
        try:
            given = datetime.fromisoformat(str(text))
        except ValueError:
            raise Unprocessable("expires_at is not a timestamp.") from None
        moment = (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
        if not now < moment <= now + LONGEST_DAYS * DAY + 60:
            raise Unprocessable(f"expires_at must lie in the next {LONGEST_DAYS} days.")
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
