"""How soon a change in Clio is seen, and how many announcements of changes are taken in."""

import hashlib
import hmac
import json
import secrets
import statistics
import time
from datetime import date, timedelta
from http.client import HTTPConnection
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlsplit

import redis
import requests
from django.conf import settings
from django.utils import timezone

from apps.accounts.interface import create_firm, register_person
from apps.clio.interface import mirror_version
from apps.clio.models import ClioConnection, Webhook
from apps.clio.rules.webhooks import address_hash
from apps.clio.services.keep_webhooks import keep_webhooks
from apps.clio.services.open_run import open_run
from apps.clio.services.sync_to_end import sync_to_end
from apps.core.encryption import encrypt
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.interface import compute_overview, rebuild_ledger
from bench.stage import Stage, stage

CHANGES, SEEN_WITHIN_SECONDS = 7, 60.0
CALLERS, SECONDS, ROUNDS = 4, 5.0, 3
_FIRM = ("--seed", "7", "--timekeepers", "12", "--years", "3", "--until", date.today().isoformat())  # noqa: DTZ011
_ENTRY = (
    "type,quantity,rounded_quantity,quantity_in_hours,rounded_quantity_in_hours,price,total,non_billable,no_charge,"
    "flat_rate,billed,on_bill,user{id},matter{id}"
)


def run() -> dict[str, dict[str, Any]]:
    """Measure both; nothing but the sandbox's limit is out of the way."""
    with stage() as taking_in:
        figures = _taken_in(taking_in)
    return {**_seen(), **figures}


def _seen() -> dict[str, dict[str, Any]]:
    """Add time entries in the sandbox, one after the other, and wait for each in the overview."""
    with stage() as seeing:
        host = seeing.start_sandbox(*_FIRM)
        settings.CLIO_US_HOST = seeing.supervisor.environment["CLIO_US_HOST"] = host
        settings.CLIO_WEBHOOK_BASE_URL = seeing.web
        seeing.start_web()
        seeing.start_worker()
        firm_id, token = _connected_firm(host)
        open_run(firm_id=firm_id, full=True, wakes_worker=False)
        sync_to_end(firm_id=firm_id)
        rebuild_ledger(firm_id=firm_id, now=timezone.now())
        keep_webhooks(firm_id=firm_id, now=timezone.now())
        requests.post(f"{host}/sandbox/webhooks/settle", json={"seconds": 30}, timeout=60).raise_for_status()
        _wait_for_worker(seeing)
        entry = _an_entry(host, token)
        waits = [_time_until_seen(host, firm_id, entry) for _ in range(CHANGES)]
    return {
        "clio.visible_s": {
            "value": round(statistics.median(seen for _, seen in waits), 2),
            "unit": "s",
            "n": CHANGES,
            "median_of": CHANGES,
            "detail": "sandbox, web, worker and database on the same cores; "
            f"slowest {max(seen for _, seen in waits):.1f} s, "
            f"in the mirror after {statistics.median(mirrored for mirrored, _ in waits):.1f} s; "
            "firm of 12 timekeepers and three years",
        }
    }


def _time_until_seen(host: str, firm_id: int, entry: dict[str, Any]) -> tuple[float, float]:
    """Return the seconds until the mirror had the entry, and until the overview showed it."""
    before, version = _overview(firm_id), _version(firm_id)
    mirrored = 0.0
    begun = time.perf_counter()
    requests.post(f"{host}/sandbox/records/activities", json=entry, timeout=30).raise_for_status()
    while time.perf_counter() - begun < SEEN_WITHIN_SECONDS:
        if not mirrored and _version(firm_id) != version:
            mirrored = time.perf_counter() - begun
        if mirrored and _overview(firm_id) != before:
            return mirrored, time.perf_counter() - begun
        time.sleep(0.05)
    raise RuntimeError("the entry was not seen")


def _version(firm_id: int) -> int:
    with tenant(firm_id, read_only=True):
        return mirror_version(firm_id=firm_id)


def _overview(firm_id: int) -> str:
    with tenant(firm_id, read_only=True):
        found = compute_overview(scope=Scope.whole_firm(firm_id), period="last_12_months", now=timezone.now())
    return repr((found.time, found.currencies, found.months))


def _an_entry(host: str, token: str) -> dict[str, Any]:
    """Return a time entry of this day like one the firm has."""
    asked = {"fields": f"id,{_ENTRY}", "limit": "200", "status": "unbilled", "type": "TimeEntry"}
    known = requests.get(
        f"{host}/api/v4/activities.json", params=asked, headers={"Authorization": f"Bearer {token}"}, timeout=30
    ).json()["data"]
    entry: dict[str, Any] = next(each for each in known if each["total"] and not each["non_billable"])
    del entry["id"]
    return {**entry, "date": date.today().isoformat()}  # noqa: DTZ011


def _wait_for_worker(seeing: Stage) -> None:
    """A worker that still starts is no part of what is measured."""
    with redis.Redis.from_url(seeing.broker) as server:
        seeing.supervisor.wait_until("worker", lambda: _has_consumer(server))
    time.sleep(2)


def _has_consumer(server: Any) -> bool:
    return any(b"_kombu.binding" in key for key in server.keys("*"))


def _connected_firm(host: str) -> tuple[int, str]:
    firm_id = _make_firm()
    granted = requests.post(f"{host}/sandbox/grant", json={}, timeout=30).json()
    with tenant(firm_id):
        ClioConnection.objects.create(
            firm_id=firm_id,
            region="us",
            clio_account_id=-firm_id,
            clio_account_name="Bench",
            clio_user_id=1,
            clio_user_name="Bench",
            access_token=encrypt(granted["access_token"]),
            refresh_token=encrypt(granted["refresh_token"]),
            expires_at=timezone.now() + timedelta(days=1),
        )
    return firm_id, str(granted["access_token"])


def _make_firm() -> int:
    email = f"bench-{secrets.token_hex(6)}@example.com"
    owner_id = register_person(email=email, name="Bench", password=secrets.token_urlsafe(24))
    return create_firm(owner_id=owner_id, name="Bench LLP", time_zone="UTC", currency="USD").firm_id


def _taken_in(taking_in: Stage) -> dict[str, dict[str, Any]]:
    """Let a few callers deliver without a pause, each on a connection of its own, every delivery a new one."""
    taking_in.start_web()
    token, secret = secrets.token_urlsafe(32), secrets.token_hex(32)
    _make_webhook(token, secret)
    rounds = [_one_round(taking_in.web, token, secret, number) for number in range(ROUNDS + 1)][1:]
    rates = [count / seconds for count, seconds, _ in rounds]
    slow = [statistics.quantiles(waits, n=100)[98] * 1000 for _, _, waits in rounds]
    taken = sum(count for count, _, _ in rounds)
    detail = f"{CALLERS} callers without a pause, gunicorn 2 workers, on the same cores; verified and stored"
    return {
        "clio.webhooks_per_s": {
            "value": round(statistics.median(rates)),
            "unit": "1/s",
            "n": taken,
            "median_of": ROUNDS,
            "detail": detail,
        },
        "clio.webhook_p99_ms": {
            "value": round(statistics.median(slow), 1),
            "unit": "ms",
            "n": taken,
            "median_of": ROUNDS,
            "detail": detail,
        },
    }


def _make_webhook(token: str, secret: str) -> None:
    firm_id, now = _make_firm(), timezone.now()
    with tenant(firm_id):
        Webhook.objects.create(
            firm_id=firm_id,
            model="activity",
            address_hash=address_hash(token),
            clio_webhook_id=7,
            state="enabled",
            sealed_secret=encrypt(secret),
            opened_at=now,
            expires_at=now + timedelta(days=30),
        )


def _one_round(web: str, token: str, secret: str, number: int) -> tuple[int, float, list[float]]:
    start, waits = Barrier(CALLERS + 1), [list[float]() for _ in range(CALLERS)]
    callers = [
        Thread(target=_deliver, args=(web, token, secret, number * CALLERS + place, start, waits[place]))
        for place in range(CALLERS)
    ]
    for caller in callers:
        caller.start()
    start.wait()
    begun = time.perf_counter()
    for caller in callers:
        caller.join()
    seconds = time.perf_counter() - begun
    together = [wait for each in waits for wait in each]
    return len(together), seconds, together


def _deliver(web: str, token: str, secret: str, place: int, start: Barrier, waits: list[float]) -> None:
    connection, path = HTTPConnection(urlsplit(web).netloc, timeout=30), f"/webhooks/clio/{token}"
    start.wait()
    until, record = time.perf_counter() + SECONDS, place * 1_000_000
    while (begun := time.perf_counter()) < until:
        record += 1
        body = json.dumps(
            {
                "data": {"id": record, "etag": f'"{record}"', "date": "2026-03-03", "quantity": 3600},
                "meta": {"event": "updated", "webhook_id": 7},
            }
        ).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        connection.request("POST", path, body, {"Content-Type": "application/json", "X-Hook-Signature": signature})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a delivery was answered {answer.status}")
        waits.append(time.perf_counter() - begun)
