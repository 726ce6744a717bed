"""Look for an address without writing it into an address: it is posted, and its digest goes on."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect

from apps.notifications.queries.suppressions import digest_of_any


def find_by_address(request: HttpRequest) -> HttpResponseRedirect:
    """Return the way to the same list, narrowed to the address that was posted: logs and histories see its digest."""
    address = request.POST["address"].strip()
    query = urlencode({"who": digest_of_any(address)}) if address else ""
    return HttpResponseRedirect(f"{request.path}?{query}")
