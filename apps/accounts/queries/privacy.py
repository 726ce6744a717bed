"""A firm's copies and its erasure; inside the firm's transaction."""

from collections.abc import Sequence

from apps.accounts.errors import NoErasure
from apps.accounts.models import FirmErasure, FirmExport
from apps.core.scope import Scope

_SHOWN = 50


def list_exports(*, scope: Scope) -> Sequence[FirmExport]:
    """Return the latest copies, the newest first."""
    return list(FirmExport.objects.filter(firm_id=scope.firm_id).order_by("-pk")[:_SHOWN])


def find_erasure(*, scope: Scope) -> FirmErasure:
    """Return the erasure that is under way. Raises NoErasure."""
    erasure = FirmErasure.objects.filter(firm_id=scope.firm_id, stopped_at__isnull=True).first()
    if erasure is None:
        raise NoErasure
    return erasure
