"""Reads of the comparisons with Clio: what the last one of each entity found, what is held, when the next is due."""

from datetime import datetime

from django.db.models import Count, Sum

from apps.clio.contracts import Comparison, Drift
from apps.clio.errors import ComparisonNotFound
from apps.clio.models import HeldRecord, Reconciliation, ReconciliationCare, Sweep
from apps.core.tenancy import tenant

_COUNTED = ("known", "gone", "held", "extra", "stale", "back", "missed", "mended")
_SUMS = {f"sum_{name}": Sum(f"sweeps__{name}") for name in _COUNTED}
_LARGEST_ID = 2**63 - 1


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


def list_comparisons(*, firm_id: int) -> list[Comparison]:
    """Return the firm's comparisons that are kept, the youngest first; joins the firm's transaction."""
    with tenant(firm_id):
        kept = Reconciliation.objects.filter(firm_id=firm_id).order_by("-id")
        return [_comparison(each) for each in kept.annotate(**_SUMS)]


def find_comparison(*, firm_id: int, comparison_id: int) -> Comparison:
    """Return one of the firm's comparisons; joins the firm's transaction. Raises ComparisonNotFound."""
    if comparison_id > _LARGEST_ID:
        raise ComparisonNotFound
    with tenant(firm_id):
        found = Reconciliation.objects.filter(firm_id=firm_id, pk=comparison_id).annotate(**_SUMS).first()
    if found is None:
        raise ComparisonNotFound
    return _comparison(found)


def list_drift_of(*, firm_id: int, comparison_id: int) -> dict[str, Drift]:
    """Return what a comparison found of each entity it was done with; joins the firm's transaction."""
    with tenant(firm_id):
        ended = Sweep.objects.filter(
            firm_id=firm_id, reconciliation_id=comparison_id, finished_at__isnull=False
        ).order_by("position")
        return {each.entity: drift_of(each) for each in ended}


def _comparison(row: Reconciliation) -> Comparison:
    return Comparison(
        comparison_id=row.pk,
        kind=row.kind,
        state=row.state,
        detail=row.detail,
        started_at=row.started_at,
        finished_at=row.finished_at,
        **{name: getattr(row, f"sum_{name}") or 0 for name in _COUNTED},
    )
