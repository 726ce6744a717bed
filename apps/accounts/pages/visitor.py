"""Who looks at our pages: a cookie names a session of the same kind the API's tokens name, so both end together."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from apps.accounts.contracts import SignedIn
from apps.accounts.queries.people import get_user
from apps.accounts.queries.sessions import find_open_session
from apps.core.permissions import Principal

SESSION_KEY = "sid"
_LASTS_SECONDS = 12 * 3600
_BACKEND = "django.contrib.auth.backends.ModelBackend"
HOME = "/account/sessions"


def enter(request: HttpRequest, signed_in: SignedIn) -> None:
    """Give the browser a new cookie for the session just opened; whatever cookie it came with is worth nothing."""
    request.session.flush()
    login(request, get_user(user_id=signed_in.user_id), backend=_BACKEND)
    request.session[SESSION_KEY] = signed_in.pair.session_id
    request.session.set_expiry(_LASTS_SECONDS)


def leave(request: HttpRequest) -> None:
    """Take the cookie's meaning away."""
    logout(request)


def find_visitor(request: HttpRequest) -> Principal | None:
    """Return who is looking, or None when nobody is signed in or the session was ended elsewhere."""
    session_id, user_id = request.session.get(SESSION_KEY), request.session.get("_auth_user_id")
    if not isinstance(session_id, int) or user_id is None:
        return None
    standing = find_open_session(user_id=int(user_id), session_id=session_id, now=timezone.now())
    if standing is None:
        return None
    return Principal(int(user_id), session_id, is_two_factor=standing.is_two_factor, factor_at=standing.factor_at)


def signed_in_page(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call the page with the visitor as second argument; send everybody else to sign in and then back here."""

    @wraps(page)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        visitor = find_visitor(request)
        if visitor is None:
            return HttpResponseRedirect(way_through("sign-in", request.get_full_path()))
        return page(request, visitor, **kwargs)

    return never_cache(answer)


def way_through(route: str, back_to: str) -> str:
    """Return the address of a page that leads on to another one of ours."""
    return f"{reverse(route)}?{urlencode({'next': back_to})}"


def next_address(request: HttpRequest) -> str:
    """Return where a page leads on to: only ever to our own host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else HOME
