"""Base views: what a firm-scoped address does before and around every handler."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import audit
from apps.core.client_address import client_ip
from apps.core.errors import NotFound
from apps.core.permissions import FirmAccess, Principal, caller
from apps.core.rate_limits import charge
from apps.core.scope import Role
from apps.core.tenancy import tenant

FirmAccessLookup = Callable[..., FirmAccess | None]


class FirmView(APIView):
    """A view below `/firms/{firm_id}/`.

    Before the handler the caller's place in the firm is found; a stranger gets 404, as if the firm did not exist.
    GET handlers run inside one read-only tenant transaction; everything else leaves that to the service it calls.
    """

    access: FirmAccess

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take GET only where the view says what is read."""
        super().__init_subclass__(**kwargs)
        if cls.get is FirmView.get and not hasattr(cls, "read"):
            cls.http_method_names = [name for name in cls.http_method_names if name not in ("get", "head")]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, find the caller's place in the firm, then check the permission table."""
        self.perform_authentication(request)
        try:
            who = caller(request)
            self.access = find_firm_access(who, kwargs["firm_id"])
            request.user = replace(who, firm=self.access)  # type: ignore[assignment]  # the stubs know only Django's
        finally:
            charge(request)  # strangers and the nameless are counted too; being over the limit is said first
        super().initial(request, *args, **kwargs)

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Run `read` inside the firm's read-only transaction."""
        with tenant(self.access.firm_id, read_only=True):
            view: Any = self  # `read` is the subclass's
            answer: Response = view.read(request, **kwargs)
        if self.access.role is Role.CONSULTANT:
            note_consultants_read(request._request, self.access, user_id=caller(request).user_id)
        return answer


def find_firm_access(who: Principal, firm_public_id: UUID) -> FirmAccess:
    """Return the caller's place in the firm. Raises NotFound for strangers and unknown firms alike.

    Accounts supplies the look-up through the setting FIRM_ACCESS_LOOKUP; core only knows where to ask. An API key
    brought its place along, and knows no other firm.
    """
    if who.api_key_id is not None:
        if who.firm is None or who.firm.firm_public_id != firm_public_id:
            raise NotFound
        return who.firm
    lookup: FirmAccessLookup = import_string(settings.FIRM_ACCESS_LOOKUP)
    access = lookup(user_id=who.user_id, firm_public_id=firm_public_id)
    if access is None:
        raise NotFound
    return access


def note_consultants_read(request: HttpRequest, access: FirmAccess, *, user_id: int) -> None:
    """Write into the firm's trail that an outside adviser read something, once it was read."""
    match = request.resolver_match
    with tenant(access.firm_id):
        audit.record(
            "core.consultant_read",
            firm_id=access.firm_id,
            user_id=user_id,
            target=str(match.url_name if match else ""),
            ip=client_ip(request),
        )
