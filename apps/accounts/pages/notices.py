"""What a page says once after something was done: a word in the address, so that loading it again does nothing."""

from django.http import HttpRequest

NOTICES = {
    "invited": "The invitation is on its way. It works once, for seven days.",
    "sent-again": "A new link is on its way; the former one ended.",
    "taken-back": "The invitation was taken back. Its link ended.",
    "own-work-set": "Set. It holds from everybody's next request on, and stands in the firm's trail.",
    "changed": "Changed. It holds from their next request on, and they were told.",
    "paused": "Their access is paused, and they were told.",
    "restored": "Their access is back, and they were told.",
    "removed": "They no longer belong to the firm, and they were told.",
    "key-revoked": "The key was revoked. Its next request is refused.",
    "copy-begun": "The copy is being made. An email tells you when it is ready.",
    "erasure-requested": "The firm will be erased on the day below. Every owner and admin was told.",
    "erasure-stopped": "The firm will not be erased. Every owner and admin was told.",
    "ownership-offered": "The offer is on its way. You stay the owner until it is accepted.",
    "ownership-revoked": "The offer was taken back.",
    "ownership-declined": "You declined, and the owner was told. Nothing changed.",
    "ownership-accepted": "You are the owner of this firm now. Owners and admins were told.",
    "agreed": "Thank you. What you agreed to is in the firm's trail.",
}


def with_notice(address: str, notice: str) -> str:
    """Return the address of a firm's page that says the notice."""
    return f"{address}&done={notice}"


def notice_of(request: HttpRequest) -> str:
    """Return the sentence an address asks for, or nothing."""
    return NOTICES.get(request.GET.get("done", ""), "")
