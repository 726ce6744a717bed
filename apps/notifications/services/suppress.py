"""Keep the list of addresses that must not be written to."""

import logging

from django.db.models.functions import Now

from apps.core.encryption import encrypt
from apps.core.staff import staff_view
from apps.core.tenancy import knowing_address
from apps.notifications.contracts import Channel, SuppressionReason
from apps.notifications.errors import SuppressionNotFound
from apps.notifications.models import Suppression
from apps.notifications.queries.suppressions import digest_of
from apps.notifications.rules.masking import mask_address

logger = logging.getLogger(__name__)


def suppress(*, channel: Channel, address: str, reason: SuppressionReason) -> None:
    """Write to an address no more on a channel. Twice is once."""
    digest = digest_of(channel, address)
    row = Suppression(
        channel=channel,
        address_digest=digest,
        sealed_address=encrypt(address),
        masked_address=mask_address(address),
        reason=reason,
    )
    with knowing_address(digest):
        Suppression.objects.bulk_create([row], ignore_conflicts=True)
    logger.info("notifications.suppressed", extra={"channel": channel, "reason": reason})


def lift_suppression(*, channel: Channel, address: str, reason: SuppressionReason) -> None:
    """Forget one reason, because the person themselves took it back; the others stay."""
    digest = digest_of(channel, address)
    with knowing_address(digest):
        rows = Suppression.objects.filter(channel=channel, address_digest=digest, reason=reason, released_at=None)
        rows.update(released_at=Now())


def release_suppression(*, suppression_id: int, staff_user_id: int, why: str) -> None:
    """Let an address be written to again, by a member of staff, who never sees it. Audited.

    Raises SuppressionNotFound when there is none or it was released before.
    """
    with staff_view(staff_user_id, why, target=f"suppression {suppression_id}"):
        rows = Suppression.objects.filter(pk=suppression_id, released_at=None)
        if not rows.update(released_at=Now(), released_by_id=staff_user_id):
            raise SuppressionNotFound
