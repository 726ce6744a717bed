"""The Celery application of the tests' own worker processes: ours, with one job whose effects can be counted."""

import os
import time

import django

from smarterfirms.celery import app

django.setup()

from apps.core import audit  # noqa: E402
from apps.core.jobs import finish_current_job, handles  # noqa: E402
from apps.core.tenancy import tenant  # noqa: E402

__all__ = ["app"]


@handles("tests.leave_a_mark")
def leave_a_mark(*, firm_id: int, number: int, **_: object) -> None:
    """Leave one mark in the same transaction as the job's end."""
    if number >= int(os.environ.get("HANGS_FROM", "1000000")):
        time.sleep(600)
    with tenant(firm_id):
        audit.record("tests.mark", firm_id=firm_id, target=str(number))
        finish_current_job()
