"""From which town did a request come? Only where the edge says so, and only if the edge is believed."""

from urllib.parse import unquote

from django.http import HttpRequest

from apps.core.client_address import client_ip

# Cloudflare adds them where its transform "visitor location headers" is on.
_HEADERS = ("CF-IPCity", "CF-Region", "CF-IPCountry")
_LONGEST = 40


def client_place(request: HttpRequest) -> str:
    """Return `Portland, Oregon, US`, or nothing when nobody believed stood between the client and us."""
    if client_ip(request) == request.META.get("REMOTE_ADDR"):
        return ""
    words = (unquote(request.headers.get(name, ""))[:_LONGEST].strip() for name in _HEADERS)
    return ", ".join(word for word in words if _is_name(word))


def _is_name(word: str) -> bool:
    return word.replace(" ", "").replace("-", "").replace(".", "").replace("'", "").isalpha()
