"""Where a request came from, in the words of a person's own list of sessions."""

from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from apps.accounts.contracts import Origin
from apps.core.client_address import client_ip

# Cloudflare adds them where its transform "visitor location headers" is on.
_PLACE_HEADERS = ("CF-IPCity", "CF-Region", "CF-IPCountry")
_LONGEST = 40


def origin_of(request: HttpRequest | Request) -> Origin:
    """Return address, browser and, where the edge is believed, the town."""
    plain = request._request if isinstance(request, Request) else request
    return Origin(
        ip=client_ip(plain),
        user_agent=plain.headers.get("User-Agent", "")[:500].replace("\x00", ""),
        place=_place(plain) if settings.TRUSTED_PROXY_CIDRS else "",
    )


def _place(request: HttpRequest) -> str:
    if client_ip(request) == request.META.get("REMOTE_ADDR"):  # nobody believed stood in between
        return ""
    words = (unquote(request.headers.get(name, ""))[:_LONGEST].strip() for name in _PLACE_HEADERS)
    return ", ".join(word for word in words if word.replace(" ", "").replace("-", "").replace(".", "").isalpha())
