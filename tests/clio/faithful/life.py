"""What happens to one firm, step by step: each is done to the real processes, whatever state they are in."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from apps.accounts.interface import create_firm, register_person
from apps.clio.errors import ClioGrantRevoked, SyncIsRunning
from apps.clio.models import ClioConnection
from apps.clio.services.look_after_webhooks import look_after_webhooks, request_look
from apps.clio.services.open_reconciliation import open_reconciliation
from apps.clio.services.request_sync import request_reread, request_sync
from apps.clio.services.start_due_syncs import start_due_syncs
from apps.clio.services.sweep_deliveries import sweep_deliveries
from apps.core.encryption import encrypt
from apps.core.jobs.sweep import sweep_jobs
from apps.core.tenancy import tenant
from tests.clio.faithful.plan import Step
from tests.clio.faithful.stage import Stage

# Where the mirror's tables are not named as Clio's lists are.
ENDPOINTS = {
    "billing_settings": "settings/billing",
    "online_payments": "clio_payments/payments",
    "written_off_activities": "activities",
}
_TALLY = """
SELECT (SELECT count(*) FROM clio_webhook_deliveries WHERE firm_id = %(firm)s) AS deliveries,
       (SELECT count(*) FROM clio_sync_runs WHERE firm_id = %(firm)s) AS runs,
       (SELECT count(*) FROM clio_reconciliations WHERE firm_id = %(firm)s) AS comparisons,
       (SELECT version FROM clio_mirror_versions WHERE firm_id = %(firm)s) AS version
"""

_UNFINISHED = """
SELECT (SELECT count(*) FROM core_job WHERE firm_id = %(firm)s AND status IN ('pending', 'running')) AS jobs,
       (SELECT count(*) FROM clio_sync_runs WHERE firm_id = %(firm)s AND finished_at IS NULL) AS runs,
       (SELECT count(*) FROM clio_reconciliations WHERE firm_id = %(firm)s AND finished_at IS NULL) AS comparisons,
       (SELECT count(*) FROM clio_webhook_deliveries WHERE firm_id = %(firm)s AND handled_at IS NULL) AS deliveries
"""


class Life:
    """One firm, connected to the sandbox of its seed, from its first sync on."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        stage.start_sandbox(seed, datetime.now(UTC).date().isoformat())
        stage.call("webhooks", {"suspend_after": 3}, "PATCH")
        owner_id = register_person(
            email=f"seed-{seed}-{time.monotonic_ns()}@example.com", name="Owner", password="a-password-of-nobody"
        )
        self.firm_id = create_firm(owner_id=owner_id, name=f"Seed {seed}", time_zone="UTC", currency="USD").firm_id
        self.owner_id = owner_id
        self._connect(seed)

    def _connect(self, seed: int) -> None:
        granted = self.stage.call("grant", {})
        with tenant(self.firm_id):
            ClioConnection.objects.create(
                firm_id=self.firm_id,
                region="us",
                clio_account_id=time.monotonic_ns(),
                clio_account_name=f"Account {seed}",
                clio_user_id=1,
                clio_user_name="Owner",
                clio_user_since=timezone.now() - timedelta(days=1),
                access_token=encrypt(granted["access_token"]),
                refresh_token=encrypt(granted["refresh_token"]),
                expires_at=timezone.now() + timedelta(days=30),
            )
        request_look(firm_id=self.firm_id)
        start_due_syncs()

    def end(self) -> None:
        """Let the firm go, so that nobody works for it beside the next one."""
        with tenant(self.firm_id):
            ClioConnection.objects.update(status=ClioConnection.Status.DISCONNECTED)

    def take(self, step: Step) -> None:
        """Let a step happen. A database or a Clio that is away at the moment makes it not happen."""
        act: Callable[..., Any] = getattr(self, f"_{step.name}")
        try:
            act(**step.about)
        except (DatabaseError, InterfaceError, requests.RequestException, ClioGrantRevoked, SyncIsRunning):
            connection.close()

    # The firm at work.

    def _work(self, count: int) -> None:
        self.stage.call("work", {"count": count})

    def _act(self, of: str) -> None:
        self.stage.call(f"acts/{of}", may_refuse=True)

    def _live(self, per_minute: int) -> None:
        self.stage.call("live", {"per_minute": per_minute}, "PUT")

    def _remove(self, entity: str, at: float) -> None:
        ids = self._ids(entity)
        if ids:
            self.stage.call(f"records/{entity}/{ids[int(at * len(ids))]}", method="DELETE", may_refuse=True)

    def _vanish(self, entity: str, share: float) -> None:
        ids = self._ids(entity)
        for number in ids[: int(len(ids) * share)]:
            self.stage.call(f"records/{entity}/{number}", method="DELETE", may_refuse=True)

    def _rewrite(self, entity: str, at: float, text: str) -> None:
        ids = self._ids(entity)
        if ids:
            column = {"tasks": "name", "relationships": "description", "calendar_entries": "summary"}[entity]
            record = f"records/{entity}/{ids[int(at * len(ids))]}"
            self.stage.call(record, {column: text}, "PATCH", may_refuse=True)

    def _add_bare(self, entity: str) -> None:
        self.stage.call(f"records/{entity}", {})

    # Clio in trouble.

    def _odds(self, odds: str) -> None:
        self.stage.call("faults", {"odds": odds})

    def _queue_fault(self, **fault: Any) -> None:
        self.stage.call("faults", {"next": [fault]})

    def _calm(self) -> None:
        self.stage.call("faults", method="DELETE")

    def _webhooks(self, **settings: Any) -> None:
        self.stage.call("webhooks", settings, "PATCH")

    def _lose_webhook(self, how: str, at: float) -> None:
        known = self.stage.ask(
            "SELECT clio_webhook_id AS id FROM clio_webhooks WHERE firm_id = %s AND clio_webhook_id > 0", self.firm_id
        )
        if known:
            self.stage.call(f"webhooks/{how}", {"id": known[int(at * len(known))]["id"]}, may_refuse=True)

    def _expire_tokens(self, rotates: bool) -> None:
        self.stage.call("oauth", {"rotates": rotates}, "PATCH")
        self.stage.call("expire")

    # Ourselves in trouble.

    def _kill_child(self) -> None:
        if self.stage.kill_child(time.monotonic_ns()):
            self.bury()

    def _freeze_child(self, seconds: float) -> None:
        """A process stands still, its claims run out, another takes over; then it goes on as if nothing had been."""
        with self.stage.frozen_child(time.monotonic_ns()):
            self.bury()
            time.sleep(seconds)

    def _kill_worker(self) -> None:
        self.stage.kill("worker")
        self.stage.start_worker()
        self.bury()

    def _kill_web(self) -> None:
        self.stage.kill("web")
        self._work(3)  # announced to nobody
        self.stage.start_web()

    def _empty_redis(self) -> None:
        self.stage.empty_redis()

    def _crash_redis(self) -> None:
        self.stage.crash_redis()

    def _crash_postgres(self) -> None:
        self.stage.crash_postgres()
        connection.close()

    def _steal_leases(self) -> None:
        """Somebody living is slower than its claims last: another one takes over while it still works."""
        self.bury()

    def bury(self) -> None:
        """Let every claim of the dead run out, and nudge what they leave behind, as the sweepers do in time."""
        self.stage.do("UPDATE core_job SET lease_until = now() - interval '1 second' WHERE status = 'running'")
        self.stage.do("UPDATE core_job SET published_at = NULL WHERE status IN ('pending', 'running')")
        past = "held_until = now() - interval '1 second'"
        for table in ("clio_sync_runs", "clio_turns"):
            self.stage.do(f"UPDATE {table} SET {past} WHERE firm_id = %s AND held_until > now()", self.firm_id)
        self.stage.do(
            "UPDATE clio_connections SET refresh_claimed_until = now() - interval '1 second' "
            "WHERE firm_id = %s AND refresh_claimed_until > now()",
            self.firm_id,
        )
        sweep_jobs()

    # What the schedule does, and people.

    def unfinished(self) -> dict[str, int]:
        """Return how much is under way or waits, by kind."""
        (counts,) = self.stage.ask(_UNFINISHED, {"firm": self.firm_id})
        return counts

    def hasten(self) -> None:
        """Let the time come for which everything waits, and the sweepers pass by."""
        firm_id, do = self.firm_id, self.stage.do
        now = "available_at = now(), published_at = NULL"
        do(f"UPDATE core_job SET {now} WHERE firm_id = %s AND status = 'pending'", firm_id)
        do("UPDATE clio_sync_runs SET goes_on_at = now() WHERE firm_id = %s AND goes_on_at > now()", firm_id)
        left = "available_at = least(available_at, now() - interval '20 seconds')"
        do(f"UPDATE clio_webhook_deliveries SET {left} WHERE firm_id = %s AND handled_at IS NULL", firm_id)
        sweep_deliveries()
        sweep_jobs()

    def _await_rest(self, seconds: float) -> None:
        """Let what runs come to its end, as far as it can: faults and the firm at work go on."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            left = self.unfinished()
            if not left["runs"] and not left["comparisons"]:
                return
            time.sleep(0.5)
            self.hasten()

    def _sync(self) -> None:
        self.quarter_of_an_hour()

    def quarter_of_an_hour(self) -> None:
        """Let the time pass after which changes are read again."""
        passes = "interval '20 minutes'"
        self.stage.do(
            f"UPDATE clio_sync_runs SET started_at = started_at - {passes}, finished_at = finished_at - {passes} "
            "WHERE firm_id = %s AND id = (SELECT max(id) FROM clio_sync_runs WHERE firm_id = %s)",
            *(self.firm_id, self.firm_id),
        )
        self.thin_overlap()
        start_due_syncs()
        sweep_deliveries()
        sweep_jobs()

    def thin_overlap(self) -> None:
        """Of the ten minutes' overlap leave three seconds: all of a life takes less, and nothing would be tested."""
        self.stage.do(
            "UPDATE clio_synced_entities SET read_from = read_from + interval '9 minutes 57 seconds' "
            "WHERE firm_id = %s AND in_each_run AND read_from < now()",
            self.firm_id,
        )

    def _sync_all(self) -> None:
        request_sync(firm_id=self.firm_id, actor_id=self.owner_id, full=True)

    def _resync(self, entity: str) -> None:
        request_sync(firm_id=self.firm_id, actor_id=self.owner_id, entity=entity)

    def _reread(self, entity: str, at: float) -> None:
        ids = self._ids(entity)
        if ids:
            record_id = str(ids[int(at * len(ids))])
            request_reread(firm_id=self.firm_id, actor_id=self.owner_id, entity=entity, record_id=record_id)

    def _compare(self) -> None:
        open_reconciliation(firm_id=self.firm_id)

    def _compare_wholly(self) -> None:
        open_reconciliation(firm_id=self.firm_id, is_whole=True)

    def look_after_webhooks(self) -> None:
        """Let the hours pass after which webhooks are compared with Clio's list."""
        self.stage.do(
            "UPDATE clio_webhook_care SET due_at = now() - interval '1 second' WHERE firm_id = %s", self.firm_id
        )
        look_after_webhooks()

    def _pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def _ids(self, entity: str) -> list[int]:
        told = self.stage.call(f"truth/{ENDPOINTS.get(entity, entity)}?fields=id", method="GET")
        return [each["id"] for each in told["data"]]

    def tally(self) -> dict[str, Any]:
        """Return how much has happened."""
        (counts,) = self.stage.ask(_TALLY, {"firm": self.firm_id})
        acts = self.stage.call("acts", method="GET")
        return {"acts": sum(each["done"] for each in acts.values()), **counts}
