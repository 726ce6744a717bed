"""The firm's connection to Clio on a page: whose account, since when, and how fresh the numbers are."""

from django.http import HttpRequest, HttpResponse

from apps.clio.queries.connections import find_connection
from apps.clio.queries.syncs import find_sync_state
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.tenancy import tenant


@firm_page
def connection_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show what the API shows of the connection and of the sync."""
    with tenant(visit.firm_id, read_only=True):
        context = {
            "connection": find_connection(firm_id=visit.firm_id),
            "sync": find_sync_state(firm_id=visit.firm_id),
        }
    return answer_in_frame(request, visit, "clio/connection.html", context)
