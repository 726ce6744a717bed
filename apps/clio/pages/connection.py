"""The firm's connection to Clio on a page: whose account, how fresh the numbers are, and connecting it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apps.clio.queries.connections import find_connection
from apps.clio.queries.syncs import find_sync_state
from apps.clio.rules.browser_cookie import browser_cookie
from apps.clio.rules.region_names import region_name
from apps.clio.services.describe_health import describe_health
from apps.clio.services.disconnect import disconnect
from apps.clio.services.our_applications import list_regions
from apps.clio.services.request_sync import request_sync
from apps.clio.services.start_connection import start_connection
from apps.core.access import ADMINISTRATORS
from apps.core.errors import DomainError
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.problems import status_of
from apps.core.tenancy import tenant

_DONE = {
    "sync": "The sync has been asked for. What changed in Clio is here in a few minutes.",
    "disconnect": "The firm is disconnected and our access given back. What was read from Clio stays here.",
}


@firm_page
def connection_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show what the API shows of the connection and its health; administrators connect, sync and disconnect."""
    if request.method != "POST":
        return _show(request, visit)
    act = request.POST.get("act", "")
    try:
        if act == "connect":
            return _lead_on(request, visit)
        if act not in _DONE:
            return _show(request, visit, status=400)
        _do(act, visit)
    except DomainError as error:
        return _show(request, visit, problem=_words(error), status=status_of(error))
    return HttpResponseRedirect(f"{visit.address('clio-page')}&done={act}")


def _do(act: str, visit: FirmVisit) -> None:
    if act == "sync":
        request_sync(firm_id=visit.firm_id, actor_id=visit.user_id)
    else:
        disconnect(firm_id=visit.firm_id, actor_id=visit.user_id, now=timezone.now())


def _lead_on(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Begin to connect. A page leads on to Clio instead of a redirect: our forms may lead to our own pages only."""
    region = request.POST.get("region", "")[:10]
    started = start_connection(firm_id=visit.firm_id, actor_id=visit.user_id, region=region, now=timezone.now())
    context = {"address": started.authorize_url}
    response = answer_in_frame(request, visit, "clio/connection_lead_on.html", context)
    cookie = browser_cookie(key=started.browser_key, expires_at=started.expires_at, is_secure=request.is_secure())
    response.set_cookie(**cookie)
    return response


def _show(request: HttpRequest, visit: FirmVisit, *, problem: str = "", status: int = 200) -> HttpResponse:
    is_admin = visit.access.role in ADMINISTRATORS
    with tenant(visit.firm_id, read_only=True):
        connected = find_connection(firm_id=visit.firm_id)
        context: dict[str, Any] = {
            "connection": connected,
            "sync": find_sync_state(firm_id=visit.firm_id),
        }
    # Another account than the one the figures come from is refused, and each is in one region.
    offered = list_regions()
    regions = {connected.region: region_name(connected.region)} if connected else offered
    context |= {
        "health": describe_health(firm_id=visit.firm_id, now=timezone.now()),
        "is_admin": is_admin,
        "regions": {region: name for region, name in regions.items() if region in offered},
        "region": region_name(connected.region) if connected else "",
        "notice": _DONE.get(request.GET.get("done", ""), ""),
        "problem": problem,
    }
    return answer_in_frame(request, visit, "clio/connection.html", context, status=status)


def _words(error: DomainError) -> str:
    return error.title if error.detail in ("", error.title) else f"{error.title}. {error.detail}"
