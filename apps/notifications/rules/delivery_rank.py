"""How far a message got. Vendors tell it in any order and twice, so a later word never takes an earlier one back."""

from apps.notifications.contracts import EventKind

# What proves more wins: a mail that was opened did arrive, whatever a late bounce says.
_RANKS = {"sent": 1, "delivered": 2, "failed": 3, "bounced": 4, "opened": 5, "clicked": 6, "complained": 7}
# Not yet with a vendor as far as we know, or given up: any word of the vendor's is news.
_UNSENT = ("pending", "sending", "held", "dead")
_STATUS_AFTER = {
    EventKind.SENT: "sent",
    EventKind.DELIVERED: "delivered",
    EventKind.OPENED: "opened",
    EventKind.CLICKED: "clicked",
    EventKind.BOUNCED: "bounced",
    EventKind.FAILED: "failed",
    EventKind.COMPLAINED: "complained",
    EventKind.UNSUBSCRIBED: "delivered",
}


def status_after(current: str, event: EventKind) -> str | None:
    """Return the status a delivery gets by an event, or None where the event changes nothing.

    A message that was never sent (suppressed, skipped) has no events; whatever claims so changes nothing.
    """
    status = _STATUS_AFTER.get(event)
    if status is None or (current not in _UNSENT and current not in _RANKS):
        return None
    return status if _RANKS[status] > _RANKS.get(current, 0) else None
