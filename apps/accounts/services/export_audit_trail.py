"""Hand out a firm's whole audit trail, row by row."""

import json
from collections.abc import Iterator

from apps.accounts.queries.audit_trail import TrailFilter, batch_before
from apps.core import audit
from apps.core.models import AuditEntry
from apps.core.scope import Scope
from apps.core.tenancy import tenant

HEADER = ("id", "happened_at", "action", "user_id", "person", "target", "ip", "request_id", "details")


def export_audit_trail(
    *, scope: Scope, actor_id: int, wanted: TrailFilter, ip: str | None
) -> Iterator[tuple[str, ...]]:
    """Record the export, then return the header and the entries, newest first, a batch per short transaction."""
    with tenant(scope.firm_id):
        audit.record("accounts.audit_exported", firm_id=scope.firm_id, user_id=actor_id, ip=ip, asked=wanted.action)
    return _rows(scope, wanted)


def _rows(scope: Scope, wanted: TrailFilter) -> Iterator[tuple[str, ...]]:
    yield HEADER
    before_id: int | None = None
    while True:
        with tenant(scope.firm_id, read_only=True):
            batch = batch_before(scope=scope, wanted=wanted, before_id=before_id)
        if not batch:
            return
        yield from map(_row, batch)
        before_id = batch[-1].pk


def _row(entry: AuditEntry) -> tuple[str, ...]:
    return (
        str(entry.pk),
        entry.happened_at.isoformat(),
        entry.action,
        str(entry.user_id or ""),
        entry.user.name if entry.user else "",
        entry.target,
        entry.ip or "",
        entry.request_id,
        json.dumps(entry.details, sort_keys=True),
    )
