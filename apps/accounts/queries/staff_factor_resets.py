"""Lost second factors as staff see them: how far each request is, and whose it is."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import FactorReset, User
from apps.core.staff import staff_view

PAGE_SIZE = 50
_OPEN = [FactorReset.Status.REQUESTED, FactorReset.Status.APPROVED]
_SHOWN = (
    *("user_id", "status", "requested_at", "earliest_at", "expires_at", "is_only_owner", "owners_told"),
    *("approved_at", "approved_by_id", "reason", "done_at", "stopped_at", "stopped_because"),
)


@dataclass(frozen=True, slots=True)
class StaffFactorReset:
    """One request. person and email: of whom it is, so that staff can reach them another way."""

    id: int
    user_id: int
    person: str
    email: str
    status: str
    requested_at: datetime
    earliest_at: datetime
    expires_at: datetime
    is_only_owner: bool
    owners_told: int
    approved_by_id: int | None
    reason: str
    ended_at: datetime | None
    stopped_because: str


def list_factor_resets(
    staff_user_id: int, *, is_over: bool, before: int | None = None
) -> tuple[list[StaffFactorReset], int | None]:
    """Return a page, the youngest first, and before which id the next one begins (None: there is no more)."""
    with staff_view(staff_user_id, "factor resets listed"):
        rows = FactorReset.objects.only(*_SHOWN)
        rows = rows.exclude(status__in=_OPEN) if is_over else rows.filter(status__in=_OPEN)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    people = User.objects.in_bulk({row.user_id for row in found})
    shown = [_shown(row, people[row.user_id]) for row in found[:PAGE_SIZE]]
    return shown, shown[-1].id if len(found) > PAGE_SIZE else None


def _shown(row: FactorReset, person: User) -> StaffFactorReset:
    return StaffFactorReset(
        id=row.pk,
        user_id=row.user_id,
        person=person.name,
        email=person.email,
        status=row.status,
        requested_at=row.requested_at,
        earliest_at=row.earliest_at,
        expires_at=row.expires_at,
        is_only_owner=row.is_only_owner,
        owners_told=row.owners_told,
        approved_by_id=row.approved_by_id,
        reason=row.reason,
        ended_at=row.done_at or row.stopped_at,
        stopped_because=row.stopped_because,
    )
