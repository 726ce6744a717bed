"""The page behind the footer of every mail that may be refused, and the one click of RFC 8058."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from apps.notifications.errors import UnsubscribeLinkInvalid
from apps.notifications.pages.answer import answer_page
from apps.notifications.queries.unsubscribe import Refusal, choices_token, find_refusal, read_token
from apps.notifications.services.unsubscribe import resubscribe, unsubscribe

_TEMPLATE = "notifications/pages/unsubscribe.html"


# The signed link is the authority, and mailbox providers post without a cookie: there is nothing to forge.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what a click would do and does nothing: scanners of mails follow links. POST does it, also twice."""
    try:
        if request.method == "POST":
            return _page(request, token, unsubscribe(token=token, now=timezone.now()), has_acted=True)
        return _page(request, token, find_refusal(read_token(token)))
    except UnsubscribeLinkInvalid:
        return _no_such_link(request)


@csrf_exempt
@never_cache
@require_POST
def resubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Take it back."""
    try:
        return _page(request, token, resubscribe(token=token, now=timezone.now()), has_acted=True)
    except UnsubscribeLinkInvalid:
        return _no_such_link(request)


def _page(request: HttpRequest, token: str, refusal: Refusal, *, has_acted: bool = False) -> HttpResponse:
    context = {
        "refusal": refusal,
        "token": token,
        "has_acted": has_acted,
        "choices_token": choices_token(refusal.subject),
    }
    return answer_page(request, _TEMPLATE, context)


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return answer_page(request, "notifications/pages/no_such_link.html", {}, status=404)
