"""The comparisons of a firm's mirror with Clio on a page: when, and what did not tie."""

from django.http import HttpRequest, HttpResponse

from apps.clio.queries.drift import find_next_comparison, list_comparisons
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.tenancy import tenant


@firm_page
def comparisons_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """List what the API lists."""
    with tenant(visit.firm_id, read_only=True):
        context = {
            "comparisons": list_comparisons(firm_id=visit.firm_id),
            "next_at": find_next_comparison(firm_id=visit.firm_id),
        }
    return answer_in_frame(request, visit, "clio/comparisons.html", context)
