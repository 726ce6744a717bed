"""A firm's audit trail on a page, newest first."""

from django.http import HttpRequest, HttpResponse

from apps.accounts.queries.audit_trail import TrailFilter, batch_before
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.tenancy import tenant

_SHOWN = 50


@firm_page
def trail_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show fifty entries, and a way to older ones."""
    number = request.GET.get("before", "")
    before = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    with tenant(visit.firm_id, read_only=True):
        found = batch_before(scope=visit.access.scope, wanted=TrailFilter(), before_id=before)
    entries = found[:_SHOWN]
    context = {
        "entries": entries,
        "older": f"{visit.address('trail-page')}&before={entries[-1].pk}" if len(found) > _SHOWN else "",
        "is_later_page": before is not None,
    }
    return answer_in_frame(request, visit, "accounts/pages/trail.html", context)
