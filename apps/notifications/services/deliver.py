"""Send one promised message: claim its row, send outside any transaction, write down how it went."""

import logging
import random
import time
from datetime import datetime, timedelta

from django.utils import timezone

from apps.core.errors import VendorRejected, VendorUnavailable
from apps.notifications.contracts import (
    DeliveryReference,
    Digest,
    Hold,
    OutgoingMail,
    OutgoingSms,
    Skip,
    SuppressionReason,
)
from apps.notifications.errors import AddressRefused
from apps.notifications.rules.backoff import MOST_ATTEMPTS, retry_delay_seconds
from apps.notifications.services import delivery_lease as lease
from apps.notifications.services.prepare_delivery import CannotGo, Message, Suppressed, prepare_delivery
from apps.notifications.services.suppress import suppress
from apps.notifications.vendors.email import send_email
from apps.notifications.vendors.send_rate import LONGEST_WAIT_SECONDS, take_turn
from apps.notifications.vendors.sms import send_sms

logger = logging.getLogger(__name__)


def deliver(reference: DeliveryReference) -> datetime | None:
    """Send a delivery that is due and free; return when to try again, or None when there is nothing more to do.

    Called twice, it sends once. A worker killed before the vendor had the message loses nothing: the lease runs out and
    the sweeper rings again. Killed between the vendor's yes and our note of it, the vendor's own report usually comes
    before the lease runs out and is taken for that note; only where it does not, the message goes a second time.
    """
    claimed = lease.claim_delivery(reference)
    if claimed is None:
        return None
    if claimed.attempts > MOST_ATTEMPTS:  # each of them cut off: it may be the message that kills its workers
        _give_up(claimed, f"gave up after {MOST_ATTEMPTS} tries")
        return None
    outcome = prepare_delivery(claimed, now=timezone.now())
    if isinstance(outcome, OutgoingMail | OutgoingSms):
        return _send_in_turn(claimed, outcome)
    if isinstance(outcome, Hold | Digest):
        lease.hold(claimed, until=outcome.until, reason=outcome.reason)
        return outcome.until
    _drop(claimed, outcome)
    return None


def _drop(claimed: lease.Claim, why: CannotGo | Suppressed | Skip) -> None:
    if isinstance(why, Suppressed):
        lease.mark_suppressed(claimed, why.reason)
    elif isinstance(why, Skip):
        lease.mark_skipped(claimed, why.reason)
    else:
        _give_up(claimed, why.reason)


def _send_in_turn(claimed: lease.Claim, message: Message) -> datetime | None:
    wait = take_turn(claimed.channel)
    if wait > LONGEST_WAIT_SECONDS:
        lease.wait_for_turn(claimed, seconds=wait)
        return timezone.now() + timedelta(seconds=wait)
    time.sleep(wait)
    return _send(claimed, message)


def _send(claimed: lease.Claim, message: Message) -> datetime | None:
    try:
        vendor_message_id = send_email(message) if isinstance(message, OutgoingMail) else send_sms(message)
    except AddressRefused as error:
        suppress(channel=claimed.channel, address=message.to, reason=SuppressionReason(error.reason))
        _give_up(claimed, error.detail)
        return None
    except VendorRejected as error:
        _give_up(claimed, error.detail)
        return None
    except VendorUnavailable as error:
        return _try_again(claimed, error)
    lease.mark_sent(claimed, vendor_message_id=vendor_message_id)
    logger.info("notifications.sent", extra=_ids(claimed))
    return None


def _give_up(claimed: lease.Claim, reason: str) -> None:
    lease.mark_dead(claimed, reason)
    logger.error("notifications.dead", extra=_ids(claimed))


def _try_again(claimed: lease.Claim, error: VendorUnavailable) -> datetime | None:
    if claimed.attempts >= MOST_ATTEMPTS:
        _give_up(claimed, error.detail)
        return None
    backoff = retry_delay_seconds(claimed.attempts, jitter=random.random())  # noqa: S311 - spreads retries, no secret
    delay = max(backoff, error.retry_after_seconds or 0)
    lease.put_back(claimed, delay_seconds=delay, reason=error.detail)
    logger.info("notifications.retries", extra={**_ids(claimed), "delay_seconds": round(delay)})
    return timezone.now() + timedelta(seconds=delay)


def _ids(claimed: lease.Claim) -> dict[str, int | str]:
    return {
        "delivery_id": claimed.reference.delivery_id,
        "channel": claimed.channel,
        "attempts": claimed.attempts,
    }
