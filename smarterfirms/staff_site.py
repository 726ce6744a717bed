"""The admin's entrance: staff come in by our own sign-in, and only with a second factor proved in that very session."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from apps.accounts.interface import SessionStanding, end_session, find_open_session, get_factor_state


class StaffSite(AdminSite):
    """Django's admin without its own password form."""

    site_header = "Smarter Firms staff"
    site_title = "Smarter Firms staff"

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether a member of staff is here who proved a second factor; a session ended elsewhere is over here."""
        standing = _standing(request)
        if standing is None or not standing.is_two_factor or standing.factor_at is None:
            return False  # a password given again is no second factor, a trusted device none of this session
        return super().has_permission(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to what is missing: the sign-in, or the second factor. Raises PermissionDenied for who is not staff."""
        back = request.GET.get("next") or reverse("admin:index")
        if _standing(request) is None:
            return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': back})}")
        if not super().has_permission(request):
            raise PermissionDenied
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if not get_factor_state(user_id=request.user.pk or 0).has_any:
            return HttpResponseRedirect(reverse("account-second-step"))
        return HttpResponseRedirect(f"{reverse('account-confirm')}?{urlencode({'next': back})}")

    def password_change(  # type: ignore[override]  # Django's own answers with a redirect, too, where it is done
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to our own way: Django's page would end no session and tell nobody."""
        return HttpResponseRedirect(reverse("forgot"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """End the session the cookie names, then the cookie."""
        session_id, user_id = request.session.get("sid"), request.user.pk
        if isinstance(session_id, int) and user_id is not None:
            end_session(user_id=user_id, session_id=session_id, now=timezone.now())
        return super().logout(request, extra_context)


def _standing(request: HttpRequest) -> SessionStanding | None:
    session_id, user_id = request.session.get("sid"), request.user.pk
    if not isinstance(session_id, int) or user_id is None:
        return None
    return find_open_session(user_id=user_id, session_id=session_id, now=timezone.now())
