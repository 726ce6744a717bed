"""What billing hears from the apps below; receivers only enqueue."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.interface import firm_created
from apps.billing import jobs
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant


@receiver(firm_created, dispatch_uid="billing.start_trial")
def start_trial_of_new_firm(*, firm_id: int, **_: Any) -> None:
    """Ask for the trial's row. Were the announcement lost, the entitlement would be the same without it."""
    with tenant(firm_id):
        enqueue(jobs.START_TRIAL, firm_id=firm_id, dedupe_key="once")
