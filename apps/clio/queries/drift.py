"""Reads of the comparisons with Clio: what the last one of each entity found, what is held, when the next is due."""

from datetime import datetime

from django.db.models import Count

from apps.clio.contracts import Drift
from apps.clio.models import HeldRecord, ReconciliationCare, Sweep
from apps.core.tenancy import tenant


def find_last_drift(*, firm_id: int) -> dict[str, Drift]:
    """Return the last finished comparison of each entity; joins the firm's transaction."""
    with tenant(firm_id):
        ended = Sweep.objects.filter(firm_id=firm_id, finished_at__isnull=False)
        return {each.entity: drift_of(each) for each in ended.order_by("entity", "-id").distinct("entity")}


def count_held(*, firm_id: int) -> dict[str, int]:
    """Return how many records of each entity are kept although Clio does not show them; joins the transaction."""
    with tenant(firm_id):
        held = HeldRecord.objects.filter(firm_id=firm_id, accepted_at=None)
        return dict(held.values_list("entity").annotate(count=Count("id")))


def find_next_comparison(*, firm_id: int) -> datetime | None:
    """Return when the firm's next comparison is due, if it was planned; joins the firm's transaction."""
    with tenant(firm_id):
        return ReconciliationCare.objects.filter(firm_id=firm_id).values_list("due_at", flat=True).first()


def drift_of(sweep: Sweep) -> Drift:
    """Return a finished sweep as a report."""
    assert sweep.finished_at is not None
    return Drift(
        checked_at=sweep.finished_at,
        is_whole=sweep.is_whole,
        state=sweep.state,
        known=sweep.known,
        gone=sweep.gone,
        held=sweep.held,
        extra=sweep.extra,
        stale=sweep.stale,
        back=sweep.back,
        missed=sweep.missed,
        mended=sweep.mended,
        detail=sweep.detail,
    )
