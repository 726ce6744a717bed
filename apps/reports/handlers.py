"""Receivers of what clio announces."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from apps.accounts.interface import firm_changed
from apps.clio.interface import mirror_changed, sync_completed
from apps.reports.services.request_rebuild import request_rebuild


@receiver(mirror_changed, dispatch_uid="reports.mirror_changed")
@receiver(sync_completed, dispatch_uid="reports.sync_completed")
def rebuild_after_change(*, firm_id: int, **_: Any) -> None:
    """Promise a rebuild of the ledger behind the mirror; where nothing changed it will find nothing to do."""
    request_rebuild(firm_id=firm_id, now=timezone.now())


@receiver(firm_changed, dispatch_uid="reports.firm_changed")
def rebuild_after_new_settings(*, firm_id: int, **_: Any) -> None:
    """Promise a rebuild: the ledger is in the firm's currency and time zone. One that is current stays as it is."""
    request_rebuild(firm_id=firm_id, now=timezone.now())
