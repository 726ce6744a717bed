"""The demo's owner gets in as a person would: registers, waits for the mail, follows its link, signs in."""

from threading import Event, Thread

import pytest
from django.db import connections

from apps.core.jobs.run import run_job
from apps.core.models import Job
from smarterfirms.demo.person import Owner

pytestmark = pytest.mark.django_db(transaction=True)


def _work_until(ended: Event) -> None:
    """Run what is promised, as the demo's worker does."""
    while not ended.wait(0.1):
        for job_id in list(
            Job.objects.filter(status="pending", firm_id=None).order_by("pk").values_list("pk", flat=True)
        ):
            run_job(job_id=job_id, firm_id=None)
    connections.close_all()


def test_gets_in_the_first_time_and_again(live_server, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    ended = Event()
    worker = Thread(target=_work_until, args=(ended,))
    worker.start()
    try:
        first = Owner(live_server.url, tmp_path)
        first.enter()
    finally:
        ended.set()
        worker.join()

    again = Owner(live_server.url, tmp_path)
    again.enter()

    assert again.firm_id == first.firm_id != ""
