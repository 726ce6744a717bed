"""May an address be written to?"""

from apps.core.encryption import keyed_digest
from apps.core.tenancy import knowing_address
from apps.notifications.contracts import Channel, SuppressionReason
from apps.notifications.models import Suppression


def digest_of(channel: Channel, address: str) -> str:
    """Return the digest under which an address of a channel is known: case and surrounding space make no other one."""
    return keyed_digest(f"{channel.value}:{address.strip().lower()}")


def digest_of_any(address: str) -> str:
    """Return the digest of an address whose channel nobody named: it is a mail address if it has an at sign."""
    return digest_of(Channel.EMAIL if "@" in address else Channel.SMS, address)


def list_reasons(channel: Channel, address: str) -> set[SuppressionReason]:
    """Return why an address must not be written to on a channel; empty when it may."""
    digest = digest_of(channel, address)
    with knowing_address(digest):
        rows = Suppression.objects.filter(channel=channel, address_digest=digest, released_at=None)
        return {SuppressionReason(reason) for reason in rows.values_list("reason", flat=True)}
