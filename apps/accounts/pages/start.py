"""Where a person starts: their firms. Pages of a firm send people here to say which one they mean."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.pages.answer import answer_page
from apps.accounts.pages.visitor import next_address, signed_in_page
from apps.accounts.queries.firms import list_memberships
from apps.accounts.rules.places import describe_place
from apps.core.firm_pages import firm_address
from apps.core.permissions import Principal


@signed_in_page
@require_GET
def start_page(request: HttpRequest, visitor: Principal) -> HttpResponse:
    """List the person's firms; with `next`, lead on to that page of the firm they choose, or of their only one."""
    wanted = next_address(request).partition("?")[0] if request.GET.get("next") else ""
    memberships = list_memberships(user_id=visitor.user_id)
    if wanted and len(memberships) == 1:
        return HttpResponseRedirect(firm_address(wanted, memberships[0].firm.public_id))
    firms = [
        {
            "name": each.firm.name,
            "place": describe_place(each.place),
            "address": firm_address(wanted or reverse("overview-page"), each.firm.public_id),
        }
        for each in memberships
    ]
    return answer_page(request, "start", {"firms": firms, "is_choice": bool(wanted)})
