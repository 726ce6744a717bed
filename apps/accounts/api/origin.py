"""Where an API call came from, in the words of a person's own list of sessions."""

from rest_framework.request import Request

from apps.accounts.contracts import Origin
from apps.core.client_address import client_ip
from apps.core.client_place import client_place


def origin_of(request: Request) -> Origin:
    """Return address, browser and, where the edge is believed, the town."""
    plain = request._request
    agent = plain.headers.get("User-Agent", "")[:500].replace("\x00", "")
    return Origin(ip=client_ip(plain), user_agent=agent, place=client_place(plain))
