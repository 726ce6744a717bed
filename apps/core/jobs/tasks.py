"""Celery's entrances: one task runs any job, one starts any periodic job."""

from typing import Any

from celery import shared_task

from apps.core.jobs.periodic import periodic, run_periodic
from apps.core.jobs.run import run_job
from apps.core.retention import prune_old_rows


@shared_task(name="core.run_job")
def run_job_task(*, job_id: int, firm_id: int | None = None, **_: Any) -> None:
    """Run one job by its row."""
    run_job(job_id=job_id, firm_id=firm_id)


@shared_task(name="core.run_periodic")
def run_periodic_task(*, name: str, **_: Any) -> None:
    """Run one periodic job, unless its slot was taken."""
    run_periodic(name=name)


periodic("core.prune_old_rows", prune_old_rows, every_seconds=86_400)
