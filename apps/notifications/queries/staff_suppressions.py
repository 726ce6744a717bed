"""The list of addresses we must not write to, as staff see it: masked, with reasons."""

from dataclasses import dataclass
from datetime import datetime

from apps.core.staff import staff_view
from apps.notifications.contracts import Channel
from apps.notifications.models import Suppression
from apps.notifications.rules.labels import CHANNEL_LABELS, SUPPRESSION_LABELS

PAGE_SIZE = 50
_SHOWN = ("channel", "reason", "masked_address", "created_at", "released_at", "released_by_id")


@dataclass(frozen=True, slots=True)
class StaffSuppression:
    """One reason not to use an address."""

    id: int
    channel_label: str
    address: str
    reason: str
    reason_label: str
    created_at: datetime
    released_at: datetime | None
    released_by_id: int | None


@dataclass(frozen=True, slots=True)
class SuppressionFilter:
    """What staff look for; empty: all that hold. who: the digest of an address."""

    channel: str = ""
    reason: str = ""
    who: str = ""
    is_released: bool = False


def list_suppressions(
    staff_user_id: int, wanted: SuppressionFilter, *, before: int | None = None
) -> tuple[list[StaffSuppression], int | None]:
    """Return a page, the youngest first, and before which id the next one begins (None: there is no more)."""
    with staff_view(staff_user_id, "suppressions listed"):
        rows = Suppression.objects.only(*_SHOWN).filter(released_at__isnull=not wanted.is_released)
        if wanted.channel:
            rows = rows.filter(channel=wanted.channel)
        if wanted.reason:
            rows = rows.filter(reason=wanted.reason)
        if wanted.who:
            rows = rows.filter(address_digest=wanted.who)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = [_shown(row) for row in rows.order_by("-pk")[: PAGE_SIZE + 1]]
    has_more = len(found) > PAGE_SIZE
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if has_more else None


def _shown(row: Suppression) -> StaffSuppression:
    return StaffSuppression(
        id=row.pk,
        channel_label=CHANNEL_LABELS[Channel(row.channel)],
        address=row.masked_address,
        reason=row.reason,
        reason_label=SUPPRESSION_LABELS[row.reason],
        created_at=row.created_at,
        released_at=row.released_at,
        released_by_id=row.released_by_id,
    )
