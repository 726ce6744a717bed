"""The page on which a person lands when they come back from Clio."""

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.clio import errors
from apps.clio.rules.browser_cookie import BROWSER_COOKIE
from apps.clio.services.complete_connection import complete_connection
from apps.core.errors import DomainError, VendorRejected, VendorUnavailable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Message:
    """What the page says: one fact, and what to do now."""

    status: int
    is_good: bool
    title: str
    text: str
    advice: str


_DECLINED = _Message(
    200,
    False,
    "Clio was not connected",
    "You chose not to allow the connection. Nothing was shared and nothing has changed.",
    "You can close this window, or start again whenever you like.",
)
_TAKEN = _Message(
    409,
    False,
    "This Clio account belongs to another firm here",
    "One Clio account feeds the figures of exactly one firm, so it cannot be connected a second time.",
    "If you expected to use it here, ask the administrator of the other firm to release it, or write to support.",
)
_DIFFERS = _Message(
    409,
    False,
    "That was another Clio account",
    "This firm's figures come from a different Clio account. Mixing two accounts would mix two firms' books.",
    "Sign out of Clio, sign in with the account connected before, and start again.",
)
_NOT_ADMINISTRATOR = _Message(
    403,
    False,
    "You may no longer connect this firm",
    "Only an owner or administrator of the firm connects it to Clio, and you are neither anymore. Nothing was stored.",
    "Ask an owner or administrator of the firm to connect it.",
)
_ANOTHER_BROWSER = _Message(
    400,
    False,
    "This was begun in another browser",
    "A connection is completed in the browser it was begun in, by the person who began it. Nothing was shared.",
    "If somebody sent you this link, ignore it. If it was you, open the link where you started, or start again here.",
)
_INVALID = _Message(
    400,
    False,
    "This link no longer works",
    "A way back from Clio works once and for ten minutes.",
    "Check whether Clio is shown as connected; if it is not, start again from the connection page.",
)
_REFUSED = _Message(
    502,
    False,
    "Clio did not confirm the connection",
    "Clio refused to complete it. Nothing was stored.",
    "Start again. If it happens a second time, write to support.",
)
_AWAY = _Message(
    503,
    False,
    "Clio is not answering",
    "The connection could not be completed. Nothing was stored.",
    "Wait a minute and start again.",
)
_BY_ERROR: tuple[tuple[type[DomainError], _Message], ...] = (
    (errors.ConnectionDeclined, _DECLINED),
    (errors.NotAdministratorAnymore, _NOT_ADMINISTRATOR),
    (errors.AnotherBrowser, _ANOTHER_BROWSER),
    (errors.ConnectAttemptInvalid, _INVALID),
    (errors.ClioAccountTaken, _TAKEN),
    (errors.ClioAccountDiffers, _DIFFERS),
    (errors.RegionNotOffered, _INVALID),
    (errors.ClioGrantRevoked, _INVALID),
    (errors.ClioBudgetSpent, _AWAY),
    (VendorUnavailable, _AWAY),
    (VendorRejected, _REFUSED),
)


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Complete the connection and say how it ended. The address holds a code: it is passed on to nobody."""
    try:
        identity = complete_connection(
            state=request.GET.get("state", "")[:200],
            browser_key=request.COOKIES.get(BROWSER_COOKIE, "")[:200],
            code=request.GET.get("code", "")[:2000],
            error=request.GET.get("error", "")[:200],
            now=timezone.now(),
        )
    except DomainError as error:
        message = next((message for kind, message in _BY_ERROR if isinstance(error, kind)), None)
        if message is None:
            raise
        logger.info("clio.connection_refused", extra={"code": error.code})
    else:
        message = _Message(
            200,
            True,
            "Clio is connected",
            f"{identity.account_name} was connected by {identity.user_name}. The first sync has started.",
            "It takes a few minutes for most firms. You can close this window.",
        )
    return _page(request, message)


def _page(request: HttpRequest, message: _Message) -> HttpResponse:
    nonce = get_random_string(24)
    response = render(request, "clio/callback.html", {"message": message, "nonce": nonce}, status=message.status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response
