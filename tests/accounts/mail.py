"""What was promised to a person by mail or text message, read from behind their wall."""

import json
import re
from typing import Any

from apps.accounts.models import User
from apps.core.encryption import decrypt
from apps.core.jobs.run import run_job
from apps.core.models import Job
from apps.core.tenancy import acting_as
from apps.notifications.models import Notification

_OURS = "accounts."


def run_accounts_jobs() -> int:
    """Run every pending job of accounts once, as a worker would; return how many."""
    pending = Job.objects.filter(status="pending", firm_id=None, name__startswith=_OURS).order_by("pk")
    job_ids = list(pending.values_list("pk", flat=True))
    for job_id in job_ids:
        run_job(job_id=job_id, firm_id=None)
    return len(job_ids)


def promised_kinds(user: User) -> list[str]:
    """The kinds promised to a person, in order."""
    with acting_as(user.pk):
        return list(Notification.objects.filter(user_id=user.pk).order_by("pk").values_list("kind", flat=True))


def promised(user: User, kind: str) -> list[dict[str, Any]]:
    """The contexts of what was promised of one kind, in order."""
    with acting_as(user.pk):
        found = Notification.objects.filter(user_id=user.pk, kind=kind).order_by("pk")
        return [json.loads(decrypt(each.sealed_context)) for each in found]


def mailed_token(user: User, kind: str) -> str:
    """The token of the link last mailed to a person in a message of this kind."""
    found = re.search(r"/([A-Za-z0-9_-]{20,})$", promised(user, kind)[-1]["address"])
    assert found is not None
    return found.group(1)


def texted_code(user: User, kind: str = "accounts.sign_in_code") -> str:
    """The code last texted to a person."""
    code: str = promised(user, kind)[-1]["code"]
    return code


def sent_elsewhere(user: User, kind: str) -> list[str]:
    """To which other addresses than the contact card's messages of a kind were promised to a person, in order."""
    with acting_as(user.pk):
        found = Notification.objects.filter(user_id=user.pk, kind=kind).exclude(sealed_address="").order_by("pk")
        return [decrypt(each.sealed_address) for each in found]
