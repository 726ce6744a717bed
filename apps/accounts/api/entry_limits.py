"""The stricter limits, in front of every public post: signing in, registering, links and invitations."""

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.accounts.services.limit_entries import give_back_entry, limit_entries
from apps.core.client_address import client_ip
from apps.core.permissions import PUBLIC, table

if TYPE_CHECKING:  # DRF's views load this class
    from rest_framework.views import APIView

# A refresh token is signed: there is nothing to guess, and a whole office refreshes from one address.
_UNGUESSABLE = ("auth-refresh",)
_LONGEST_ADDRESS = 254
_COUNTED = "ENTRY_COUNTED"


class WithinEntryLimit(BasePermission):
    """Counts posts to public routes before the view looks at them."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True or raise RateLimited."""
        match = request.resolver_match
        route = match.url_name if match and match.url_name else ""
        if request.method == "POST" and table.find_rule(route, "POST") == PUBLIC and route not in _UNGUESSABLE:
            ip = client_ip(request._request)
            request._request.META[_COUNTED] = limit_entries(ip=ip, email=_address(request), now=timezone.now())
        return True


def forget_entry(request: Request) -> None:
    """Take the request off its address's count: it came with the right password."""
    give_back_entry(request._request.META.get(_COUNTED))


def _address(request: Request) -> str | None:
    email = request.data.get("email") if isinstance(request.data, dict) else None
    return email[:_LONGEST_ADDRESS] if isinstance(email, str) else None
