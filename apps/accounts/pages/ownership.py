"""The ownership of a firm on a page: an owner offers it or takes the offer back, the other accepts or declines."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apps.accounts.errors import MemberNotFound, NoOwnershipOffer
from apps.accounts.pages.answer import sentence_of
from apps.accounts.pages.notices import notice_of, with_notice
from apps.accounts.queries.ownership import get_offer, list_possible_takers
from apps.accounts.services.answer_ownership_offer import accept_ownership, decline_ownership
from apps.accounts.services.offer_ownership import STANDS_FOR, offer_ownership, revoke_ownership_offer
from apps.core.errors import DomainError, NotAllowed
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.problems import status_of
from apps.core.scope import Role
from apps.core.tenancy import tenant


@firm_page
def ownership_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show the offer that stands and what the visitor may do about it."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            done = _run(request, visit)
            return HttpResponseRedirect(with_notice(visit.address("ownership-page"), done))
        except DomainError as error:
            problem, status = sentence_of(error), status_of(error)
    is_owner = visit.access.role is Role.OWNER
    with tenant(visit.firm_id, read_only=True):
        try:
            offer = get_offer(access=visit.access, now=timezone.now())
        except NoOwnershipOffer:
            offer = None
        context = {
            "offer": offer,
            "is_mine": offer is not None and offer.taker_id == visit.access.membership_id,
            "is_owner": is_owner,
            "takers": list_possible_takers(access=visit.access) if is_owner and offer is None else [],
            "days": STANDS_FOR.days,
            "problem": problem,
            "notice": notice_of(request),
        }
    return answer_in_frame(request, visit, "accounts/pages/ownership.html", context, status=status)


def _run(request: HttpRequest, visit: FirmVisit) -> str:
    """Do what a button asks for; return which notice says so."""
    now, mine = timezone.now(), visit.access.membership_id
    match request.POST.get("act"):
        case "accept":
            accept_ownership(firm_id=visit.firm_id, membership_id=mine, now=now)
            return "ownership-accepted"
        case "decline":
            decline_ownership(firm_id=visit.firm_id, membership_id=mine, now=now)
            return "ownership-declined"
    if visit.access.role is not Role.OWNER:
        raise NotAllowed("Only an owner of the firm may offer it.")
    if request.POST.get("act") == "revoke":
        revoke_ownership_offer(firm_id=visit.firm_id, actor_id=visit.user_id, now=now)
        return "ownership-revoked"
    number = request.POST.get("to", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise MemberNotFound("Choose to whom the firm is offered.")
    offer_ownership(
        firm_id=visit.firm_id, membership_id=mine, to_membership_id=int(number), actor_id=visit.user_id, now=now
    )
    return "ownership-offered"
