"""Quiet, and what the product does by itself then: hours pass in the rows that wait for them, no code is touched."""

import time

from apps.clio.services.accept_missing import accept_missing
from apps.clio.services.start_due_reconciliations import start_due_reconciliations
from tests.clio.faithful.life import Life

_STANDS_STILL_SECONDS, _DEAD_SECONDS, _PATIENCE_SECONDS = 0.7, 10.0, 600.0
_PROGRESS = """
SELECT (SELECT sum(pages) FROM clio_sync_steps WHERE firm_id = %(firm)s) AS steps,
       (SELECT array_agg(state || pages ORDER BY id) FROM clio_sweeps WHERE firm_id = %(firm)s) AS sweeps,
       (SELECT count(*) FROM clio_sweep_findings WHERE firm_id = %(firm)s) AS findings,
       (SELECT array_agg(id || status || attempts ORDER BY id) FROM core_job WHERE firm_id = %(firm)s) AS jobs
"""


class Restless(AssertionError):
    """What should have come to its end did not."""


def fall_quiet(life: Life) -> None:
    """End all trouble: Clio answers, rights are as they were, every process lives, webhooks are delivered."""
    stage = life.stage
    stage.call("live", {"per_minute": 0}, "PUT")
    stage.call("faults", method="DELETE")
    users = {number: {"hours": "all"} for number in stage.call("access", method="GET")["users"]}
    stage.call("access", {"denied": [], "users": users}, "PATCH")
    calm = {"duplicate": 0.0, "reorder": 0.0, "drop": 0.0, "delay": 0.0, "hold": False, "handshake": "after"}
    stage.call("webhooks", calm, "PATCH")
    stage.revive()
    stage.call("webhooks/settle", {"seconds": 10})
    life.bury()


def settle(life: Life, what: str) -> None:
    """Wait until nothing is left to do. What waits for a time gets it as soon as everything stands still."""
    firm = {"firm": life.firm_id}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    before, moved_at = None, time.monotonic()
    while any((left := life.unfinished()).values()):
        now = life.stage.ask(_PROGRESS, firm)
        if now != before:
            before, moved_at = now, time.monotonic()
        still = time.monotonic() - moved_at
        if still > _DEAD_SECONDS:
            life.bury()
            moved_at = time.monotonic()
        elif still > _STANDS_STILL_SECONDS:
            life.hasten()
        if time.monotonic() > deadline:
            raise Restless(f"{what}: still open {left}; jobs {_jobs(life)}")
        time.sleep(0.08)


def _jobs(life: Life) -> list[str]:
    rows = life.stage.ask(
        "SELECT name, status, attempts, last_error FROM core_job "
        "WHERE firm_id = %s AND status IN ('pending', 'running')",
        life.firm_id,
    )
    return [f"{row['name']} {row['status']} {row['attempts']} {row['last_error'][:200]}" for row in rows]


def read_changes(life: Life) -> None:
    """Webhooks are looked after, what was announced is read, and a quarter of an hour later what changed is read."""
    settle(life, "what was under way")
    life.look_after_webhooks()
    settle(life, "webhooks")
    life.quarter_of_an_hour()
    settle(life, "incremental sync")


def compare(life: Life) -> None:
    """The week is over: everything is compared by its ids."""
    life.stage.do(
        "UPDATE clio_reconciliation_care SET due_at = now() - interval '1 minute', "
        "wholly_at = wholly_at - interval '7 days' WHERE firm_id = %s",
        life.firm_id,
    )
    if not start_due_reconciliations():  # it was met for the first time, and given its place in a night to come
        life.stage.do("UPDATE clio_reconciliation_care SET due_at = now() - interval '1 minute'")
        start_due_reconciliations()
    settle(life, "weekly comparison")


def pass_a_night(life: Life) -> None:
    """What is read once a day is due again, and what is not settled is read anew."""
    life.stage.do(
        "UPDATE clio_synced_entities SET open_read_at = open_read_at - interval '31 hours', "
        "read_from = CASE WHEN in_each_run THEN read_from ELSE read_from - interval '25 hours' END WHERE firm_id = %s",
        life.firm_id,
    )
    life.quarter_of_an_hour()
    settle(life, "nightly sync")


def accept_held(life: Life) -> dict[str, int]:
    """An administrator says that what is held was deleted indeed; return how many of each entity there were."""
    held = life.stage.ask(
        "SELECT entity, count(*) FROM clio_held_records WHERE firm_id = %s GROUP BY entity", life.firm_id
    )
    for row in held:
        accept_missing(firm_id=life.firm_id, actor_id=life.owner_id, entity=row["entity"])
        settle(life, f"comparison of {row['entity']}")
    return {row["entity"]: row["count"] for row in held}


def dead_jobs(life: Life) -> list[str]:
    """Return what was given up, other than by being interrupted too often."""
    rows = life.stage.ask(
        "SELECT name, last_error FROM core_job WHERE firm_id = %s AND status = 'dead' "
        "AND last_error NOT LIKE 'gave up%%'",
        life.firm_id,
    )
    return [f"{row['name']}: {row['last_error'][:300]}" for row in rows]
