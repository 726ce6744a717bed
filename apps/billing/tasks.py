"""Jobs of billing, each one service call."""

from typing import Any

from django.utils import timezone

from apps.billing import jobs
from apps.billing.services.start_trial import start_trial
from apps.core.jobs import handles


@handles(jobs.START_TRIAL)
def start_firms_trial(*, firm_id: int, **_: Any) -> None:
    """Write a new firm's trial down."""
    start_trial(firm_id=firm_id, now=timezone.now())
