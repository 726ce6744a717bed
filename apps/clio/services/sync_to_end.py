"""Work on a firm's open sync in this process until nothing is left to do: for operators, not for workers."""

import time

from django.utils import timezone

from apps.clio.services.sync_firm import sync_firm


def sync_to_end(*, firm_id: int) -> None:
    """Advance the firm's open run slice by slice, waiting where Clio asks for it."""
    while (goes_on_at := sync_firm(firm_id=firm_id)) is not None:
        time.sleep(max((goes_on_at - timezone.now()).total_seconds(), 0))
