"""An erased firm's grant goes back to Clio: against the served sandbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.services.erase_firm import erase_firm
from apps.accounts.services.request_erasure import request_erasure
from apps.clio.models import ClioConnection
from apps.clio.services.give_grant_back import give_grant_back
from apps.core.encryption import decrypt
from apps.core.jobs.run import run_job
from apps.core.models import Job
from apps.core.tenancy import tenant

pytestmark = pytest.mark.django_db
_NAME = "clio.give_grant_back"


def _erase(cast) -> None:
    now = timezone.now()
    erasure = request_erasure(
        firm_id=cast.firm.firm_id, actor_id=cast.owner.pk, firm_name=cast.firm.name, now=now - timedelta(days=15)
    )
    assert erase_firm(firm_id=cast.firm.firm_id, erasure_id=erasure.pk, now=now) is not None


def _access_token(cast) -> str:
    with tenant(cast.firm.firm_id):
        return decrypt(ClioConnection.objects.get().access_token)


def _status(clio, token: str) -> int:
    reply = clio.call("GET", "/api/v4/users/who_am_i.json", "", {"Authorization": f"Bearer {token}"})
    return int(reply.status)


def test_clio_knows_the_grant_no_more_after_the_erasure(cast, clio, firm):
    token = _access_token(cast)
    assert _status(clio, token) == 200

    _erase(cast)
    job = Job.objects.get(firm_id=None, name=_NAME)
    assert token not in str(job.arguments)
    run_job(job_id=job.pk, firm_id=None)

    job.refresh_from_db()
    assert (job.status, job.last_error) == ("done", "")
    assert _status(clio, token) == 401


def test_giving_it_back_twice_is_once(cast, clio, firm):
    token = _access_token(cast)
    _erase(cast)
    arguments = Job.objects.get(firm_id=None, name=_NAME).arguments

    give_grant_back(**arguments)
    give_grant_back(**arguments)

    assert _status(clio, token) == 401


def test_a_firm_without_a_grant_promises_nothing(cast, clio):
    _erase(cast)

    assert not Job.objects.filter(firm_id=None, name=_NAME).exists()


def test_while_clio_is_away_it_is_tried_again(cast, clio, firm, settings):
    _erase(cast)
    job = Job.objects.get(firm_id=None, name=_NAME)
    settings.CLIO_US_HOST = "http://127.0.0.1:9"

    run_job(job_id=job.pk, firm_id=None)

    job.refresh_from_db()
    assert (job.status, job.attempts) == ("pending", 1)
