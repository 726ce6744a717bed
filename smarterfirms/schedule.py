"""When each periodic job runs: job name -> crontab or seconds. Two beats may run; every slot runs once all the same."""

from typing import Any

from celery.schedules import schedule

# Names are written out: nothing below may import an app before Django is set up. A test proves each is a known job.
PERIODIC: dict[str, Any] = {
    "accounts.delete_accounts": schedule(300),
    "accounts.forget_old_tries": schedule(86_400),
    "clio.forget_changes": schedule(86_400),
    "clio.look_after_webhooks": schedule(60),
    "clio.start_due_reconciliations": schedule(300),
    "clio.sweep_deliveries": schedule(15),
    "clio.watch_health": schedule(900),
    "accounts.settle_factor_resets": schedule(300),
    "clio.start_due_syncs": schedule(60),
    "core.prune_old_rows": schedule(86_400),
    "core.sweep_jobs": schedule(15),
    "notifications.sweep_deliveries": schedule(15),
    "notifications.sweep_events": schedule(15),
    "notifications.sweep_digests": schedule(60),
    "reports.nudge_stale_ledgers": schedule(60),
    "reports.check_ledgers": schedule(86_400),
    "reports.keep_forecasts": schedule(86_400),
    "reports.take_snapshots": schedule(900),
}


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Return Celery's form: one entry per periodic job, each a call of the one periodic task."""
    return {
        name: {
            "task": "core.run_periodic",
            "schedule": when,
            "kwargs": {"name": name},
            "options": {"queue": "critical"},
        }
        for name, when in PERIODIC.items()
    }
