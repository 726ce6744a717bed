"""A firm's copies and its erasure; inside the firm's transaction."""

from collections.abc import Sequence

from apps.accounts.errors import ExportNotFound, NoErasure
from apps.accounts.models import FirmErasure, FirmExport
from apps.core.scope import Scope

_SHOWN = 50


def list_exports(*, scope: Scope) -> Sequence[FirmExport]:
    """Return the latest copies, the newest first."""
    return list(FirmExport.objects.filter(firm_id=scope.firm_id).order_by("-pk")[:_SHOWN])


def find_export(*, scope: Scope, export_id: int) -> FirmExport:
    """Return a copy that is being made or ready. Raises ExportNotFound."""
    found = FirmExport.objects.filter(firm_id=scope.firm_id, pk=export_id).first()
    if found is None or found.status == FirmExport.Status.EXPIRED:
        raise ExportNotFound
    return found


def find_open_erasure(*, scope: Scope) -> FirmErasure | None:
    """Return the erasure that is under way, with who asked for it, or None."""
    erasures = FirmErasure.objects.filter(firm_id=scope.firm_id, stopped_at__isnull=True)
    return erasures.select_related("requested_by").first()


def find_erasure(*, scope: Scope) -> FirmErasure:
    """Return the erasure that is under way. Raises NoErasure."""
    erasure = find_open_erasure(scope=scope)
    if erasure is None:
        raise NoErasure
    return erasure
