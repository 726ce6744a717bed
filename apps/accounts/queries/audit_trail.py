"""A firm's audit trail: filtered, newest first; inside the firm's transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from apps.core.models import AuditEntry
from apps.core.scope import Scope

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What is asked of the trail; empty means all. action: one exactly, or all of an app by `accounts.`."""

    action: str = ""
    user_id: int | None = None
    target: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_entries(*, scope: Scope, wanted: TrailFilter) -> QuerySet[AuditEntry]:
    """Return the entries that match, unordered: the caller pages."""
    entries = AuditEntry.objects.filter(firm_id=scope.firm_id).select_related("user")
    if wanted.action.endswith("."):
        entries = entries.filter(action__startswith=wanted.action)
    elif wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.user_id is not None:
        entries = entries.filter(user_id=wanted.user_id)
    if wanted.target:
        entries = entries.filter(target=wanted.target)
    if wanted.since:
        entries = entries.filter(happened_at__gte=wanted.since)
    if wanted.until:
        entries = entries.filter(happened_at__lt=wanted.until)
    return entries


def batch_before(*, scope: Scope, wanted: TrailFilter, before_id: int | None) -> list[AuditEntry]:
    """Return the next few hundred entries older than `before_id`, newest first."""
    entries = list_entries(scope=scope, wanted=wanted).order_by("-pk")
    return list(entries.filter(pk__lt=before_id)[:_AT_ONCE] if before_id is not None else entries[:_AT_ONCE])
