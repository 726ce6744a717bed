"""Where a visitor of our pages is, in the words of a person's own list of sessions."""

from django.http import HttpRequest

from apps.accounts.contracts import Origin
from apps.core.client_address import client_ip
from apps.core.client_place import client_place


def origin_of(request: HttpRequest) -> Origin:
    """Return address, browser and, where the edge is believed, the town."""
    agent = request.headers.get("User-Agent", "")[:500].replace("\x00", "")
    return Origin(ip=client_ip(request), user_agent=agent, place=client_place(request))
