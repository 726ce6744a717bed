"""Sign in with Clio: choose the region, go there, come back. What comes of it is accounts' to decide."""

import logging
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts import interface as accounts
from apps.clio import errors
from apps.clio.rules.sign_in_cookie import SIGN_IN_COOKIE, SIGN_IN_PATH
from apps.clio.services.complete_sign_in import complete_sign_in
from apps.clio.services.our_applications import list_regions
from apps.clio.services.start_sign_in import SignInStart, start_sign_in
from apps.core.client_address import client_ip
from apps.core.client_place import client_place
from apps.core.errors import DomainError, RateLimited, StepUpNeeded, VendorRejected, VendorUnavailable

logger = logging.getLogger(__name__)
_HALF_WAY_SECONDS = 600
_PURPOSES = {each.value: each for each in accounts.IdentityPurpose}


@dataclass(frozen=True, slots=True)
class _Message:
    status: int
    title: str
    text: str


_BY_ERROR: tuple[tuple[type[DomainError], _Message], ...] = (
    (errors.SignInDeclined, _Message(200, "You did not sign in", "You declined in Clio. Nothing was shared.")),
    (
        accounts.IdentityOfAnotherBrowser,
        _Message(
            400,
            "This was begun in another browser",
            "A sign-in ends in the browser it was begun in. If somebody sent you this link, ignore it.",
        ),
    ),
    (
        accounts.IdentityAttemptInvalid,
        _Message(400, "This took too long", "A way back from Clio works once and for ten minutes. Begin again."),
    ),
    (
        errors.ClioGrantRevoked,
        _Message(400, "This took too long", "Clio no longer takes the answer it gave you. Begin again."),
    ),
    (
        errors.ClioUserDisabled,
        _Message(
            403,
            "Your Clio user is turned off",
            "Ask whoever runs Clio in your firm to turn it on, or sign in with your password.",
        ),
    ),
    (
        errors.RegionNotOffered,
        _Message(400, "This region is not offered", "Sign in with your password, or choose another region."),
    ),
    (
        RateLimited,
        _Message(429, "Too many tries", "Wait a minute before you try again."),
    ),
    (
        VendorUnavailable,
        _Message(503, "Clio is not answering", "Wait a minute and begin again, or sign in with your password."),
    ),
    (
        VendorRejected,
        _Message(502, "Clio did not let us know who you are", "Sign in with your password, or begin again."),
    ),
)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin. A page leads on to Clio instead of a redirect: our forms may lead to our own pages only."""
    regions = list_regions()
    wanted = request.POST.get("region") or (next(iter(regions)) if len(regions) == 1 else "")
    if request.method != "POST" or not wanted:
        return _choose(request, regions)
    try:
        accounts.limit_entries(ip=client_ip(request), email=None, now=timezone.now())
        started = start_sign_in(
            region=wanted,
            purpose=_purpose(request),
            back_to=request.POST.get("next", ""),
            permit=request.session.get(accounts.LINK_PERMIT, ""),
            now=timezone.now(),
        )
    except StepUpNeeded:
        return HttpResponseRedirect("/account/ways-in/new")
    except DomainError as error:
        return _explain(request, error)
    return _lead_on(request, started)


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Take the browser back. The address holds a code: it is passed on to nobody."""
    try:
        accounts.limit_entries(ip=client_ip(request), email=None, now=timezone.now())
        handed = complete_sign_in(
            state=request.GET.get("state", "")[:200],
            browser_key=request.COOKIES.get(SIGN_IN_COOKIE, "")[:200],
            code=request.GET.get("code", "")[:2000],
            error=request.GET.get("error", "")[:200],
            origin=_origin_of(request),
            now=timezone.now(),
        )
    except DomainError as error:
        return _explain(request, error)
    # Under a new key: whoever planted the old one in this browser does not come along.
    request.session.cycle_key()
    request.session[accounts.PROVED_IDENTITY] = handed.sealed
    if "sid" not in request.session:
        request.session.set_expiry(_HALF_WAY_SECONDS)
    response = HttpResponseRedirect(handed.path)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.delete_cookie(SIGN_IN_COOKIE, path=SIGN_IN_PATH, samesite="Lax")
    return response


def _purpose(request: HttpRequest) -> accounts.IdentityPurpose:
    return _PURPOSES.get(request.POST.get("purpose", ""), accounts.IdentityPurpose.SIGN_IN)


def _choose(request: HttpRequest, regions: dict[str, str]) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "title": "Sign in with Clio",
        "regions": regions,
        "purpose": given.get("purpose", ""),
        "next": given.get("next", ""),
    }
    return _page(request, "region", context, status=200 if regions else 404)


def _lead_on(request: HttpRequest, started: SignInStart) -> HttpResponse:
    context = {"title": "On to Clio", "address": started.authorize_url}
    response = _page(request, "lead_on", context)
    response.set_cookie(
        SIGN_IN_COOKIE,
        started.browser_key,
        expires=started.expires_at,
        path=SIGN_IN_PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _explain(request: HttpRequest, error: DomainError) -> HttpResponse:
    message = next((message for kind, message in _BY_ERROR if isinstance(error, kind)), None)
    if message is None:
        raise error
    logger.info("clio.sign_in_refused", extra={"code": error.code})
    context = {"title": message.title, "text": message.text}
    response = _page(request, "message", context, status=message.status)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    nonce = get_random_string(24)
    response = render(request, f"clio/sign_in/{template}.html", {**context, "nonce": nonce}, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return response


def _origin_of(request: HttpRequest) -> accounts.Origin:
    agent = request.headers.get("User-Agent", "")[:500].replace("\x00", "")
    return accounts.Origin(ip=client_ip(request), user_agent=agent, place=client_place(request))
